// RUN: test-weights evaluate %s | FileCheck %s
//
// Rows of four: the values that PyTorch's interpolate gives in float64.

// CHECK: bicubic_up: 0.913194418 1.3125 2.30439806 3.38310194 6.1875 8.34722233
func.func @bicubic_up() -> tensor<1x6x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<1x4x1xf32>
  %r = vit.weight_resample %t bicubic offset 0.0
      : tensor<1x4x1xf32> -> tensor<1x6x1xf32>
  return %r : tensor<1x6x1xf32>
}

// CHECK: bicubic_down: 1.3125 6.1875
func.func @bicubic_down() -> tensor<1x2x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<1x4x1xf32>
  %r = vit.weight_resample %t bicubic offset 0.0
      : tensor<1x4x1xf32> -> tensor<1x2x1xf32>
  return %r : tensor<1x2x1xf32>
}

// The source step is 4 / 6.1.
// CHECK: bicubic_offset: 0.911520243 1.30040205 2.26271462 3.27466059
// CHECK-SAME: 5.98287678 8.25517464
func.func @bicubic_offset() -> tensor<1x6x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<1x4x1xf32>
  %r = vit.weight_resample %t bicubic offset 0.1
      : tensor<1x4x1xf32> -> tensor<1x6x1xf32>
  return %r : tensor<1x6x1xf32>
}

// CHECK: bicubic_antialias_up: 0.934210539 1.35294116 2.25231481 3.53935194
// CHECK-SAME: 6.23529434 8.26315784
func.func @bicubic_antialias_up() -> tensor<1x6x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<1x4x1xf32>
  %r = vit.weight_resample %t bicubic_antialias offset 0.0
      : tensor<1x4x1xf32> -> tensor<1x6x1xf32>
  return %r : tensor<1x6x1xf32>
}

// CHECK: bicubic_antialias_down: 1.5578512 5.70661163
func.func @bicubic_antialias_down() -> tensor<1x2x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<1x4x1xf32>
  %r = vit.weight_resample %t bicubic_antialias offset 0.0
      : tensor<1x4x1xf32> -> tensor<1x2x1xf32>
  return %r : tensor<1x2x1xf32>
}

// CHECK: bilinear_up: 1 1.5 2.33333325 3.66666675 6 8
func.func @bilinear_up() -> tensor<1x6x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<1x4x1xf32>
  %r = vit.weight_resample %t bilinear offset 0.0
      : tensor<1x4x1xf32> -> tensor<1x6x1xf32>
  return %r : tensor<1x6x1xf32>
}

// CHECK: bilinear_down: 1.5 6
func.func @bilinear_down() -> tensor<1x2x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<1x4x1xf32>
  %r = vit.weight_resample %t bilinear offset 0.0
      : tensor<1x4x1xf32> -> tensor<1x2x1xf32>
  return %r : tensor<1x2x1xf32>
}

// CHECK: bilinear_antialias_up: 1 1.5 2.33333325 3.66666675 6 8
func.func @bilinear_antialias_up() -> tensor<1x6x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<1x4x1xf32>
  %r = vit.weight_resample %t bilinear_antialias offset 0.0
      : tensor<1x4x1xf32> -> tensor<1x6x1xf32>
  return %r : tensor<1x6x1xf32>
}

// CHECK: bilinear_antialias_down: 1.85714281 5.42857122
func.func @bilinear_antialias_down() -> tensor<1x2x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<1x4x1xf32>
  %r = vit.weight_resample %t bilinear_antialias offset 0.0
      : tensor<1x4x1xf32> -> tensor<1x2x1xf32>
  return %r : tensor<1x2x1xf32>
}

// CHECK: corners_up: 1 1.60000002 2.4000001 3.5999999 5.5999999 8
func.func @corners_up() -> tensor<1x6x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<1x4x1xf32>
  %r = vit.weight_resample %t bilinear_corners offset 0.0
      : tensor<1x4x1xf32> -> tensor<1x6x1xf32>
  return %r : tensor<1x6x1xf32>
}

