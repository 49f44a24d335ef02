// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// On tensors.
// CHECK-LABEL: @linear
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>, %[[W:.*]]: tensor<6x8xf32>)
// CHECK:       %[[Y:.*]] = vit.kernel linear ins(%[[X]], %[[W]] : tensor<4x8xf32>, tensor<6x8xf32>) {
// CHECK-NEXT:  ^bb0(%[[A:.*]]: tensor<4x8xf32>, %[[B:.*]]: tensor<6x8xf32>):
// CHECK-NEXT:    %[[N:.*]] = vit.layer_norm %[[A]]
// CHECK-NEXT:    %[[P:.*]] = vit.linear %[[N]], %[[B]]
// CHECK-NEXT:    vit.yield %[[P]] : tensor<4x6xf32>
// CHECK-NEXT:  } -> tensor<4x6xf32>
// CHECK-NEXT:  return %[[Y]]
func.func @linear(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>) -> tensor<4x6xf32> {
  %y = vit.kernel linear ins(%x, %w : tensor<4x8xf32>, tensor<6x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>, %b: tensor<6x8xf32>):
    %n = vit.layer_norm %a eps 1.0e-6 : tensor<4x8xf32>
    %p = vit.linear %n, %b
        : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
    vit.yield %p : tensor<4x6xf32>
  } -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// On buffers, with a tile and an attribute that no clause names.
// CHECK-LABEL: @buffers
// CHECK-SAME:  (%[[X:.*]]: memref<?x4x8xf32>, %[[Y:.*]]: memref<?x4x8xf32>)
// CHECK:       vit.kernel rows tile <vector = 16, rows = 4, columns = 32, block = 256> ins(%[[X]] : memref<?x4x8xf32>) outs(%[[Y]] : memref<?x4x8xf32>) attributes {vit.name = "norm"} {
// CHECK-NEXT:  ^bb0(%{{.*}}: tensor<1x8xf32>):
func.func @buffers(%x: memref<?x4x8xf32>, %y: memref<?x4x8xf32>) {
  vit.kernel rows tile <vector = 16, rows = 4, columns = 32, block = 256>
      ins(%x : memref<?x4x8xf32>) outs(%y : memref<?x4x8xf32>)
      attributes {vit.name = "norm"} {
  ^bb0(%a: tensor<1x8xf32>):
    %n = vit.layer_norm %a eps 1.0e-6 : tensor<1x8xf32>
    vit.yield %n : tensor<1x8xf32>
  }
  return
}

// Without inputs: a table of weights that becomes an output.
// CHECK-LABEL: @no_inputs
// CHECK:       vit.kernel rows {
// CHECK-NEXT:    vit.weight_sincos
func.func @no_inputs() -> tensor<4x8xf32> {
  %y = vit.kernel rows {
    %p = vit.weight_sincos grid [2, 2] prefix 0 : tensor<4x8xf32>
    vit.yield %p : tensor<4x8xf32>
  } -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// The other kinds.
// CHECK-LABEL: @kinds
func.func @kinds(%x: tensor<4x8xf32>) {
  // CHECK: vit.kernel attention ins
  vit.kernel attention ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    %o = vit.attention %a, %a, %a heads 2 scale 0.5
        : tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32> -> tensor<4x8xf32>
    vit.yield %o : tensor<4x8xf32>
  } -> tensor<4x8xf32>
  // CHECK: vit.kernel pool ins
  vit.kernel pool ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    %o = vit.pool mean %a : tensor<4x8xf32> -> tensor<1x8xf32>
    vit.yield %o : tensor<1x8xf32>
  } -> tensor<1x8xf32>
  // CHECK: vit.kernel lanes ins
  vit.kernel lanes ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    vit.yield %a : tensor<4x8xf32>
  } -> tensor<4x8xf32>
  return
}
