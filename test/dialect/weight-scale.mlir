// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @axes
func.func @axes() -> tensor<6x8xf32> {
  %a = vit.weight "a" : tensor<6x8xf32>
  %g = vit.weight "g" : tensor<8xf32>
  %h = vit.weight "h" : tensor<6xf32>
  // CHECK: vit.weight_scale %{{.*}}, %{{.*}} axis 1 : tensor<6x8xf32>, tensor<8xf32>
  %x = vit.weight_scale %a, %g axis 1 : tensor<6x8xf32>, tensor<8xf32>
  // CHECK: vit.weight_scale %{{.*}}, %{{.*}} axis 0 : tensor<6x8xf32>, tensor<6xf32>
  %y = vit.weight_scale %x, %h axis 0 : tensor<6x8xf32>, tensor<6xf32>
  return %y : tensor<6x8xf32>
}
