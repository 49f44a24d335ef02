// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @same
// CHECK-SAME:  (%[[A:.*]]: tensor<4x8xf32>, %[[B:.*]]: tensor<4x8xf32>)
// CHECK:       vit.add %[[A]], %[[B]] : tensor<4x8xf32>, tensor<4x8xf32>
func.func @same(%a: tensor<4x8xf32>, %b: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = vit.add %a, %b : tensor<4x8xf32>, tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// A position table over patches.
// CHECK-LABEL: @trailing
// CHECK:       vit.add %{{.*}}, %{{.*}} : tensor<3x4x8xf32>, tensor<4x8xf32>
func.func @trailing(%a: tensor<3x4x8xf32>, %b: tensor<4x8xf32>)
    -> tensor<3x4x8xf32> {
  %y = vit.add %a, %b : tensor<3x4x8xf32>, tensor<4x8xf32>
  return %y : tensor<3x4x8xf32>
}

// Row 0 is printed: without it the op would mean something else.
// CHECK-LABEL: @rows
// CHECK:       vit.add %{{.*}}, %{{.*}} row 1 : tensor<5x8xf32>, tensor<4x8xf32>
// CHECK:       vit.add %{{.*}}, %{{.*}} row 0 : tensor<5x8xf32>, tensor<4x8xf32>
func.func @rows(%a: tensor<5x8xf32>, %b: tensor<4x8xf32>) -> tensor<5x8xf32> {
  %y = vit.add %a, %b row 1 : tensor<5x8xf32>, tensor<4x8xf32>
  %z = vit.add %y, %b row 0 : tensor<5x8xf32>, tensor<4x8xf32>
  return %z : tensor<5x8xf32>
}
