// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @weight_scale_c1() {
  %a = vit.weight "a" : tensor<6x8xf32>
  %g = vit.weight "g" : tensor<8xf32>
  // expected-error @+1 {{'vit.weight_scale' op expects one factor for every entry along axis 0 of 'tensor<6x8xf32>', got 'tensor<8xf32>'}}
  %w = vit.weight_scale %a, %g axis 0 : tensor<6x8xf32>, tensor<8xf32>
  return
}

// -----

func.func @weight_scale_c1() {
  %a = vit.weight "a" : tensor<6x8xf32>
  %g = vit.weight "g" : tensor<1x8xf32>
  // expected-error @+1 {{along axis 1 of 'tensor<6x8xf32>', got 'tensor<1x8xf32>'}}
  %w = vit.weight_scale %a, %g axis 1 : tensor<6x8xf32>, tensor<1x8xf32>
  return
}

// -----

func.func @weight_scale_c1() {
  %a = vit.weight "a" : tensor<6x8xf32>
  %g = vit.weight "g" : tensor<8xf32>
  // expected-error @+1 {{along axis 2 of 'tensor<6x8xf32>'}}
  %w = vit.weight_scale %a, %g axis 2 : tensor<6x8xf32>, tensor<8xf32>
  return
}

// -----

func.func @weight_scale_c1() {
  %a = vit.weight "a" : tensor<6x8xf32>
  %g = vit.weight "g" : tensor<8xf32>
  // expected-error @+1 {{along axis -1 of 'tensor<6x8xf32>'}}
  %w = vit.weight_scale %a, %g axis -1 : tensor<6x8xf32>, tensor<8xf32>
  return
}

// -----

func.func @weight_scale_operands(%g: tensor<8xf32>) {
  %a = vit.weight "a" : tensor<6x8xf32>
  // expected-error @+1 {{'vit.weight_scale' op expects operands that weight ops compute}}
  %w = vit.weight_scale %a, %g axis 1 : tensor<6x8xf32>, tensor<8xf32>
  return
}
