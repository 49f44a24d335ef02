// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @larger
// CHECK:       vit.weight_resample_kernel %{{.*}} bicubic_antialias : tensor<6x3x4x8xf32> -> tensor<6x3x5x16xf32>
func.func @larger() -> tensor<6x3x5x16xf32> {
  %a = vit.weight "a" : tensor<6x3x4x8xf32>
  %b = vit.weight_resample_kernel %a bicubic_antialias
      : tensor<6x3x4x8xf32> -> tensor<6x3x5x16xf32>
  return %b : tensor<6x3x5x16xf32>
}
