// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @one
func.func @one(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // CHECK: ^bb0(%[[A:.*]]: tensor<4x8xf32>):
  // CHECK:   vit.yield %[[A]] : tensor<4x8xf32>
  %y = vit.kernel rows ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    vit.yield %a : tensor<4x8xf32>
  } -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: @two
func.func @two(%x: tensor<4x8xf32>, %z: tensor<6xf32>)
    -> (tensor<6xf32>, tensor<4x8xf32>) {
  // CHECK: ^bb0(%[[A:.*]]: tensor<4x8xf32>, %[[B:.*]]: tensor<6xf32>):
  // CHECK:   vit.yield %[[B]], %[[A]] : tensor<6xf32>, tensor<4x8xf32>
  %y:2 = vit.kernel rows ins(%x, %z : tensor<4x8xf32>, tensor<6xf32>) {
  ^bb0(%a: tensor<4x8xf32>, %b: tensor<6xf32>):
    vit.yield %b, %a : tensor<6xf32>, tensor<4x8xf32>
  } -> tensor<6xf32>, tensor<4x8xf32>
  return %y#0, %y#1 : tensor<6xf32>, tensor<4x8xf32>
}
