// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @transpose_c1(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'vit.transpose' op expects [rows, columns] to [columns, rows], got 'tensor<4x8xf32>' to 'tensor<4x8xf32>'}}
  %y = vit.transpose %x : tensor<4x8xf32> -> tensor<4x8xf32>
  return
}

// -----

func.func @transpose_c1(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{got 'tensor<4x8xf32>' to 'tensor<8x2xf32>'}}
  %y = vit.transpose %x : tensor<4x8xf32> -> tensor<8x2xf32>
  return
}

// -----

func.func @transpose_c1(%x: tensor<2x4x8xf32>) {
  // expected-error @+1 {{got 'tensor<2x4x8xf32>' to 'tensor<8x4x2xf32>'}}
  %y = vit.transpose %x : tensor<2x4x8xf32> -> tensor<8x4x2xf32>
  return
}
