// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @flattens
func.func @flattens() -> tensor<6x60xf32> {
  %a = vit.weight "a" : tensor<6x3x4x5xf32>
  // CHECK: vit.weight_reshape %{{.*}} : tensor<6x3x4x5xf32> -> tensor<6x60xf32>
  %x = vit.weight_reshape %a : tensor<6x3x4x5xf32> -> tensor<6x60xf32>
  return %x : tensor<6x60xf32>
}
