// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @pool_c1(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'vit.pool' op expects [tokens, channels] to [1, channels], got 'tensor<4x8xf32>' to 'tensor<8xf32>'}}
  %y = vit.pool mean %x : tensor<4x8xf32> -> tensor<8xf32>
  return
}

// -----

func.func @pool_c1(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{got 'tensor<4x8xf32>' to 'tensor<1x4xf32>'}}
  %y = vit.pool mean %x : tensor<4x8xf32> -> tensor<1x4xf32>
  return
}

// -----

func.func @pool_c1(%x: tensor<2x4x8xf32>) {
  // expected-error @+1 {{got 'tensor<2x4x8xf32>' to 'tensor<1x8xf32>'}}
  %y = vit.pool mean %x : tensor<2x4x8xf32> -> tensor<1x8xf32>
  return
}

// -----

func.func @pool_kind(%x: tensor<4x8xf32>) {
  // expected-error @+2 {{expected ::vitc::vit::Pooling to be one of: mean, max}}
  // expected-error @+1 {{failed to parse Vit_PoolingAttr}}
  %y = vit.pool sum %x : tensor<4x8xf32> -> tensor<1x8xf32>
  return
}
