// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @repeats
func.func @repeats() -> tensor<6x5x8xf32> {
  %a = vit.weight "a" : tensor<6x1x8xf32>
  // CHECK: vit.weight_repeat %{{.*}} axis 1 : tensor<6x1x8xf32> -> tensor<6x5x8xf32>
  %x = vit.weight_repeat %a axis 1 : tensor<6x1x8xf32> -> tensor<6x5x8xf32>
  return %x : tensor<6x5x8xf32>
}
