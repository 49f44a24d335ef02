// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @weight_reshape_c1() {
  %a = vit.weight "a" : tensor<6x8xf32>
  // expected-error @+1 {{'vit.weight_reshape' op expects as many elements as the input has, got 'tensor<6x8xf32>' and 'tensor<47xf32>'}}
  %w = vit.weight_reshape %a : tensor<6x8xf32> -> tensor<47xf32>
  return
}

// -----

func.func @weight_reshape_operands(%x: tensor<6xf32>) {
  // expected-error @+1 {{'vit.weight_reshape' op expects operands that weight ops compute}}
  %w = vit.weight_reshape %x : tensor<6xf32> -> tensor<1x6xf32>
  return
}
