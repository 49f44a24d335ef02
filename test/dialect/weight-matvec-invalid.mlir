// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @weight_matvec_c1() {
  %a = vit.weight "a" : tensor<6x8xf32>
  %b = vit.weight "b" : tensor<6xf32>
  // expected-error @+1 {{'vit.weight_matvec' op expects [out, in] times [in] to [out], got 'tensor<6x8xf32>', 'tensor<6xf32>' and 'tensor<6xf32>'}}
  %w = vit.weight_matvec %a, %b
      : tensor<6x8xf32>, tensor<6xf32> -> tensor<6xf32>
  return
}

// -----

func.func @weight_matvec_c1() {
  %a = vit.weight "a" : tensor<6x8xf32>
  %b = vit.weight "b" : tensor<8xf32>
  // expected-error @+1 {{got 'tensor<6x8xf32>', 'tensor<8xf32>' and 'tensor<8xf32>'}}
  %w = vit.weight_matvec %a, %b
      : tensor<6x8xf32>, tensor<8xf32> -> tensor<8xf32>
  return
}

// -----

func.func @weight_matvec_c1() {
  %a = vit.weight "a" : tensor<8xf32>
  // expected-error @+1 {{got 'tensor<8xf32>', 'tensor<8xf32>' and 'tensor<1xf32>'}}
  %w = vit.weight_matvec %a, %a
      : tensor<8xf32>, tensor<8xf32> -> tensor<1xf32>
  return
}

// -----

func.func @weight_matvec_operands(%b: tensor<8xf32>) {
  %a = vit.weight "a" : tensor<6x8xf32>
  // expected-error @+1 {{'vit.weight_matvec' op expects operands that weight ops compute}}
  %w = vit.weight_matvec %a, %b
      : tensor<6x8xf32>, tensor<8xf32> -> tensor<6xf32>
  return
}
