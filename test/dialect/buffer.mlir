// RUN: vit-opt %s --verify-roundtrip | FileCheck %s
// RUN: vit-opt %s --cse | FileCheck %s --check-prefix=CSE

// CHECK-LABEL: @places
func.func @places() {
  // CHECK: vit.buffer : memref<?x4x8xf32>
  %0 = vit.buffer : memref<?x4x8xf32>
  // CHECK: vit.buffer offset 128 : memref<?x4x8xi8>
  %1 = vit.buffer offset 128 : memref<?x4x8xi8>
  return
}

// Unlike a value, a buffer is a place: two of one type stay two.
// CSE-LABEL: @places_stay_apart
// CSE-COUNT-2: vit.buffer
func.func @places_stay_apart() -> (memref<?x8xf32>, memref<?x8xf32>) {
  %0 = vit.buffer : memref<?x8xf32>
  %1 = vit.buffer : memref<?x8xf32>
  return %0, %1 : memref<?x8xf32>, memref<?x8xf32>
}
