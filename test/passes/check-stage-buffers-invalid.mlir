// RUN: vit-opt %s --split-input-file --vit-check-stage=stage=buffers --verify-diagnostics

func.func @model() -> memref<16x16xf32> {
  %w = vit.weight "w" : tensor<16x6xf32>
  // expected-error @+1 {{'vit.pack' op has no offset at the end of stage buffers}}
  %p = vit.pack %w : tensor<16x6xf32> -> memref<16x16xf32>
  return %p : memref<16x16xf32>
}

// -----

func.func @model() -> memref<?x4x6xf32> {
  // expected-error @+1 {{'vit.buffer' op has no offset at the end of stage buffers}}
  %b = vit.buffer : memref<?x4x6xf32>
  return %b : memref<?x4x6xf32>
}

// -----

func.func private @rows(%x: memref<?x6xf32>, %y: memref<?x6xf32>) {
  // expected-error @+1 {{'vit.kernel' op has no tile at the end of stage buffers}}
  vit.kernel rows ins(%x : memref<?x6xf32>) outs(%y : memref<?x6xf32>) {
  ^bb0(%a: tensor<1x6xf32>):
    %s = vit.softmax %a : tensor<1x6xf32>
    vit.yield %s : tensor<1x6xf32>
  }
  return
}

// -----

// Only weights are tensors still.
func.func @model(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %w = vit.weight "w" : tensor<4x6xf32>
  // expected-error @+1 {{'vit.add' op makes a tensor at the end of stage buffers}}
  %y = vit.add %x, %w : tensor<4x6xf32>, tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}
