// RUN: vit-opt %s --split-input-file --vit-form-kernels --verify-diagnostics

func.func @map_inside(%x: tensor<5x4xf32>) -> tensor<2x5x5xf32> {
  // expected-error @+1 {{'vit.attention_map' op expects to be an output only, but 'vit.activation' reads it}}
  %m = vit.attention_map %x, %x heads 2 scale 1.0
      : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<2x5x5xf32>
  %a = vit.activation relu %m : tensor<2x5x5xf32>
  return %a : tensor<2x5x5xf32>
}

// -----

func.func @columns_of_map_inside(%x: tensor<5x4xf32>) -> tensor<2x5x3xf32> {
  // expected-error @+1 {{'vit.attention_map' op expects to be an output only, but 'vit.softmax' reads it}}
  %m = vit.attention_map %x, %x heads 2 scale 1.0
      : tensor<5x4xf32>, tensor<5x4xf32> -> tensor<2x5x5xf32>
  %c = vit.slice_columns %m from 1 : tensor<2x5x5xf32> -> tensor<2x5x3xf32>
  %s = vit.softmax %c : tensor<2x5x3xf32>
  return %s : tensor<2x5x3xf32>
}
