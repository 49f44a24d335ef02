// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @kinds
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>)
func.func @kinds(%x: tensor<4x8xf32>) -> (tensor<1x8xf32>, tensor<1x8xf32>) {
  // CHECK: vit.pool mean %[[X]] : tensor<4x8xf32> -> tensor<1x8xf32>
  %a = vit.pool mean %x : tensor<4x8xf32> -> tensor<1x8xf32>
  // CHECK: vit.pool max %[[X]] : tensor<4x8xf32> -> tensor<1x8xf32>
  %b = vit.pool max %x : tensor<4x8xf32> -> tensor<1x8xf32>
  return %a, %b : tensor<1x8xf32>, tensor<1x8xf32>
}
