// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @columns
// CHECK-SAME:  (%[[X:.*]]: tensor<5x12xf32>, %[[W:.*]]: tensor<3x4x12xf32>)
func.func @columns(%x: tensor<5x12xf32>, %w: tensor<3x4x12xf32>)
    -> (tensor<5x4xf32>, tensor<3x4x4xf32>) {
  // CHECK: vit.slice_columns %[[X]] from 8 : tensor<5x12xf32> -> tensor<5x4xf32>
  %a = vit.slice_columns %x from 8 : tensor<5x12xf32> -> tensor<5x4xf32>
  // CHECK: vit.slice_columns %[[W]] from 0 : tensor<3x4x12xf32> -> tensor<3x4x4xf32>
  %b = vit.slice_columns %w from 0 : tensor<3x4x12xf32> -> tensor<3x4x4xf32>
  return %a, %b : tensor<5x4xf32>, tensor<3x4x4xf32>
}
