// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @slice_rows_c1(%x: tensor<5x8xf32>) {
  // expected-error @+1 {{'vit.slice_rows' op expects input and result of rank 2 and the same channels, got 'tensor<5x8xf32>' and 'tensor<1x4xf32>'}}
  %y = vit.slice_rows %x from 0 : tensor<5x8xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @slice_rows_c1(%x: tensor<2x5x8xf32>) {
  // expected-error @+1 {{got 'tensor<2x5x8xf32>' and 'tensor<1x5x8xf32>'}}
  %y = vit.slice_rows %x from 0 : tensor<2x5x8xf32> -> tensor<1x5x8xf32>
  return
}

// -----

func.func @slice_rows_c2(%x: tensor<5x8xf32>) {
  // expected-error @+1 {{op expects 2 rows from row 4 to lie inside 5 rows}}
  %y = vit.slice_rows %x from 4 : tensor<5x8xf32> -> tensor<2x8xf32>
  return
}

// -----

func.func @slice_rows_c2(%x: tensor<5x8xf32>) {
  // expected-error @+1 {{op expects 2 rows from row -1 to lie inside 5 rows}}
  %y = vit.slice_rows %x from -1 : tensor<5x8xf32> -> tensor<2x8xf32>
  return
}

// -----

func.func @slice_rows_c2(%x: tensor<5x8xf32>) {
  // expected-error @+1 {{op expects 2 rows from row 9223372036854775807 to lie inside 5 rows}}
  %y = vit.slice_rows %x from 9223372036854775807
      : tensor<5x8xf32> -> tensor<2x8xf32>
  return
}
