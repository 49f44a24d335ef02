// RUN: test-weights evaluate %s | FileCheck %s
//
// Kernels of patches: the values that timm's resample_patch_embed gives in
// float64.

// CHECK: bicubic_antialias_up: 0.200895116 1.85384011 3.12066436 1.29277623
// CHECK-SAME: 1.09523416 1.43658984
func.func @bicubic_antialias_up() -> tensor<1x1x1x6xf32> {
  %k = vit.weight_constant [1.0, 4.0, 2.0, 2.0] each 1
      : tensor<1x1x1x4xf32>
  %r = vit.weight_resample_kernel %k bicubic_antialias
      : tensor<1x1x1x4xf32> -> tensor<1x1x1x6xf32>
  return %r : tensor<1x1x1x6xf32>
}

// CHECK: bicubic_antialias_down: 4.87361956 4.36954832
func.func @bicubic_antialias_down() -> tensor<1x1x1x2xf32> {
  %k = vit.weight_constant [1.0, 4.0, 2.0, 2.0] each 1
      : tensor<1x1x1x4xf32>
  %r = vit.weight_resample_kernel %k bicubic_antialias
      : tensor<1x1x1x4xf32> -> tensor<1x1x1x2xf32>
  return %r : tensor<1x1x1x2xf32>
}

// CHECK: bilinear_up: 0.00862068962 1.98275864 3.38793111 1.11206901 1.01724136
// CHECK-SAME: 1.49137926
func.func @bilinear_up() -> tensor<1x1x1x6xf32> {
  %k = vit.weight_constant [1.0, 4.0, 2.0, 2.0] each 1
      : tensor<1x1x1x4xf32>
  %r = vit.weight_resample_kernel %k bilinear
      : tensor<1x1x1x4xf32> -> tensor<1x1x1x6xf32>
  return %r : tensor<1x1x1x6xf32>
}

// CHECK: bilinear_down: 5 4
func.func @bilinear_down() -> tensor<1x1x1x2xf32> {
  %k = vit.weight_constant [1.0, 4.0, 2.0, 2.0] each 1
      : tensor<1x1x1x4xf32>
  %r = vit.weight_resample_kernel %k bilinear
      : tensor<1x1x1x4xf32> -> tensor<1x1x1x2xf32>
  return %r : tensor<1x1x1x2xf32>
}

// Higher and narrower; each of the kernels by itself, here the second twice the
// first.
// CHECK: both_sides: 1.33640516 2.32330275 1.58418691 2.07552099 2.07552099
// CHECK-SAME: 1.58418691 2.32330275 1.33640516 2.67281032 4.64660549 3.16837382
// CHECK-SAME: 4.15104198 4.15104198 3.16837382 4.64660549 2.67281032
func.func @both_sides() -> tensor<2x1x4x2xf32> {
  %k = vit.weight_constant
      [1.0, 4.0, 2.0, 2.0, 4.0, 1.0, 2.0, 8.0, 4.0, 4.0, 8.0, 2.0] each 1
      : tensor<2x1x2x3xf32>
  %r = vit.weight_resample_kernel %k bicubic_antialias
      : tensor<2x1x2x3xf32> -> tensor<2x1x4x2xf32>
  return %r : tensor<2x1x4x2xf32>
}

// CHECK: bilinear_antialias: 0.0371148475 0.771475255 1.87301588 1.21265173
func.func @bilinear_antialias() -> tensor<1x1x3x5xf32> {
  %k = vit.weight_constant [1.0, 4.0, 2.0, 2.0, 4.0, 1.0] each 1
      : tensor<1x1x2x3xf32>
  %r = vit.weight_resample_kernel %k bilinear_antialias
      : tensor<1x1x2x3xf32> -> tensor<1x1x3x5xf32>
  return %r : tensor<1x1x3x5xf32>
}

// CHECK: bicubic: 0.102453299 0.9015131 1.7500335 1.25069904
func.func @bicubic() -> tensor<1x1x3x5xf32> {
  %k = vit.weight_constant [1.0, 4.0, 2.0, 2.0, 4.0, 1.0] each 1
      : tensor<1x1x2x3xf32>
  %r = vit.weight_resample_kernel %k bicubic
      : tensor<1x1x2x3xf32> -> tensor<1x1x3x5xf32>
  return %r : tensor<1x1x3x5xf32>
}
