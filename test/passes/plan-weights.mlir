// RUN: vit-opt %s --vit-plan-weights | FileCheck %s
// RUN: vit-opt %s --vit-plan-weights -o %t.once
// RUN: vit-opt %s --vit-plan-weights --vit-plan-weights -o %t.twice
// RUN: diff %t.once %t.twice

// In order of use, each on a line of its own: 16 x 6 x 32 numbers are 12288
// bytes, 5 numbers take 64. Two layouts of one tensor have two names.
// CHECK-LABEL: func.func @model
// CHECK-SAME:  vit.weights_bytes = [[#TOTAL:]] : i64
// CHECK-SAME:  vit.weights_data_offset = [[#DATA:]] : i64
// CHECK:       vit.pack %{{.*}} offset [[#DATA]] {vit.name = "head.weight"} : tensor<512x6xf32>
// CHECK:       vit.pack %{{.*}} offset [[#DATA + 12288]] {vit.name = "head.bias"} : tensor<5xf32>
// CHECK:       vit.pack %{{.*}} offset [[#DATA + 12352]] {vit.name = "head.weight.2"} : tensor<512x6xf32>
// CHECK:       vit.pack %{{.*}} offset [[#TOTAL - 64]] {vit.name = "weight"} : tensor<5xf32>
func.func @model(%x: memref<?x2x16xf32>, %y: memref<?x2x16xf32>) {
  %w = vit.weight "w" : tensor<512x6xf32>
  %b = vit.weight "b" : tensor<5xf32>
  %p = vit.pack %w {vit.name = "head.weight"}
      : tensor<512x6xf32> -> memref<16x6x32xf32>
  %q = vit.pack %b {vit.name = "head.bias"} : tensor<5xf32> -> memref<5xf32>
  %r = vit.pack %w {vit.name = "head.weight"}
      : tensor<512x6xf32> -> memref<512x16xf32>
  %s = vit.pack %b : tensor<5xf32> -> memref<16xf32>
  vit.step @f "0" (%x, %y) rows 2 grain 1 columns 1 macs 0
      : memref<?x2x16xf32>, memref<?x2x16xf32>
  return
}

// Kernel functions have no weights of their own.
// CHECK-LABEL: func.func private @f
// CHECK-NOT:   vit.weights_bytes
func.func private @f(memref<?x2x16xf32>, memref<?x2x16xf32>, memref<?xf32>,
                     index, index, index, index)
