// RUN: vit-opt %s --split-input-file --vit-check-stage=stage=fused --verify-diagnostics

func.func @model(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  // expected-error @+1 {{'vit.softmax' op is in no kernel at the end of stage fused}}
  %y = vit.softmax %x : tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

// Views and weights need no kernel, what is inside of one has it.
func.func @model(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %t = vit.weight "t" : tensor<1x6xf32>
  %k = vit.kernel rows ins(%t : tensor<1x6xf32>) {
  ^bb0(%a: tensor<1x6xf32>):
    %s = vit.softmax %a : tensor<1x6xf32>
    vit.yield %s : tensor<1x6xf32>
  } -> tensor<1x6xf32>
  %r = vit.slice_rows %x from 0 : tensor<4x6xf32> -> tensor<3x6xf32>
  %c = vit.concat_rows %k, %r
      : tensor<1x6xf32>, tensor<3x6xf32> -> tensor<4x6xf32>
  %f = vit.reshape %c : tensor<4x6xf32> -> tensor<2x12xf32>
  %h = vit.slice_columns %f from 0 : tensor<2x12xf32> -> tensor<2x6xf32>
  %i = vit.reshape %c : tensor<4x6xf32> -> tensor<1x8x3xf32>
  // expected-error @+1 {{'vit.unfold' op is in no kernel at the end of stage fused}}
  %u = vit.unfold %i kernel [2, 3] stride [2, 3] padding [0, 0]
      : tensor<1x8x3xf32> -> tensor<4x6xf32>
  return %u : tensor<4x6xf32>
}
