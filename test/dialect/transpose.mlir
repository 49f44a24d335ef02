// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @rows
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>)
func.func @rows(%x: tensor<4x8xf32>) -> tensor<8x4xf32> {
  // CHECK: vit.transpose %[[X]] : tensor<4x8xf32> -> tensor<8x4xf32>
  %y = vit.transpose %x : tensor<4x8xf32> -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}
