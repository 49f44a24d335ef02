// RUN: vit-opt %s --split-input-file --verify-diagnostics

// Checkpoint tensors of any type become f32.
func.func @weight_type() {
  // expected-error @+1 {{'vit.weight' op result #0 must be static f32 tensor of rank 1 or more and 1 to 2^32 elements, but got 'tensor<6xf16>'}}
  %w = vit.weight "w" : tensor<6xf16>
  return
}
