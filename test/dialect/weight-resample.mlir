// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// Every filter.
// CHECK-LABEL: @filters
func.func @filters() -> tensor<5x7x8xf32> {
  %a = vit.weight "a" : tensor<3x4x8xf32>
  // CHECK: vit.weight_resample %{{.*}} bilinear offset 0.000000e+00 : tensor<3x4x8xf32> -> tensor<4x4x8xf32>
  %b = vit.weight_resample %a bilinear offset 0.0
      : tensor<3x4x8xf32> -> tensor<4x4x8xf32>
  // CHECK: vit.weight_resample %{{.*}} bicubic offset 1.000000e-01 : tensor<4x4x8xf32> -> tensor<5x5x8xf32>
  %c = vit.weight_resample %b bicubic offset 0.1
      : tensor<4x4x8xf32> -> tensor<5x5x8xf32>
  // CHECK: vit.weight_resample %{{.*}} bilinear_antialias offset
  %d = vit.weight_resample %c bilinear_antialias offset 0.0
      : tensor<5x5x8xf32> -> tensor<2x3x8xf32>
  // CHECK: vit.weight_resample %{{.*}} bicubic_antialias offset
  %e = vit.weight_resample %d bicubic_antialias offset -0.5
      : tensor<2x3x8xf32> -> tensor<1x1x8xf32>
  // CHECK: vit.weight_resample %{{.*}} bilinear_corners offset
  %f = vit.weight_resample %e bilinear_corners offset 0.0
      : tensor<1x1x8xf32> -> tensor<5x7x8xf32>
  return %f : tensor<5x7x8xf32>
}
