// RUN: vit-opt %s --split-input-file --verify-diagnostics

// An axis twice.
func.func @weight_transpose_c1() {
  %a = vit.weight "a" : tensor<6x6xf32>
  // expected-error @+1 {{'vit.weight_transpose' op expects a permutation of 2 axes, got [0, 0]}}
  %w = vit.weight_transpose %a [0, 0] : tensor<6x6xf32> -> tensor<6x6xf32>
  return
}

// -----

func.func @weight_transpose_c1() {
  %a = vit.weight "a" : tensor<6x6xf32>
  // expected-error @+1 {{op expects a permutation of 2 axes, got [1]}}
  %w = vit.weight_transpose %a [1] : tensor<6x6xf32> -> tensor<6x6xf32>
  return
}

// -----

func.func @weight_transpose_c1() {
  %a = vit.weight "a" : tensor<6x6xf32>
  // expected-error @+1 {{op expects a permutation of 2 axes, got [0, -1]}}
  %w = vit.weight_transpose %a [0, -1] : tensor<6x6xf32> -> tensor<6x6xf32>
  return
}

// -----

func.func @weight_transpose_c2() {
  %a = vit.weight "a" : tensor<6x8xf32>
  // expected-error @+1 {{op expects the permuted shape as the result, got 'tensor<6x8xf32>' to 'tensor<6x8xf32>'}}
  %w = vit.weight_transpose %a [1, 0] : tensor<6x8xf32> -> tensor<6x8xf32>
  return
}

// -----

func.func @weight_transpose_c2() {
  %a = vit.weight "a" : tensor<6x8xf32>
  // expected-error @+1 {{got 'tensor<6x8xf32>' to 'tensor<8xf32>'}}
  %w = vit.weight_transpose %a [1, 0] : tensor<6x8xf32> -> tensor<8xf32>
  return
}

// -----

func.func @weight_transpose_operands(%x: tensor<6xf32>) {
  // expected-error @+1 {{'vit.weight_transpose' op expects operands that weight ops compute}}
  %w = vit.weight_transpose %x [0] : tensor<6xf32> -> tensor<6xf32>
  return
}
