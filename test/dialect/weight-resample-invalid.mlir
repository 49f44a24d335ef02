// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @weight_resample_c1() {
  %a = vit.weight "a" : tensor<3x4x8xf32>
  // expected-error @+1 {{'vit.weight_resample' op expects [rows, cols, channels] with the same channels, got 'tensor<3x4x8xf32>' and 'tensor<5x7x6xf32>'}}
  %w = vit.weight_resample %a bicubic offset 0.0
      : tensor<3x4x8xf32> -> tensor<5x7x6xf32>
  return
}

// -----

func.func @weight_resample_c1() {
  %a = vit.weight "a" : tensor<12x8xf32>
  // expected-error @+1 {{got 'tensor<12x8xf32>' and 'tensor<5x7x8xf32>'}}
  %w = vit.weight_resample %a bicubic offset 0.0
      : tensor<12x8xf32> -> tensor<5x7x8xf32>
  return
}

// -----

func.func @weight_resample_c2() {
  %a = vit.weight "a" : tensor<3x4x8xf32>
  // expected-error @+1 {{op expects offset to be finite and greater than -1, got -1.000000e+00}}
  %w = vit.weight_resample %a bicubic offset -1.0
      : tensor<3x4x8xf32> -> tensor<5x7x8xf32>
  return
}

// -----

func.func @weight_resample_c2() {
  %a = vit.weight "a" : tensor<3x4x8xf32>
  // expected-error @+1 {{op expects offset to be finite and greater than -1, got INF}}
  %w = vit.weight_resample %a bicubic offset 0x7FF0000000000000
      : tensor<3x4x8xf32> -> tensor<5x7x8xf32>
  return
}

// -----

func.func @weight_resample_filter() {
  %a = vit.weight "a" : tensor<3x4x8xf32>
  // expected-error @+2 {{expected ::vitc::vit::Filter to be one of: bilinear, bicubic, bilinear_antialias, bicubic_antialias, bilinear_corners}}
  // expected-error @+1 {{failed to parse Vit_FilterAttr}}
  %w = vit.weight_resample %a nearest offset 0.0
      : tensor<3x4x8xf32> -> tensor<5x7x8xf32>
  return
}

// -----

func.func @weight_resample_operands(%a: tensor<3x4x8xf32>) {
  // expected-error @+1 {{'vit.weight_resample' op expects operands that weight ops compute}}
  %w = vit.weight_resample %a bicubic offset 0.0
      : tensor<3x4x8xf32> -> tensor<5x7x8xf32>
  return
}
