// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @weight_sincos_c1() {
  // expected-error @+1 {{'vit.weight_sincos' op expects a grid of two entries from 1 to 65535 and a prefix from 0 to 65535, got [3] and 0}}
  %w = vit.weight_sincos grid [3] prefix 0 : tensor<3x8xf32>
  return
}

// -----

func.func @weight_sincos_c1() {
  // expected-error @+1 {{got [3, 0] and 1}}
  %w = vit.weight_sincos grid [3, 0] prefix 1 : tensor<1x8xf32>
  return
}

// -----

// The product of these sides is 2^64, which wraps to zero.
func.func @weight_sincos_c1() {
  // expected-error @+1 {{got [4294967296, 4294967296] and 1}}
  %w = vit.weight_sincos grid [4294967296, 4294967296] prefix 1
      : tensor<1x8xf32>
  return
}

// -----

func.func @weight_sincos_c1() {
  // expected-error @+1 {{got [3, 4] and -1}}
  %w = vit.weight_sincos grid [3, 4] prefix -1 : tensor<11x8xf32>
  return
}

// -----

func.func @weight_sincos_c2() {
  // expected-error @+1 {{op expects 13 rows of a multiple of 4 channels, got 'tensor<12x8xf32>'}}
  %w = vit.weight_sincos grid [3, 4] prefix 1 : tensor<12x8xf32>
  return
}

// -----

func.func @weight_sincos_c2() {
  // expected-error @+1 {{op expects 12 rows of a multiple of 4 channels, got 'tensor<12x6xf32>'}}
  %w = vit.weight_sincos grid [3, 4] prefix 0 : tensor<12x6xf32>
  return
}

// -----

func.func @weight_sincos_c2() {
  // expected-error @+1 {{got 'tensor<3x4x8xf32>'}}
  %w = vit.weight_sincos grid [3, 4] prefix 0 : tensor<3x4x8xf32>
  return
}
