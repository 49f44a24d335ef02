// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @tables
func.func @tables() -> (tensor<12x8xf32>, tensor<14x8xf32>) {
  // CHECK: vit.weight_sincos grid [3, 4] prefix 0 : tensor<12x8xf32>
  %a = vit.weight_sincos grid [3, 4] prefix 0 : tensor<12x8xf32>
  // CHECK: vit.weight_sincos grid [3, 4] prefix 2 : tensor<14x8xf32>
  %b = vit.weight_sincos grid [3, 4] prefix 2 : tensor<14x8xf32>
  return %a, %b : tensor<12x8xf32>, tensor<14x8xf32>
}
