// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @weight_repeat_c1() {
  %a = vit.weight "a" : tensor<2x8xf32>
  // expected-error @+1 {{'vit.weight_repeat' op expects an input of length 1 along axis 0 and like the result elsewhere, got 'tensor<2x8xf32>' and 'tensor<4x8xf32>'}}
  %w = vit.weight_repeat %a axis 0 : tensor<2x8xf32> -> tensor<4x8xf32>
  return
}

// -----

func.func @weight_repeat_c1() {
  %a = vit.weight "a" : tensor<1x8xf32>
  // expected-error @+1 {{along axis 0 and like the result elsewhere, got 'tensor<1x8xf32>' and 'tensor<4x9xf32>'}}
  %w = vit.weight_repeat %a axis 0 : tensor<1x8xf32> -> tensor<4x9xf32>
  return
}

// -----

func.func @weight_repeat_c1() {
  %a = vit.weight "a" : tensor<1x8xf32>
  // expected-error @+1 {{along axis -2 and like the result elsewhere}}
  %w = vit.weight_repeat %a axis -2 : tensor<1x8xf32> -> tensor<4x8xf32>
  return
}

// -----

func.func @weight_repeat_operands(%x: tensor<1xf32>) {
  // expected-error @+1 {{'vit.weight_repeat' op expects operands that weight ops compute}}
  %w = vit.weight_repeat %x axis 0 : tensor<1xf32> -> tensor<6xf32>
  return
}
