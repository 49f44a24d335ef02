// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @weight_resample_kernel_c1() {
  %a = vit.weight "a" : tensor<6x3x4x8xf32>
  // expected-error @+1 {{'vit.weight_resample_kernel' op expects [out, in, height, width] with the same outputs and inputs, got 'tensor<6x3x4x8xf32>' and 'tensor<6x4x4x8xf32>'}}
  %b = vit.weight_resample_kernel %a bilinear
      : tensor<6x3x4x8xf32> -> tensor<6x4x4x8xf32>
  return
}

// -----

func.func @weight_resample_kernel_c1() {
  %a = vit.weight "a" : tensor<6x4x8xf32>
  // expected-error @+1 {{got 'tensor<6x4x8xf32>' and 'tensor<6x5x8xf32>'}}
  %b = vit.weight_resample_kernel %a bilinear
      : tensor<6x4x8xf32> -> tensor<6x5x8xf32>
  return
}

// -----

func.func @weight_resample_kernel_c2() {
  %a = vit.weight "a" : tensor<6x3x4x8xf32>
  // expected-error @+1 {{'vit.weight_resample_kernel' op expects sides of at most 4096, got 5000}}
  %b = vit.weight_resample_kernel %a bilinear
      : tensor<6x3x4x8xf32> -> tensor<6x3x5000x8xf32>
  return
}

// -----

func.func @weight_resample_kernel_operands(%a: tensor<6x3x4x8xf32>) {
  // expected-error @+1 {{'vit.weight_resample_kernel' op expects operands that weight ops compute}}
  %b = vit.weight_resample_kernel %a bilinear
      : tensor<6x3x4x8xf32> -> tensor<6x3x5x8xf32>
  return
}
