// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @weight_slice_c1() {
  %a = vit.weight "a" : tensor<6x8xf32>
  // expected-error @+1 {{'vit.weight_slice' op expects input and result to differ along axis 0 only, got 'tensor<6x8xf32>' and 'tensor<2x4xf32>'}}
  %w = vit.weight_slice %a axis 0 from 0 : tensor<6x8xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @weight_slice_c1() {
  %a = vit.weight "a" : tensor<6x8xf32>
  // expected-error @+1 {{along axis 9223372036854775807 only}}
  %w = vit.weight_slice %a axis 9223372036854775807 from 0
      : tensor<6x8xf32> -> tensor<6x8xf32>
  return
}

// -----

func.func @weight_slice_c2() {
  %a = vit.weight "a" : tensor<6x8xf32>
  // expected-error @+1 {{op expects 2 entries from 5 to lie inside 6}}
  %w = vit.weight_slice %a axis 0 from 5 : tensor<6x8xf32> -> tensor<2x8xf32>
  return
}

// -----

func.func @weight_slice_c2() {
  %a = vit.weight "a" : tensor<6x8xf32>
  // expected-error @+1 {{op expects 2 entries from -1 to lie inside 6}}
  %w = vit.weight_slice %a axis 0 from -1 : tensor<6x8xf32> -> tensor<2x8xf32>
  return
}

// -----

func.func @weight_slice_operands(%x: tensor<6xf32>) {
  // expected-error @+1 {{'vit.weight_slice' op expects operands that weight ops compute}}
  %w = vit.weight_slice %x axis 0 from 0 : tensor<6xf32> -> tensor<6xf32>
  return
}
