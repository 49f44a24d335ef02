// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @permutes
func.func @permutes() -> (tensor<6x4x5x3xf32>, tensor<8x6xf32>) {
  %a = vit.weight "a" : tensor<6x3x4x5xf32>
  %b = vit.weight "b" : tensor<6x8xf32>
  // CHECK: vit.weight_transpose %{{.*}} [0, 2, 3, 1] : tensor<6x3x4x5xf32> -> tensor<6x4x5x3xf32>
  %x = vit.weight_transpose %a [0, 2, 3, 1]
      : tensor<6x3x4x5xf32> -> tensor<6x4x5x3xf32>
  // CHECK: vit.weight_transpose %{{.*}} [1, 0] : tensor<6x8xf32> -> tensor<8x6xf32>
  %y = vit.weight_transpose %b [1, 0] : tensor<6x8xf32> -> tensor<8x6xf32>
  return %x, %y : tensor<6x4x5x3xf32>, tensor<8x6xf32>
}
