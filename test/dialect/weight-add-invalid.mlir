// RUN: vit-opt %s --split-input-file --verify-diagnostics

// Nothing is repeated; `vit.weight_repeat` says so where it is meant.
func.func @weight_add_types() {
  %a = vit.weight "a" : tensor<6x8xf32>
  %b = vit.weight "b" : tensor<8xf32>
  // expected-error @+1 {{'vit.weight_add' op requires the same type for all operands and results}}
  %w = "vit.weight_add"(%a, %b)
      : (tensor<6x8xf32>, tensor<8xf32>) -> tensor<6x8xf32>
  return
}

// -----

func.func @weight_add_operands(%x: tensor<1xf32>) {
  // expected-error @+1 {{'vit.weight_add' op expects operands that weight ops compute}}
  %w = vit.weight_add %x, %x : tensor<1xf32>
  return
}
