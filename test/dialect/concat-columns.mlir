// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @rows
// CHECK-SAME:  (%[[A:.*]]: tensor<4x8xf32>, %[[B:.*]]: tensor<4x2xf32>)
// CHECK:       vit.concat_columns %[[A]], %[[B]] : tensor<4x8xf32>, tensor<4x2xf32> -> tensor<4x10xf32>
func.func @rows(%a: tensor<4x8xf32>, %b: tensor<4x2xf32>) -> tensor<4x10xf32> {
  %y = vit.concat_columns %a, %b
      : tensor<4x8xf32>, tensor<4x2xf32> -> tensor<4x10xf32>
  return %y : tensor<4x10xf32>
}

// CHECK-LABEL: @nested
// CHECK:       vit.concat_columns
func.func @nested(%a: tensor<4x3x8xf32>) -> tensor<4x3x24xf32> {
  %y = vit.concat_columns %a, %a, %a
      : tensor<4x3x8xf32>, tensor<4x3x8xf32>, tensor<4x3x8xf32>
      -> tensor<4x3x24xf32>
  return %y : tensor<4x3x24xf32>
}
