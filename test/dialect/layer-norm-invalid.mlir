// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @layer_norm_c1(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'vit.layer_norm' op expects a number of groups that divides 8 channels, got 3}}
  %y = vit.layer_norm %x groups 3 eps 1.0e-6 : tensor<4x8xf32>
  return
}

// -----

func.func @layer_norm_c1(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{op expects a number of groups that divides 8 channels, got 0}}
  %y = vit.layer_norm %x groups 0 eps 1.0e-6 : tensor<4x8xf32>
  return
}

// -----

func.func @layer_norm_c2(%x: tensor<4x8xf32>, %g: tensor<8xf32>) {
  // expected-error @+1 {{'vit.layer_norm' op expects scale and shift together or neither}}
  %y = vit.layer_norm %x, %g eps 1.0e-6 : tensor<4x8xf32>, tensor<8xf32>
  return
}

// -----

func.func @layer_norm_c2(%x: tensor<4x8xf32>, %g: tensor<4xf32>,
                         %b: tensor<8xf32>) {
  // expected-error @+1 {{op expects scale and shift of shape [8] to match the last input dimension, got 'tensor<4xf32>' and 'tensor<8xf32>'}}
  %y = vit.layer_norm %x, %g, %b eps 1.0e-6
      : tensor<4x8xf32>, tensor<4xf32>, tensor<8xf32>
  return
}

// -----

func.func @layer_norm_c2(%x: tensor<4x8xf32>, %g: tensor<8xf32>,
                         %b: tensor<1x8xf32>) {
  // expected-error @+1 {{got 'tensor<8xf32>' and 'tensor<1x8xf32>'}}
  %y = vit.layer_norm %x, %g, %b eps 1.0e-6
      : tensor<4x8xf32>, tensor<8xf32>, tensor<1x8xf32>
  return
}

// -----

func.func @layer_norm_c2(%x: tensor<4x8xf32>, %g: tensor<8xf32>) {
  // expected-error @+1 {{op expects scale and shift of shape [4] to match a group, got 'tensor<8xf32>' and 'tensor<8xf32>'}}
  %y = vit.layer_norm %x, %g, %g groups 2 eps 1.0e-6
      : tensor<4x8xf32>, tensor<8xf32>, tensor<8xf32>
  return
}

// -----

func.func @layer_norm_c3(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{op expects eps to be positive and finite, got 0.000000e+00}}
  %y = vit.layer_norm %x eps 0.0 : tensor<4x8xf32>
  return
}

// -----

func.func @layer_norm_c3(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{op expects eps to be positive and finite, got INF}}
  %y = vit.layer_norm %x eps 0x7FF0000000000000 : tensor<4x8xf32>
  return
}
