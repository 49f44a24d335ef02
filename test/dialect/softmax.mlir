// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @probabilities
// CHECK-SAME:  (%[[X:.*]]: tensor<1x10xf32>)
// CHECK:       vit.softmax %[[X]] : tensor<1x10xf32>
func.func @probabilities(%x: tensor<1x10xf32>) -> tensor<1x10xf32> {
  %y = vit.softmax %x : tensor<1x10xf32>
  return %y : tensor<1x10xf32>
}
