// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @product
func.func @product() -> tensor<6xf32> {
  %a = vit.weight "a" : tensor<6x8xf32>
  %b = vit.weight "b" : tensor<8xf32>
  // CHECK: vit.weight_matvec %{{.*}}, %{{.*}} : tensor<6x8xf32>, tensor<8xf32> -> tensor<6xf32>
  %x = vit.weight_matvec %a, %b
      : tensor<6x8xf32>, tensor<8xf32> -> tensor<6xf32>
  return %x : tensor<6xf32>
}
