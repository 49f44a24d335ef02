// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @slice_columns_c1(%x: tensor<5x12xf32>) {
  // expected-error @+1 {{'vit.slice_columns' op expects input and result to differ in the last dimension at most, got 'tensor<5x12xf32>' and 'tensor<4x4xf32>'}}
  %y = vit.slice_columns %x from 0 : tensor<5x12xf32> -> tensor<4x4xf32>
  return
}

// -----

func.func @slice_columns_c1(%x: tensor<5x12xf32>) {
  // expected-error @+1 {{got 'tensor<5x12xf32>' and 'tensor<4xf32>'}}
  %y = vit.slice_columns %x from 0 : tensor<5x12xf32> -> tensor<4xf32>
  return
}

// -----

func.func @slice_columns_c2(%x: tensor<5x12xf32>) {
  // expected-error @+1 {{op expects 4 channels from channel 9 to lie inside 12 channels}}
  %y = vit.slice_columns %x from 9 : tensor<5x12xf32> -> tensor<5x4xf32>
  return
}

// -----

func.func @slice_columns_c2(%x: tensor<5x12xf32>) {
  // expected-error @+1 {{op expects 4 channels from channel -4 to lie inside 12 channels}}
  %y = vit.slice_columns %x from -4 : tensor<5x12xf32> -> tensor<5x4xf32>
  return
}
