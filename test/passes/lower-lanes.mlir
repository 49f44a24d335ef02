// RUN: vit-opt %s --pass-pipeline="builtin.module(func.func(vit-lower-kernels))" | FileCheck %s

// The result may share the buffer of the residual: the product goes straight
// there, one vector of patches at a time. The norm takes 8 lines of scratch.
// CHECK-LABEL: func.func private @lanes(
// CHECK-SAME: %[[X:[a-z0-9]+]]: memref<?x1x8x16xf32>
// CHECK-SAME: vit.scratch_bytes = 512
// CHECK: math.sqrt {{.*}} : vector<16xf32>
// CHECK: arith.divf {{.*}} : vector<16xf32>
// CHECK: math.fma {{.*}} : vector<16xf32>
// CHECK: vector.load %[[X]]
// CHECK: arith.addf {{.*}} : vector<16xf32>
// CHECK-NOT: vit.kernel
func.func private @lanes(%x: memref<?x1x8x16xf32>, %w: memref<1x4x4xf32>,
    %b: memref<4xf32>, %out: memref<?x1x8x16xf32>, %scratch: memref<?xf32>,
    %rowBegin: index, %rowEnd: index, %columnBegin: index, %columnEnd: index) {
  vit.kernel lanes tile <vector = 16, rows = 2, columns = 4, block = 1>
      ins(%x, %w, %b : memref<?x1x8x16xf32>, memref<1x4x4xf32>, memref<4xf32>)
      outs(%out : memref<?x1x8x16xf32>) {
  ^bb0(%p: tensor<9x2x4xf32>, %weight: tensor<4x4xf32>, %bias: tensor<4xf32>):
    %n = vit.layer_norm %p eps 1.0e-6 : tensor<9x2x4xf32>
    %y = vit.linear %n, %weight bias(%bias) residual(%p)
        : tensor<9x2x4xf32>, tensor<4x4xf32>, tensor<4xf32>
        residual tensor<9x2x4xf32> -> tensor<9x2x4xf32>
    vit.yield %y : tensor<9x2x4xf32>
  }
  return
}

// A map of words: all queries of a unit's heads are its rows.
// CHECK-LABEL: func.func private @map(
// CHECK-SAME: %[[X:[a-z0-9]+]]: memref<?x1x8x16xf32>, %[[Y:[a-z0-9]+]]: memref<?x1x8x16xf32>
// CHECK-SAME: vit.scratch_bytes = 640
// CHECK-NOT: vit.kernel
func.func private @map(%x: memref<?x1x8x16xf32>, %y: memref<?x1x8x16xf32>,
    %scratch: memref<?xf32>, %rowBegin: index, %rowEnd: index,
    %columnBegin: index, %columnEnd: index) {
  vit.kernel lanes tile <vector = 16, rows = 2, columns = 4, block = 1>
      ins(%x : memref<?x1x8x16xf32>) outs(%y : memref<?x1x8x16xf32>) {
  ^bb0(%p: tensor<9x2x4xf32>):
    %m = vit.attention_map %p, %p heads 2 scale 1.0
        : tensor<9x2x4xf32>, tensor<9x2x4xf32> -> tensor<9x2x2x2xf32>
    vit.yield %m : tensor<9x2x2x2xf32>
  }
  return
}
