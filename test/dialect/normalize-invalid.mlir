// RUN: vit-opt %s --split-input-file --verify-diagnostics

// Pixels are bytes.
func.func @normalize_c1(%x: tensor<4x6x3xf32>) {
  // expected-error @+1 {{'vit.normalize' op expects i8 [height, width, channels] to f32 [channels, height, width], got 'tensor<4x6x3xf32>' to 'tensor<3x4x6xf32>'}}
  %y = vit.normalize %x mean [0.5, 0.5, 0.5] std [0.5, 0.5, 0.5]
      : tensor<4x6x3xf32> -> tensor<3x4x6xf32>
  return
}

// -----

// Rank 3 is checked before any dimension is read.
func.func @normalize_c1(%x: tensor<4xi8>) {
  // expected-error @+1 {{expects i8 [height, width, channels]}}
  %y = vit.normalize %x mean [0.5] std [0.5] : tensor<4xi8> -> tensor<1x4xf32>
  return
}

// -----

// The result is planar.
func.func @normalize_c1(%x: tensor<4x6x3xi8>) {
  // expected-error @+1 {{got 'tensor<4x6x3xi8>' to 'tensor<4x6x3xf32>'}}
  %y = vit.normalize %x mean [0.5, 0.5, 0.5] std [0.5, 0.5, 0.5]
      : tensor<4x6x3xi8> -> tensor<4x6x3xf32>
  return
}

// -----

func.func @normalize_c2(%x: tensor<4x6x3xi8>) {
  // expected-error @+1 {{op expects mean and std of 3 channels, got 1 and 3}}
  %y = vit.normalize %x mean [0.5] std [0.5, 0.5, 0.5]
      : tensor<4x6x3xi8> -> tensor<3x4x6xf32>
  return
}

// -----

func.func @normalize_c2(%x: tensor<4x6x1xi8>) {
  // expected-error @+1 {{op expects finite means and positive finite deviations, got 5.000000e-01 and 0.000000e+00}}
  %y = vit.normalize %x mean [0.5] std [0.0]
      : tensor<4x6x1xi8> -> tensor<1x4x6xf32>
  return
}

// -----

// An infinite mean.
func.func @normalize_c2(%x: tensor<4x6x1xi8>) {
  // expected-error @+1 {{op expects finite means and positive finite deviations}}
  %y = vit.normalize %x mean [0x7FF0000000000000] std [1.0]
      : tensor<4x6x1xi8> -> tensor<1x4x6xf32>
  return
}
