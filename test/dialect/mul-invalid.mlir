// RUN: vit-opt %s --split-input-file --verify-diagnostics

// Factors of rows instead of channels.
func.func @mul_c1(%a: tensor<4x8xf32>, %b: tensor<4xf32>) {
  // expected-error @+1 {{'vit.mul' op expects a right side of the left one's shape or a trailing part of it, got 'tensor<4x8xf32>' and 'tensor<4xf32>'}}
  %y = vit.mul %a, %b : tensor<4x8xf32>, tensor<4xf32>
  return
}
