// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @rows
// CHECK-SAME:  (%[[X:.*]]: tensor<5x8xf32>)
func.func @rows(%x: tensor<5x8xf32>) -> (tensor<1x8xf32>, tensor<2x8xf32>) {
  // CHECK: vit.slice_rows %[[X]] from 0 : tensor<5x8xf32> -> tensor<1x8xf32>
  %a = vit.slice_rows %x from 0 : tensor<5x8xf32> -> tensor<1x8xf32>
  // The last rows.
  // CHECK: vit.slice_rows %[[X]] from 3 : tensor<5x8xf32> -> tensor<2x8xf32>
  %b = vit.slice_rows %x from 3 : tensor<5x8xf32> -> tensor<2x8xf32>
  return %a, %b : tensor<1x8xf32>, tensor<2x8xf32>
}
