// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @axes
func.func @axes() -> (tensor<5x8xf32>, tensor<2x12xf32>, tensor<2x8xf32>) {
  %a = vit.weight "a" : tensor<2x8xf32>
  %b = vit.weight "b" : tensor<3x8xf32>
  %c = vit.weight "c" : tensor<2x4xf32>
  // CHECK: vit.weight_concat %{{.*}}, %{{.*}} axis 0 : tensor<2x8xf32>, tensor<3x8xf32> -> tensor<5x8xf32>
  %x = vit.weight_concat %a, %b axis 0
      : tensor<2x8xf32>, tensor<3x8xf32> -> tensor<5x8xf32>
  // CHECK: vit.weight_concat %{{.*}}, %{{.*}} axis 1 : tensor<2x8xf32>, tensor<2x4xf32> -> tensor<2x12xf32>
  %y = vit.weight_concat %a, %c axis 1
      : tensor<2x8xf32>, tensor<2x4xf32> -> tensor<2x12xf32>
  // CHECK: vit.weight_concat %{{.*}} axis 0 : tensor<2x8xf32> -> tensor<2x8xf32>
  %z = vit.weight_concat %a axis 0 : tensor<2x8xf32> -> tensor<2x8xf32>
  return %x, %y, %z : tensor<5x8xf32>, tensor<2x12xf32>, tensor<2x8xf32>
}
