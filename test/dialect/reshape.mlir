// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @words_to_patches
// CHECK-SAME:  (%[[X:.*]]: tensor<7x4x6xf32>)
// CHECK:       vit.reshape %[[X]] : tensor<7x4x6xf32> -> tensor<7x24xf32>
func.func @words_to_patches(%x: tensor<7x4x6xf32>) -> tensor<7x24xf32> {
  %y = vit.reshape %x : tensor<7x4x6xf32> -> tensor<7x24xf32>
  return %y : tensor<7x24xf32>
}
