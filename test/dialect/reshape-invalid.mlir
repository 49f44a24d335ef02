// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @reshape_c1(%x: tensor<7x4x6xf32>) {
  // expected-error @+1 {{'vit.reshape' op expects as many elements as the input has, got 'tensor<7x4x6xf32>' and 'tensor<7x23xf32>'}}
  %y = vit.reshape %x : tensor<7x4x6xf32> -> tensor<7x23xf32>
  return
}
