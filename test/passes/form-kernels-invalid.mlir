// RUN: vit-opt %s --split-input-file --vit-form-kernels --verify-diagnostics

func.func @map_of_words(%x: tensor<9x2x4xf32>) -> tensor<9x1x2x2xf32> {
  // expected-error @+1 {{'vit.attention_map' op expects plain tokens, got nested ones of 'tensor<9x2x4xf32>'}}
  %m = vit.attention_map %x, %x heads 1 scale 1.0
      : tensor<9x2x4xf32>, tensor<9x2x4xf32> -> tensor<9x1x2x2xf32>
  return %m : tensor<9x1x2x2xf32>
}

// -----

func.func @map_inside(%x: tensor<5x4xf32>) -> tensor<2x5x5xf32> {
  // expected-error @+1 {{'vit.attention_map' op expects to be an output only, but 'vit.activation' reads it}}
  %m = vit.attention_map %x, %x heads 2 scale 1.0
      : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<2x5x5xf32>
  %a = vit.activation relu %m : tensor<2x5x5xf32>
  return %a : tensor<2x5x5xf32>
}
