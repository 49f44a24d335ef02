// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @axes
func.func @axes() -> (tensor<2x8xf32>, tensor<6x3xf32>, tensor<2xf32>) {
  %a = vit.weight "a" : tensor<6x8xf32>
  %b = vit.weight "b" : tensor<6xf32>
  // CHECK: vit.weight_slice %{{.*}} axis 0 from 4 : tensor<6x8xf32> -> tensor<2x8xf32>
  %x = vit.weight_slice %a axis 0 from 4 : tensor<6x8xf32> -> tensor<2x8xf32>
  // CHECK: vit.weight_slice %{{.*}} axis 1 from 0 : tensor<6x8xf32> -> tensor<6x3xf32>
  %y = vit.weight_slice %a axis 1 from 0 : tensor<6x8xf32> -> tensor<6x3xf32>
  // CHECK: vit.weight_slice %{{.*}} axis 0 from 2 : tensor<6xf32> -> tensor<2xf32>
  %z = vit.weight_slice %b axis 0 from 2 : tensor<6xf32> -> tensor<2xf32>
  return %x, %y, %z : tensor<2x8xf32>, tensor<6x3xf32>, tensor<2xf32>
}
