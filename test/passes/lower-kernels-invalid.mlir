// RUN: vit-opt %s --split-input-file --vit-lower-kernels --verify-diagnostics

func.func @on_tensors(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  // expected-error @+1 {{'vit.kernel' op expects buffers and a tile here}}
  %y = vit.kernel rows ins(%x : tensor<4x6xf32>) {
  ^bb0(%a: tensor<4x6xf32>):
    %s = vit.softmax %a : tensor<4x6xf32>
    vit.yield %s : tensor<4x6xf32>
  } -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// -----

func.func private @without_tile(%x: memref<?x6xf32>, %y: memref<?x6xf32>,
    %s: memref<?xf32>, %a: index, %b: index, %c: index, %d: index) {
  // expected-error @+1 {{op expects buffers and a tile here}}
  vit.kernel rows ins(%x : memref<?x6xf32>) outs(%y : memref<?x6xf32>) {
  ^bb0(%p: tensor<1x6xf32>):
    vit.yield %p : tensor<1x6xf32>
  }
  return
}

// -----

func.func private @without_range(%x: memref<?x6xf32>, %y: memref<?x6xf32>) {
  // expected-error @+1 {{op expects scratch and four indices as arguments}}
  vit.kernel rows tile <vector = 16, rows = 1, columns = 16, block = 1>
      ins(%x : memref<?x6xf32>) outs(%y : memref<?x6xf32>) {
  ^bb0(%p: tensor<1x6xf32>):
    vit.yield %p : tensor<1x6xf32>
  }
  return
}

// -----

func.func private @uneven_depth(%x: memref<?x6xf32>, %w: memref<1x6x16xf32>,
    %y: memref<?x8xf32>, %s: memref<?xf32>, %a: index, %b: index, %c: index,
    %d: index) {
  // expected-error @+1 {{op expects the tile's depth to divide 6 steps, got 4}}
  vit.kernel linear
      tile <vector = 16, rows = 2, columns = 32, block = 2, depth = 4>
      ins(%x, %w : memref<?x6xf32>, memref<1x6x16xf32>)
      outs(%y : memref<?x8xf32>) {
  ^bb0(%p: tensor<1x6xf32>, %m: tensor<8x6xf32>):
    %l = vit.linear %p, %m : tensor<1x6xf32>, tensor<8x6xf32> -> tensor<1x8xf32>
    vit.yield %l : tensor<1x8xf32>
  }
  return
}

// -----

// What a body of each kind must hold.
func.func private @rows(%x: memref<?x4x6xf32>, %y: memref<?x1x6xf32>,
    %s: memref<?xf32>, %a: index, %b: index, %c: index, %d: index) {
  vit.kernel rows tile <vector = 16, rows = 1, columns = 16, block = 1>
      ins(%x : memref<?x4x6xf32>) outs(%y : memref<?x1x6xf32>) {
  ^bb0(%p: tensor<4x6xf32>):
    // expected-error @+1 {{'vit.pool' op does not treat every row alike}}
    %m = vit.pool mean %p : tensor<4x6xf32> -> tensor<1x6xf32>
    vit.yield %m : tensor<1x6xf32>
  }
  return
}

// -----

func.func private @pool(%x: memref<?x6xf32>, %y: memref<?x6xf32>,
    %s: memref<?xf32>, %a: index, %b: index, %c: index, %d: index) {
  // expected-error @+1 {{'vit.kernel' op expects to yield a vit.pool}}
  vit.kernel pool tile <vector = 16, rows = 1, columns = 16, block = 1>
      ins(%x : memref<?x6xf32>) outs(%y : memref<?x6xf32>) {
  ^bb0(%p: tensor<1x6xf32>):
    vit.yield %p : tensor<1x6xf32>
  }
  return
}

// -----

func.func private @linear(%x: memref<?x6xf32>, %y: memref<?x6xf32>,
    %s: memref<?xf32>, %a: index, %b: index, %c: index, %d: index) {
  // expected-error @+1 {{'vit.kernel' op expects to yield a vit.linear}}
  vit.kernel linear tile <vector = 16, rows = 1, columns = 16, block = 1>
      ins(%x : memref<?x6xf32>) outs(%y : memref<?x6xf32>) {
  ^bb0(%p: tensor<1x6xf32>):
    vit.yield %p : tensor<1x6xf32>
  }
  return
}

// -----

func.func private @attention(%x: memref<?x6xf32>, %y: memref<?x6xf32>,
    %s: memref<?xf32>, %a: index, %b: index, %c: index, %d: index) {
  // expected-error @+1 {{'vit.kernel' op expects to yield a vit.attention or vit.attention_map}}
  vit.kernel attention tile <vector = 16, rows = 1, columns = 16, block = 1>
      ins(%x : memref<?x6xf32>) outs(%y : memref<?x6xf32>) {
  ^bb0(%p: tensor<1x6xf32>):
    vit.yield %p : tensor<1x6xf32>
  }
  return
}

// -----

func.func private @transpose(%x: memref<?x4x6xf32>, %y: memref<?x6x4xf32>,
    %s: memref<?xf32>, %a: index, %b: index, %c: index, %d: index) {
  // expected-error @+1 {{'vit.kernel' op expects to yield a vit.transpose}}
  vit.kernel transpose tile <vector = 16, rows = 1, columns = 16, block = 1>
      ins(%x : memref<?x4x6xf32>) outs(%y : memref<?x6x4xf32>) {
  ^bb0(%p: tensor<4x6xf32>):
    %r = vit.reshape %p : tensor<4x6xf32> -> tensor<6x4xf32>
    vit.yield %r : tensor<6x4xf32>
  }
  return
}

// -----

func.func private @windows_inside(%x: memref<?x1x4x4xf32>, %y: memref<?x4x4xf32>,
    %s: memref<?xf32>, %a: index, %b: index, %c: index, %d: index) {
  vit.kernel rows tile <vector = 8, rows = 1, columns = 16, block = 1>
      ins(%x : memref<?x1x4x4xf32>) outs(%y : memref<?x4x4xf32>) {
  ^bb0(%p: tensor<1x4x4xf32>):
    // expected-error @+1 {{'vit.unfold' op expects to be the kernel's result}}
    %u = vit.unfold %p kernel [2, 2] stride [2, 2] padding [0, 0]
        : tensor<1x4x4xf32> -> tensor<4x4xf32>
    %r = vit.softmax %u : tensor<4x4xf32>
    vit.yield %r : tensor<4x4xf32>
  }
  return
}
