// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @concat_columns_c1() {
  // expected-error @+1 {{'vit.concat_columns' op expects at least one input}}
  %y = "vit.concat_columns"() : () -> tensor<4x8xf32>
  return
}

// -----

func.func @concat_columns_c1(%a: tensor<4x8xf32>, %b: tensor<3x8xf32>) {
  // expected-error @+1 {{op expects inputs that differ from 'tensor<4x16xf32>' in the last dimension at most, got 'tensor<3x8xf32>'}}
  %y = vit.concat_columns %a, %b
      : tensor<4x8xf32>, tensor<3x8xf32> -> tensor<4x16xf32>
  return
}

// -----

func.func @concat_columns_c1(%a: tensor<8xf32>) {
  // expected-error @+1 {{got 'tensor<8xf32>'}}
  %y = vit.concat_columns %a : tensor<8xf32> -> tensor<1x8xf32>
  return
}

// -----

func.func @concat_columns_c2(%a: tensor<4x8xf32>, %b: tensor<4x2xf32>) {
  // expected-error @+1 {{op expects a result of 10 channels, got 9}}
  %y = vit.concat_columns %a, %b
      : tensor<4x8xf32>, tensor<4x2xf32> -> tensor<4x9xf32>
  return
}
