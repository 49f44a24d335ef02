// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @affine
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>, %[[G:.*]]: tensor<8xf32>, %[[B:.*]]: tensor<8xf32>)
// CHECK:       vit.layer_norm %[[X]], %[[G]], %[[B]] eps 9.9999999999999995E-7 : tensor<4x8xf32>, tensor<8xf32>, tensor<8xf32>
func.func @affine(%x: tensor<4x8xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>)
    -> tensor<4x8xf32> {
  %y = vit.layer_norm %x, %g, %b eps 1.0e-6
      : tensor<4x8xf32>, tensor<8xf32>, tensor<8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: @plain
// CHECK:       vit.layer_norm %{{[^,]*}} eps 1.000000e-05 : tensor<2x4x8xf32>{{$}}
func.func @plain(%x: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %y = vit.layer_norm %x eps 1.0e-5 : tensor<2x4x8xf32>
  return %y : tensor<2x4x8xf32>
}

// Heads of four channels.
// CHECK-LABEL: @groups
// CHECK:       vit.layer_norm %{{.*}}, %{{.*}}, %{{.*}} groups 2 eps 1.000000e-05 : tensor<4x8xf32>, tensor<4xf32>, tensor<4xf32>
func.func @groups(%x: tensor<4x8xf32>, %g: tensor<4xf32>) -> tensor<4x8xf32> {
  %y = vit.layer_norm %x, %g, %g groups 2 eps 1.0e-5
      : tensor<4x8xf32>, tensor<4xf32>, tensor<4xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: @one_group
// CHECK:       vit.layer_norm %{{[^ ]*}} eps
func.func @one_group(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = vit.layer_norm %x groups 1 eps 1.0e-5 : tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}
