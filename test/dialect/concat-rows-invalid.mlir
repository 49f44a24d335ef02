// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @concat_rows_c1() {
  // expected-error @+1 {{'vit.concat_rows' op expects at least one input}}
  %y = "vit.concat_rows"() : () -> tensor<4x8xf32>
  return
}

// -----

func.func @concat_rows_c1(%a: tensor<1x8xf32>, %b: tensor<4x4xf32>) {
  // expected-error @+1 {{op expects inputs of rank 2 and the channels of 'tensor<5x8xf32>', got 'tensor<4x4xf32>'}}
  %y = vit.concat_rows %a, %b
      : tensor<1x8xf32>, tensor<4x4xf32> -> tensor<5x8xf32>
  return
}

// -----

func.func @concat_rows_c1(%a: tensor<8xf32>) {
  // expected-error @+1 {{op expects inputs of rank 2 and the channels of 'tensor<8xf32>', got 'tensor<8xf32>'}}
  %y = vit.concat_rows %a : tensor<8xf32> -> tensor<8xf32>
  return
}

// -----

func.func @concat_rows_c2(%a: tensor<1x8xf32>, %b: tensor<4x8xf32>) {
  // expected-error @+1 {{op expects a result of 5 rows, got 4}}
  %y = vit.concat_rows %a, %b
      : tensor<1x8xf32>, tensor<4x8xf32> -> tensor<4x8xf32>
  return
}
