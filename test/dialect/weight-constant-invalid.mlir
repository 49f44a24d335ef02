// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @weight_constant_c1() {
  // expected-error @+1 {{'vit.weight_constant' op expects one or more finite values}}
  %w = vit.weight_constant [] each 1 : tensor<8xf32>
  return
}

// -----

func.func @weight_constant_c1() {
  // expected-error @+1 {{op expects one or more finite values}}
  %w = vit.weight_constant [1.0, 0x7FF8000000000000] each 1 : tensor<8xf32>
  return
}

// -----

func.func @weight_constant_c1() {
  // expected-error @+1 {{op expects each to be positive, got 0}}
  %w = vit.weight_constant [1.0] each 0 : tensor<8xf32>
  return
}

// -----

func.func @weight_constant_c1() {
  // expected-error @+1 {{op expects each to be positive, got -3}}
  %w = vit.weight_constant [1.0] each -3 : tensor<8xf32>
  return
}