// CHECK: corners_two: 1 8
func.func @corners_two() -> tensor<1x2x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<1x4x1xf32>
  %r = vit.weight_resample %t bilinear_corners offset 0.0
      : tensor<1x4x1xf32> -> tensor<1x2x1xf32>
  return %r : tensor<1x2x1xf32>
}

// CHECK: corners_one: 1
func.func @corners_one() -> tensor<1x1x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<1x4x1xf32>
  %r = vit.weight_resample %t bilinear_corners offset 0.0
      : tensor<1x4x1xf32> -> tensor<1x1x1xf32>
  return %r : tensor<1x1x1xf32>
}

// Along the rows as along the columns.
// CHECK: rows: 0.913194418 1.3125 2.30439806 3.38310194 6.1875 8.34722233
func.func @rows() -> tensor<6x1x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0] each 1
      : tensor<4x1x1xf32>
  %r = vit.weight_resample %t bicubic offset 0.0
      : tensor<4x1x1xf32> -> tensor<6x1x1xf32>
  return %r : tensor<6x1x1xf32>
}

// CHECK: both: 0.498758703 0.680381 1.07894742 1.80361354 2.23932481 4.1603775
// CHECK-SAME: 5.67537308 9 15.044776 18.679245 7.82199621 10.6703653 16.9210529
// CHECK-SAME: 28.2859383 35.1191673
func.func @both() -> tensor<3x5x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0, 16.0, 32.0] each 1
      : tensor<2x3x1xf32>
  %r = vit.weight_resample %t bicubic_antialias offset 0.0
      : tensor<2x3x1xf32> -> tensor<3x5x1xf32>
  return %r : tensor<3x5x1xf32>
}

// A grid of one position spreads out evenly.
// CHECK: single: 5 5 5 5 5 5
func.func @single() -> tensor<2x3x1xf32> {
  %t = vit.weight_constant [5.0] each 1
      : tensor<1x1x1xf32>
  %r = vit.weight_resample %t bicubic offset 0.0
      : tensor<1x1x1xf32> -> tensor<2x3x1xf32>
  return %r : tensor<2x3x1xf32>
}

// CHECK: same: 1 2 4 8 16 32
func.func @same() -> tensor<2x3x1xf32> {
  %t = vit.weight_constant [1.0, 2.0, 4.0, 8.0, 16.0, 32.0] each 1
      : tensor<2x3x1xf32>
  %r = vit.weight_resample %t bilinear offset 0.0
      : tensor<2x3x1xf32> -> tensor<2x3x1xf32>
  return %r : tensor<2x3x1xf32>
}

// Channels don't mix.
// CHECK: channels: 1 10 1 10 2 20 2 20
func.func @channels() -> tensor<2x2x2xf32> {
  %t = vit.weight_constant [1.0, 10.0, 2.0, 20.0] each 1 : tensor<2x1x2xf32>
  %r = vit.weight_resample %t bilinear offset 0.0
      : tensor<2x1x2xf32> -> tensor<2x2x2xf32>
  return %r : tensor<2x2x2xf32>
}

// An offset that makes the step enormous: the border, or the mean of all.
// CHECK: far_offset: 2
// CHECK: far_offset: 1.5
func.func @far_offset() -> (tensor<1x1x1xf32>, tensor<1x1x1xf32>) {
  %t = vit.weight_constant [1.0, 2.0] each 1 : tensor<2x1x1xf32>
  %r = vit.weight_resample %t bicubic offset -0.9999999999999999
      : tensor<2x1x1xf32> -> tensor<1x1x1xf32>
  %s = vit.weight_resample %t bilinear_antialias offset -0.9999999999999999
      : tensor<2x1x1xf32> -> tensor<1x1x1xf32>
  return %r, %s : tensor<1x1x1xf32>, tensor<1x1x1xf32>
}
