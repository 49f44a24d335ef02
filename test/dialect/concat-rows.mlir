// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @two
// CHECK-SAME:  (%[[A:.*]]: tensor<1x8xf32>, %[[B:.*]]: tensor<4x8xf32>)
// CHECK:       vit.concat_rows %[[A]], %[[B]] : tensor<1x8xf32>, tensor<4x8xf32> -> tensor<5x8xf32>
func.func @two(%a: tensor<1x8xf32>, %b: tensor<4x8xf32>) -> tensor<5x8xf32> {
  %y = vit.concat_rows %a, %b
      : tensor<1x8xf32>, tensor<4x8xf32> -> tensor<5x8xf32>
  return %y : tensor<5x8xf32>
}

// CHECK-LABEL: @one
// CHECK:       vit.concat_rows %{{.*}} : tensor<4x8xf32> -> tensor<4x8xf32>
func.func @one(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = vit.concat_rows %a : tensor<4x8xf32> -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
