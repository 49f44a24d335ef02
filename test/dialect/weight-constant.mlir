// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @cycles
func.func @cycles() -> (tensor<8xf32>, tensor<2x6xf32>) {
  // CHECK: vit.weight_constant [0.000000e+00] each 1 : tensor<8xf32>
  %a = vit.weight_constant [0.0] each 1 : tensor<8xf32>
  // CHECK: vit.weight_constant [2.000000e+00, -2.500000e+00] each 3 : tensor<2x6xf32>
  %b = vit.weight_constant [2.0, -2.5] each 3 : tensor<2x6xf32>
  return %a, %b : tensor<8xf32>, tensor<2x6xf32>
}
