// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @class_token
// CHECK-SAME:  (%[[Q:.*]]: tensor<1x8xf32>, %[[K:.*]]: tensor<5x8xf32>)
// CHECK:       vit.attention_map %[[Q]], %[[K]] heads 2 scale 5.000000e-01 : tensor<1x8xf32>, tensor<5x8xf32> -> tensor<2x1x5xf32>
func.func @class_token(%q: tensor<1x8xf32>, %k: tensor<5x8xf32>)
    -> tensor<2x1x5xf32> {
  %y = vit.attention_map %q, %k heads 2 scale 0.5
      : tensor<1x8xf32>, tensor<5x8xf32> -> tensor<2x1x5xf32>
  return %y : tensor<2x1x5xf32>
}

// CHECK-LABEL: @words
// CHECK:       tensor<7x4x8xf32>, tensor<7x5x8xf32> -> tensor<7x2x4x5xf32>
func.func @words(%q: tensor<7x4x8xf32>, %k: tensor<7x5x8xf32>)
    -> tensor<7x2x4x5xf32> {
  %y = vit.attention_map %q, %k heads 2 scale 0.5
      : tensor<7x4x8xf32>, tensor<7x5x8xf32> -> tensor<7x2x4x5xf32>
  return %y : tensor<7x2x4x5xf32>
}
