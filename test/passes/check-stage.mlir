// RUN: vit-opt %s --vit-check-stage=stage=buffers | FileCheck %s
// RUN: vit-opt %s --vit-check-stage=stage=tiled | FileCheck %s

// A module that keeps every promise is left as it is.
// CHECK-LABEL: func.func private @softmax_4x6
// CHECK:         return
// CHECK-LABEL: func.func @model
// CHECK:         vit.weight "w"
// CHECK:         vit.pack %{{.*}} offset 64
// CHECK:         vit.buffer offset 0
// CHECK:         vit.step @softmax_4x6
func.func private @softmax_4x6(%x: memref<?x6xf32>, %y: memref<?x6xf32>,
    %scratch: memref<?xf32>, %a: index, %b: index, %c: index, %d: index) {
  return
}
func.func @model(%x: memref<?x4x6xf32>, %y: memref<?x4x6xf32>) {
  %w = vit.weight "w" : tensor<16x6xf32>
  %p = vit.pack %w offset 64 : tensor<16x6xf32> -> memref<16x16xf32>
  %b = vit.buffer offset 0 : memref<?x4x6xf32>
  vit.step @softmax_4x6 "s" (%x, %b) rows 4 grain 1 columns 1 macs 0
      : memref<?x4x6xf32>, memref<?x4x6xf32>
  vit.step @softmax_4x6 "t" (%b, %y) rows 4 grain 1 columns 1 macs 0
      : memref<?x4x6xf32>, memref<?x4x6xf32>
  return
}
