// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @softmax_types(%x: tensor<1x10xf32>) {
  // expected-error @+1 {{'vit.softmax' op requires the same type for all operands and results}}
  %y = "vit.softmax"(%x) : (tensor<1x10xf32>) -> tensor<10xf32>
  return
}
