// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @weight_concat_c1() {
  // expected-error @+1 {{'vit.weight_concat' op expects at least one input}}
  %w = "vit.weight_concat"() {axis = 0 : i64} : () -> tensor<8xf32>
  return
}

// -----

func.func @weight_concat_c1() {
  %a = vit.weight "a" : tensor<2x8xf32>
  %b = vit.weight "b" : tensor<3x4xf32>
  // expected-error @+1 {{op expects inputs that differ from the result along axis 0 only, got 'tensor<3x4xf32>' and 'tensor<5x8xf32>'}}
  %w = vit.weight_concat %a, %b axis 0
      : tensor<2x8xf32>, tensor<3x4xf32> -> tensor<5x8xf32>
  return
}

// -----

func.func @weight_concat_c1() {
  %a = vit.weight "a" : tensor<8xf32>
  // expected-error @+1 {{along axis 0 only, got 'tensor<8xf32>' and 'tensor<1x8xf32>'}}
  %w = vit.weight_concat %a axis 0 : tensor<8xf32> -> tensor<1x8xf32>
  return
}

// -----

func.func @weight_concat_c1() {
  %a = vit.weight "a" : tensor<2x8xf32>
  // expected-error @+1 {{along axis 2 only, got 'tensor<2x8xf32>' and 'tensor<2x8xf32>'}}
  %w = vit.weight_concat %a axis 2 : tensor<2x8xf32> -> tensor<2x8xf32>
  return
}

// -----

func.func @weight_concat_c1() {
  %a = vit.weight "a" : tensor<2x8xf32>
  // expected-error @+1 {{along axis -1 only}}
  %w = vit.weight_concat %a axis -1 : tensor<2x8xf32> -> tensor<2x8xf32>
  return
}

// -----

func.func @weight_concat_c2() {
  %a = vit.weight "a" : tensor<2x8xf32>
  // expected-error @+1 {{op expects a length of 4 along axis 0, got 5}}
  %w = vit.weight_concat %a, %a axis 0
      : tensor<2x8xf32>, tensor<2x8xf32> -> tensor<5x8xf32>
  return
}

// -----

// What all weight ops share: they depend on the checkpoint alone.
func.func @weight_concat_operands(%x: tensor<2x8xf32>) {
  // expected-error @+1 {{'vit.weight_concat' op expects operands that weight ops compute, got a value of 'tensor<2x8xf32>' that is an argument}}
  %w = vit.weight_concat %x axis 0 : tensor<2x8xf32> -> tensor<2x8xf32>
  return
}

// -----

func.func @weight_concat_operands() {
  %x = vit.weight "x" : tensor<2x8xf32>
  %y = vit.softmax %x : tensor<2x8xf32>
  // expected-error @+1 {{got a value of 'tensor<2x8xf32>' that another op computes}}
  %w = vit.weight_concat %x, %y axis 0
      : tensor<2x8xf32>, tensor<2x8xf32> -> tensor<4x8xf32>
  return
}
