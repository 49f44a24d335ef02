// RUN: vit-opt %s --split-input-file --vit-fold-normalize --verify-diagnostics

func.func @read_directly(%x: tensor<4x4x1xi8>) -> tensor<1x4x4xf32> {
  // expected-error @+1 {{'vit.normalize' op expects only unfolded products with weights of the checkpoint to read 8-bit pixels}}
  %n = vit.normalize %x mean [0.5] std [0.5]
      : tensor<4x4x1xi8> -> tensor<1x4x4xf32>
  // expected-note @+1 {{reads them here}}
  return %n : tensor<1x4x4xf32>
}

// -----

func.func @unfold_without_product(%x: tensor<4x4x1xi8>) -> tensor<4x4xf32> {
  // expected-error @+1 {{op expects only unfolded products with weights of the checkpoint to read 8-bit pixels}}
  %n = vit.normalize %x mean [0.5] std [0.5]
      : tensor<4x4x1xi8> -> tensor<1x4x4xf32>
  %u = vit.unfold %n kernel [2, 2] stride [2, 2] padding [0, 0]
      : tensor<1x4x4xf32> -> tensor<4x4xf32>
  // expected-note @+1 {{reads their windows here}}
  %y = vit.activation gelu %u : tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}

// -----

func.func @given_weight(%x: tensor<4x4x1xi8>, %w: tensor<3x4xf32>)
    -> tensor<4x3xf32> {
  // expected-error @+1 {{op expects only unfolded products with weights of the checkpoint to read 8-bit pixels}}
  %n = vit.normalize %x mean [0.5] std [0.5]
      : tensor<4x4x1xi8> -> tensor<1x4x4xf32>
  %u = vit.unfold %n kernel [2, 2] stride [2, 2] padding [0, 0]
      : tensor<1x4x4xf32> -> tensor<4x4xf32>
  // expected-note @+1 {{reads their windows here}}
  %y = vit.linear %u, %w : tensor<4x4xf32>, tensor<3x4xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

func.func @given_bias(%x: tensor<4x4x1xi8>, %c: tensor<3xf32>)
    -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x4xf32>
  // expected-error @+1 {{op expects only unfolded products with weights of the checkpoint to read 8-bit pixels}}
  %n = vit.normalize %x mean [0.5] std [0.5]
      : tensor<4x4x1xi8> -> tensor<1x4x4xf32>
  %u = vit.unfold %n kernel [2, 2] stride [2, 2] padding [0, 0]
      : tensor<1x4x4xf32> -> tensor<4x4xf32>
  // expected-note @+1 {{reads their windows here}}
  %y = vit.linear %u, %w bias(%c)
      : tensor<4x4xf32>, tensor<3x4xf32>, tensor<3xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// A denormal std: its reciprocal is infinite.
func.func @tiny_std(%x: tensor<4x4x2xi8>) -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x8xf32>
  // expected-error @+1 {{op expects 1 / (255 std), mean / std and 255 mean in the range of f32, got mean 0.000000e+00 and std 1.000000e-310 of channel 1}}
  %n = vit.normalize %x mean [0.0, 0.0] std [1.0, 1.0e-310]
      : tensor<4x4x2xi8> -> tensor<2x4x4xf32>
  %u = vit.unfold %n kernel [2, 2] stride [2, 2] padding [0, 0]
      : tensor<2x4x4xf32> -> tensor<4x8xf32>
  %y = vit.linear %u, %w : tensor<4x8xf32>, tensor<3x8xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// Too large for f32, though not for f64.
func.func @large_mean(%x: tensor<4x4x1xi8>) -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x4xf32>
  // expected-error @+1 {{got mean -3.000000e+36 and std 1.000000e+00 of channel 0}}
  %n = vit.normalize %x mean [-3.0e36] std [1.0]
      : tensor<4x4x1xi8> -> tensor<1x4x4xf32>
  %u = vit.unfold %n kernel [2, 2] stride [2, 2] padding [0, 0]
      : tensor<1x4x4xf32> -> tensor<4x4xf32>
  %y = vit.linear %u, %w : tensor<4x4xf32>, tensor<3x4xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}
