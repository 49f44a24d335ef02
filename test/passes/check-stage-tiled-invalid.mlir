// RUN: vit-opt %s --split-input-file --vit-check-stage=stage=tiled --verify-diagnostics

func.func private @rows(%x: memref<?x6xf32>, %y: memref<?x6xf32>) {
  // expected-error @+1 {{'vit.kernel' op is left in a kernel function at the end of stage tiled}}
  vit.kernel rows tile <vector = 16, rows = 1, columns = 16, block = 1>
      ins(%x : memref<?x6xf32>) outs(%y : memref<?x6xf32>) {
  ^bb0(%a: tensor<1x6xf32>):
    %s = vit.softmax %a : tensor<1x6xf32>
    vit.yield %s : tensor<1x6xf32>
  }
  // expected-error @+1 {{'vit.kernel' op is left in a kernel function at the end of stage tiled}}
  vit.kernel rows ins(%x : memref<?x6xf32>) outs(%y : memref<?x6xf32>) {
  ^bb0(%a: tensor<1x6xf32>):
    vit.yield %a : tensor<1x6xf32>
  }
  return
}
