// RUN: vit-opt %s --split-input-file --vit-lower-kernels --verify-diagnostics

func.func private @dense_result(%x: memref<?x1x8x16xf32>, %y: memref<?x9x2x4xf32>,
    %s: memref<?xf32>, %a: index, %b: index, %c: index, %d: index) {
  // expected-error @+1 {{'vit.kernel' op expects results of groups}}
  vit.kernel lanes tile <vector = 16, rows = 2, columns = 4, block = 1>
      ins(%x : memref<?x1x8x16xf32>) outs(%y : memref<?x9x2x4xf32>) {
  ^bb0(%p: tensor<9x2x4xf32>):
    %r = vit.softmax %p : tensor<9x2x4xf32>
    vit.yield %r : tensor<9x2x4xf32>
  }
  return
}

// -----

// A table for every patch is no table.
func.func private @table_of_patches(%x: memref<?x1x8x16xf32>, %t: memref<9x2x4xf32>,
    %y: memref<?x1x8x16xf32>, %s: memref<?xf32>, %a: index, %b: index,
    %c: index, %d: index) {
  vit.kernel lanes tile <vector = 16, rows = 2, columns = 4, block = 1>
      ins(%x, %t : memref<?x1x8x16xf32>, memref<9x2x4xf32>)
      outs(%y : memref<?x1x8x16xf32>) {
  ^bb0(%p: tensor<9x2x4xf32>, %q: tensor<9x2x4xf32>):
    // expected-error @+1 {{'vit.add' op expects a table of rank 1 or 2 as operand 1, got 'tensor<9x2x4xf32>'}}
    %r = vit.add %p, %q : tensor<9x2x4xf32>, tensor<9x2x4xf32>
    vit.yield %r : tensor<9x2x4xf32>
  }
  return
}

// -----

func.func private @reshape_of_words(%x: memref<?x1x8x16xf32>, %y: memref<?x1x8x16xf32>,
    %s: memref<?xf32>, %a: index, %b: index, %c: index, %d: index) {
  vit.kernel lanes tile <vector = 16, rows = 2, columns = 4, block = 1>
      ins(%x : memref<?x1x8x16xf32>) outs(%y : memref<?x1x8x16xf32>) {
  ^bb0(%p: tensor<9x2x4xf32>):
    // expected-error @+1 {{'vit.reshape' op isn't supported on nested tokens}}
    %m = vit.reshape %p : tensor<9x2x4xf32> -> tensor<9x4x2xf32>
    vit.yield %m : tensor<9x4x2xf32>
  }
  return
}
