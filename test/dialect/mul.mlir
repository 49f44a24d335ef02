// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @layer_scale
// CHECK-SAME:  (%[[A:.*]]: tensor<4x8xf32>, %[[B:.*]]: tensor<8xf32>)
// CHECK:       vit.mul %[[A]], %[[B]] : tensor<4x8xf32>, tensor<8xf32>
func.func @layer_scale(%a: tensor<4x8xf32>, %b: tensor<8xf32>)
    -> tensor<4x8xf32> {
  %y = vit.mul %a, %b : tensor<4x8xf32>, tensor<8xf32>
  return %y : tensor<4x8xf32>
}
