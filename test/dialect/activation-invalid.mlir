// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @activation_kind(%x: tensor<4x8xf32>) {
  // expected-error @+2 {{expected ::vitc::vit::Activation to be one of: none, gelu, gelu_tanh, quick_gelu, silu, relu, tanh}}
  // expected-error @+1 {{failed to parse Vit_ActivationAttr}}
  %y = vit.activation elu %x : tensor<4x8xf32>
  return
}

// -----

func.func @activation_types(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'vit.activation' op requires the same type for all operands and results}}
  %y = "vit.activation"(%x) {kind = #vit<activation gelu>}
      : (tensor<4x8xf32>) -> tensor<8x4xf32>
  return
}
