// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @ranges
func.func @ranges(%x: memref<?x5x8xf32>) {
  // CHECK: %[[R:.*]] = vit.row_range %{{.*}} from 1 : memref<?x5x8xf32> -> memref<?x4x8xf32, strided<[40, 8, 1]>>
  %0 = vit.row_range %x from 1
      : memref<?x5x8xf32> -> memref<?x4x8xf32, strided<[40, 8, 1]>>
  // CHECK: vit.row_range %[[R]] from 0 : memref<?x4x8xf32, strided<[40, 8, 1]>> -> memref<?x1x8xf32, strided<[40, 8, 1]>>
  %1 = vit.row_range %0 from 0
      : memref<?x4x8xf32, strided<[40, 8, 1]>>
      -> memref<?x1x8xf32, strided<[40, 8, 1]>>
  return
}
