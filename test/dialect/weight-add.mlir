// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @sum
func.func @sum() -> tensor<6x8xf32> {
  %a = vit.weight "a" : tensor<6x8xf32>
  %b = vit.weight "b" : tensor<6x8xf32>
  // CHECK: vit.weight_add %{{.*}}, %{{.*}} : tensor<6x8xf32>
  %x = vit.weight_add %a, %b : tensor<6x8xf32>
  return %x : tensor<6x8xf32>
}
