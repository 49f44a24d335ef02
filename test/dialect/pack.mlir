// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @layouts
func.func @layouts() {
  %w = vit.weight "w" : tensor<10x8xf32>
  %b = vit.weight "b" : tensor<10xf32>
  // Panels of four outputs, the last of which is half zero.
  // CHECK: vit.pack %{{.*}} : tensor<10x8xf32> -> memref<3x8x4xf32>
  %0 = vit.pack %w : tensor<10x8xf32> -> memref<3x8x4xf32>
  // CHECK: vit.pack %{{.*}} offset 4096 : tensor<10x8xf32> -> memref<5x8x2xf32>
  %1 = vit.pack %w offset 4096 : tensor<10x8xf32> -> memref<5x8x2xf32>
  // A panel that is wider than the matrix.
  // CHECK: vit.pack %{{.*}} : tensor<10x8xf32> -> memref<1x8x16xf32>
  %2 = vit.pack %w : tensor<10x8xf32> -> memref<1x8x16xf32>
  // As it is, and with room behind it.
  // CHECK: vit.pack %{{.*}} : tensor<10x8xf32> -> memref<10x8xf32>
  %3 = vit.pack %w : tensor<10x8xf32> -> memref<10x8xf32>
  // CHECK: vit.pack %{{.*}} offset 0 : tensor<10xf32> -> memref<12xf32>
  %4 = vit.pack %b offset 0 : tensor<10xf32> -> memref<12xf32>
  return
}
