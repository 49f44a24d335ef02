// RUN: vit-opt %s --vit-lower-kernels | FileCheck %s

// Only loops and vectors are left. Lanes kernels have a file of their own.
// CHECK-LABEL: func.func private @softmax
// CHECK-SAME:  vit.scratch_bytes
// CHECK:       scf.for
// CHECK-NOT:   vit.
func.func private @softmax(%x: memref<?x32xf32>, %y: memref<?x32xf32>,
    %scratch: memref<?xf32>, %rowBegin: index, %rowEnd: index,
    %columnBegin: index, %columnEnd: index) {
  vit.kernel rows tile <vector = 16, rows = 1, columns = 16, block = 1>
      ins(%x : memref<?x32xf32>) outs(%y : memref<?x32xf32>) {
  ^bb0(%p: tensor<1x32xf32>):
    %s = vit.softmax %p : tensor<1x32xf32>
    vit.yield %s : tensor<1x32xf32>
  }
  return
}

// A function without a kernel is none of ours.
// CHECK-LABEL: func.func @model
// CHECK-NOT:   vit.scratch_bytes
// CHECK:       vit.step
func.func @model(%x: memref<?x32xf32>, %y: memref<?x32xf32>) {
  vit.step @softmax "s" (%x, %y) rows 4 grain 1 columns 1 macs 0
      : memref<?x32xf32>, memref<?x32xf32>
  return
}
