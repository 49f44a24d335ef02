// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @linear_c1(%x: tensor<4x8xf32>, %w: tensor<8x6xf32>) {
  // expected-error @+1 {{'vit.linear' op expects a weight [out, 8] for the input's last dimension, got 'tensor<8x6xf32>'}}
  %y = vit.linear %x, %w : tensor<4x8xf32>, tensor<8x6xf32> -> tensor<4x6xf32>
  return
}

// -----

func.func @linear_c1(%x: tensor<4x8xf32>, %w: tensor<8xf32>) {
  // expected-error @+1 {{op expects a weight [out, 8] for the input's last dimension, got 'tensor<8xf32>'}}
  %y = vit.linear %x, %w : tensor<4x8xf32>, tensor<8xf32> -> tensor<4x1xf32>
  return
}

// -----

func.func @linear_c2(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>) {
  // expected-error @+1 {{op expects the input's shape with 6 channels as the result, got 'tensor<4x8xf32>'}}
  %y = vit.linear %x, %w : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x8xf32>
  return
}

// -----

func.func @linear_c2(%x: tensor<2x4x8xf32>, %w: tensor<6x8xf32>) {
  // expected-error @+1 {{op expects the input's shape with 6 channels as the result, got 'tensor<8x6xf32>'}}
  %y = vit.linear %x, %w
      : tensor<2x4x8xf32>, tensor<6x8xf32> -> tensor<8x6xf32>
  return
}

// -----

func.func @linear_c3(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>,
                     %b: tensor<8xf32>) {
  // expected-error @+1 {{op expects a bias of shape [6], got 'tensor<8xf32>'}}
  %y = vit.linear %x, %w bias(%b)
      : tensor<4x8xf32>, tensor<6x8xf32>, tensor<8xf32> -> tensor<4x6xf32>
  return
}

// -----

func.func @linear_c4(%x: tensor<2x4x8xf32>, %w: tensor<6x8xf32>,
                     %r: tensor<2x6xf32>) {
  // expected-error @+1 {{op expects a residual of the result's shape or a trailing part of it, got 'tensor<2x6xf32>'}}
  %y = vit.linear %x, %w residual(%r) : tensor<2x4x8xf32>, tensor<6x8xf32>
      residual tensor<2x6xf32> -> tensor<2x4x6xf32>
  return
}

// -----

func.func @linear_activation(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>) {
  // expected-error @+2 {{expected ::vitc::vit::Activation to be one of: none, gelu, gelu_tanh, quick_gelu, silu, relu, tanh}}
  // expected-error @+2 {{failed to parse Vit_ActivationAttr}}
  %y = vit.linear %x, %w activation swish
      : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
  return
}

// -----

// The type constraint that all layer ops share: rank, element type, size.
func.func @linear_scalar(%x: tensor<f32>, %w: tensor<6x8xf32>) {
  // expected-error @+1 {{operand #0 must be static f32 tensor of rank 1 or more and 1 to 2^32 elements, but got 'tensor<f32>'}}
  %y = vit.linear %x, %w : tensor<f32>, tensor<6x8xf32> -> tensor<6xf32>
  return
}

// -----

func.func @linear_f64(%x: tensor<8xf64>, %w: tensor<6x8xf32>) {
  // expected-error @+1 {{but got 'tensor<8xf64>'}}
  %y = vit.linear %x, %w : tensor<8xf64>, tensor<6x8xf32> -> tensor<6xf32>
  return
}

// -----

func.func @linear_dynamic(%x: tensor<?x8xf32>, %w: tensor<6x8xf32>) {
  // expected-error @+1 {{but got 'tensor<?x8xf32>'}}
  %y = vit.linear %x, %w : tensor<?x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
  return
}

// -----

func.func @linear_empty(%x: tensor<0x8xf32>, %w: tensor<6x8xf32>) {
  // expected-error @+1 {{but got 'tensor<0x8xf32>'}}
  %y = vit.linear %x, %w : tensor<0x8xf32>, tensor<6x8xf32> -> tensor<0x6xf32>
  return
}

// -----

// 2^64 elements: their count wraps to zero.
func.func @linear_huge(%x: tensor<4294967296x4294967296xf32>,
                       %w: tensor<6x4294967296xf32>) {
  // expected-error @+1 {{but got 'tensor<4294967296x4294967296xf32>'}}
  %y = vit.linear %x, %w
      : tensor<4294967296x4294967296xf32>, tensor<6x4294967296xf32>
      -> tensor<4294967296x6xf32>
  return
}
