// RUN: vit-opt %s --split-input-file --vit-assign-buffers | FileCheck %s

// One function for equal bodies, whose rows are one run over all images. Rows
// are padded to whole lines, but arguments and results are dense. A result is
// written where the caller wants it. Weights are packed in strips of 16 outputs
// and shared by name and layout.
// CHECK-LABEL: func.func @chain
// CHECK-SAME:  (%[[X:.*]]: memref<?x4x32xf32, strided<[128, 32, 1]>> {vit.name = "pixels"}, %[[Y:.*]]: memref<?x4x32xf32, strided<[128, 32, 1]>> {vit.name = "logits"}) attributes {vit.inputs = 1 : i64}
// CHECK-DAG:   %[[W:.*]] = vit.weight "w"
// CHECK-DAG:   %[[P:.*]] = vit.pack %[[W]] {vit.name = "fc.weight"} : tensor<32x32xf32> -> memref<2x32x16xf32>
// CHECK-DAG:   %[[C:.*]] = vit.pack %{{.*}} {vit.name = "fc.bias"} : tensor<32xf32> -> memref<32xf32>
// CHECK:       %[[B:.*]] = vit.buffer : memref<?x4x32xf32, strided<[128, 32, 1]>>
// CHECK:       vit.step @linear_32x32 "fc"(%[[X]], %[[P]], %[[C]], %[[B]]) rows 4 grain 1 columns 1 macs 4096
// CHECK:       vit.step @linear_32x32 "fc"(%[[B]], %[[P]], %[[C]], %[[Y]]) rows 4 grain 1 columns 1 macs 4096
// CHECK-NEXT:  return
// CHECK-LABEL: func.func private @linear_32x32
// CHECK-SAME:  (%[[A0:.*]]: memref<?x32xf32, strided<[32, 1]>>, %[[A1:.*]]: memref<2x32x16xf32>, %[[A2:.*]]: memref<32xf32>, %[[A3:.*]]: memref<?x32xf32, strided<[32, 1]>>, %{{.*}}: memref<?xf32>, %{{.*}}: index, %{{.*}}: index, %{{.*}}: index, %{{.*}}: index)
// CHECK:       vit.kernel linear ins(%[[A0]], %[[A1]], %[[A2]] : {{.*}}) outs(%[[A3]]
// CHECK:         vit.linear %{{.*}} : tensor<1x32xf32>, tensor<32x32xf32>, tensor<32xf32> -> tensor<1x32xf32>
// CHECK-NOT:   func.func
func.func @chain(%x: tensor<4x32xf32> {vit.name = "pixels"})
    -> (tensor<4x32xf32> {vit.name = "logits"}) {
  %w = vit.weight "w" : tensor<32x32xf32>
  %b = vit.weight "b" : tensor<32xf32>
  %y = vit.kernel linear
      ins(%x, %w, %b : tensor<4x32xf32>, tensor<32x32xf32>, tensor<32xf32>) {
  ^bb0(%a: tensor<4x32xf32>, %m: tensor<32x32xf32>, %c: tensor<32xf32>):
    %l = vit.linear %a, %m bias(%c)
        : tensor<4x32xf32>, tensor<32x32xf32>, tensor<32xf32>
        -> tensor<4x32xf32>
    vit.yield %l : tensor<4x32xf32>
  } -> tensor<4x32xf32> loc("fc")
  %z = vit.kernel linear
      ins(%y, %w, %b : tensor<4x32xf32>, tensor<32x32xf32>, tensor<32xf32>) {
  ^bb0(%a: tensor<4x32xf32>, %m: tensor<32x32xf32>, %c: tensor<32xf32>):
    %l = vit.linear %a, %m bias(%c)
        : tensor<4x32xf32>, tensor<32x32xf32>, tensor<32xf32>
        -> tensor<4x32xf32>
    vit.yield %l : tensor<4x32xf32>
  } -> tensor<4x32xf32> loc("fc")
  return %z : tensor<4x32xf32>
}

// -----

// The sum replaces the residual, which dies there; the activation before it
// can't be replaced while the sum still wants it.
// CHECK-LABEL: func.func @in_place
// CHECK:       %[[A:.*]] = vit.buffer : memref<?x4x6xf32, strided<[64, 16, 1]>>
// CHECK:       vit.step @rows_4x6 "a"(%{{.*}}, %[[A]])
// CHECK:       %[[B:.*]] = vit.buffer
// CHECK:       vit.step @rows_4x6_v2 "b"(%[[A]], %[[B]])
// CHECK:       vit.step @linear_6x6 "c"(%[[B]], %{{.*}}, %[[A]], %[[A]])
// CHECK-NOT:   vit.buffer
// CHECK:       vit.step @rows_4x6_v3 "d"(%[[A]], %{{.*}})
func.func @in_place(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %w = vit.weight "w" : tensor<6x6xf32>
  %a = vit.kernel rows ins(%x : tensor<4x6xf32>) {
  ^bb0(%p: tensor<4x6xf32>):
    %s = vit.softmax %p : tensor<4x6xf32>
    vit.yield %s : tensor<4x6xf32>
  } -> tensor<4x6xf32> loc("a")
  %b = vit.kernel rows ins(%a : tensor<4x6xf32>) {
  ^bb0(%p: tensor<4x6xf32>):
    %s = vit.activation gelu %p : tensor<4x6xf32>
    vit.yield %s : tensor<4x6xf32>
  } -> tensor<4x6xf32> loc("b")
  %c = vit.kernel linear
      ins(%b, %w, %a : tensor<4x6xf32>, tensor<6x6xf32>, tensor<4x6xf32>) {
  ^bb0(%p: tensor<4x6xf32>, %m: tensor<6x6xf32>, %r: tensor<4x6xf32>):
    %l = vit.linear %p, %m residual(%r)
        : tensor<4x6xf32>, tensor<6x6xf32> residual tensor<4x6xf32>
        -> tensor<4x6xf32>
    vit.yield %l : tensor<4x6xf32>
  } -> tensor<4x6xf32> loc("c")
  %d = vit.kernel rows ins(%c : tensor<4x6xf32>) {
  ^bb0(%p: tensor<4x6xf32>):
    %s = vit.softmax %p : tensor<4x6xf32>
    vit.yield %s : tensor<4x6xf32>
  } -> tensor<4x6xf32> loc("d")
  return %d : tensor<4x6xf32>
}

// -----

// A product reads its input while it writes: only a residual may be replaced.
// CHECK-LABEL: func.func @not_in_place
// CHECK:       %[[A:.*]] = vit.buffer
// CHECK:       %[[B:.*]] = vit.buffer
// CHECK:       vit.step @linear_6x6 "b"(%[[A]], %{{.*}}, %[[B]])
func.func @not_in_place(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %w = vit.weight "w" : tensor<6x6xf32>
  %a = vit.kernel rows ins(%x : tensor<4x6xf32>) {
  ^bb0(%p: tensor<4x6xf32>):
    %s = vit.softmax %p : tensor<4x6xf32>
    vit.yield %s : tensor<4x6xf32>
  } -> tensor<4x6xf32> loc("a")
  %b = vit.kernel linear ins(%a, %w : tensor<4x6xf32>, tensor<6x6xf32>) {
  ^bb0(%p: tensor<4x6xf32>, %m: tensor<6x6xf32>):
    %l = vit.linear %p, %m
        : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32>
    vit.yield %l : tensor<4x6xf32>
  } -> tensor<4x6xf32> loc("b")
  %c = vit.kernel rows ins(%b : tensor<4x6xf32>) {
  ^bb0(%p: tensor<4x6xf32>):
    %s = vit.softmax %p : tensor<4x6xf32>
    vit.yield %s : tensor<4x6xf32>
  } -> tensor<4x6xf32> loc("c")
  return %c : tensor<4x6xf32>
}

// -----

// Both parts are written where they belong in the result.
// CHECK-LABEL: func.func @concat
// CHECK-SAME:  (%{{.*}}: {{.*}}, %[[Y:.*]]: memref<?x5x6xf32, strided<[30, 6, 1]>>)
// CHECK:       %[[R0:.*]] = vit.row_range %[[Y]] from 0 : {{.*}} -> memref<?x1x6xf32, strided<[30, 6, 1]>>
// CHECK:       vit.step @rows_1x6 "t"(%{{.*}}, %[[R0]])
// CHECK:       %[[R1:.*]] = vit.row_range %[[Y]] from 1 : {{.*}} -> memref<?x4x6xf32, strided<[30, 6, 1]>>
// CHECK:       vit.step @rows_4x6 "s"(%{{.*}}, %[[R1]])
func.func @concat(%x: tensor<4x6xf32>) -> tensor<5x6xf32> {
  %t = vit.weight "t" : tensor<1x6xf32>
  %a = vit.kernel rows ins(%t : tensor<1x6xf32>) {
  ^bb0(%p: tensor<1x6xf32>):
    vit.yield %p : tensor<1x6xf32>
  } -> tensor<1x6xf32> loc("t")
  %b = vit.kernel rows ins(%x : tensor<4x6xf32>) {
  ^bb0(%p: tensor<4x6xf32>):
    %s = vit.softmax %p : tensor<4x6xf32>
    vit.yield %s : tensor<4x6xf32>
  } -> tensor<4x6xf32> loc("s")
  %c = vit.concat_rows %a, %b
      : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
  return %c : tensor<5x6xf32>
}

// -----

// A sum into some rows, in its own buffer: the class token stays where it is.
// CHECK-LABEL: func.func @overwrites_rows
// CHECK:       %[[Z:.*]] = vit.buffer : memref<?x5x6xf32, strided<[80, 16, 1]>>
// CHECK:       vit.step @rows_5x6 "z"(%{{.*}}, %[[Z]])
// CHECK:       %[[R:.*]] = vit.row_range %[[Z]] from 1
// CHECK:       %[[S:.*]] = vit.row_range %[[Z]] from 1
// CHECK:       vit.step @rows_4x6 "a"(%[[R]], %{{.*}}, %[[S]])
// CHECK:       vit.step @rows_5x6_v2 "y"(%[[Z]], %{{.*}})
// CHECK-NOT:   vit.buffer
func.func @overwrites_rows(%x: tensor<5x6xf32>, %u: tensor<4x6xf32>)
    -> tensor<5x6xf32> {
  %z = vit.kernel rows ins(%x : tensor<5x6xf32>) {
  ^bb0(%p: tensor<5x6xf32>):
    %s = vit.activation gelu %p : tensor<5x6xf32>
    vit.yield %s : tensor<5x6xf32>
  } -> tensor<5x6xf32> loc("z")
  %z0 = vit.slice_rows %z from 0 : tensor<5x6xf32> -> tensor<1x6xf32>
  %z1 = vit.slice_rows %z from 1 : tensor<5x6xf32> -> tensor<4x6xf32>
  %a = vit.kernel rows ins(%z1, %u : tensor<4x6xf32>, tensor<4x6xf32>) {
  ^bb0(%p: tensor<4x6xf32>, %q: tensor<4x6xf32>):
    %s = vit.add %p, %q : tensor<4x6xf32>, tensor<4x6xf32>
    vit.yield %s : tensor<4x6xf32>
  } -> tensor<4x6xf32> loc("a")
  %c = vit.concat_rows %z0, %a
      : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
  %y = vit.kernel rows ins(%c : tensor<5x6xf32>) {
  ^bb0(%p: tensor<5x6xf32>):
    %s = vit.softmax %p : tensor<5x6xf32>
    vit.yield %s : tensor<5x6xf32>
  } -> tensor<5x6xf32> loc("y")
  return %y : tensor<5x6xf32>
}

// -----

// Nested tokens lie in groups of 16, 17 of them in two groups; joining their
// words moves nothing. Weights of the lanes are dense panels of 4 to 6 outputs.
// CHECK-LABEL: func.func @lanes
// CHECK:       vit.pack %{{.*}} : tensor<4x4xf32> -> memref<1x4x4xf32>
// CHECK:       %[[L:.*]] = vit.buffer : memref<?x2x8x16xf32>
// CHECK:       vit.step @lanes_17x2x4 "l"(%{{.*}}, %{{.*}}, %[[L]]) rows 2 grain 1 columns 1 macs 544
// CHECK:       vit.step @rows_17x8 "s"(%[[L]], %{{.*}}) rows 17
func.func @lanes(%x: tensor<4x2x34xf32>) -> tensor<17x8xf32> {
  %w = vit.weight "w" : tensor<4x4xf32>
  %l = vit.kernel lanes ins(%x, %w : tensor<4x2x34xf32>, tensor<4x4xf32>) {
  ^bb0(%p: tensor<4x2x34xf32>, %m: tensor<4x4xf32>):
    %u = vit.unfold %p kernel [1, 1] stride [1, 2] padding [0, 0] tile [2, 2]
        : tensor<4x2x34xf32> -> tensor<17x2x4xf32>
    %y = vit.linear %u, %m
        : tensor<17x2x4xf32>, tensor<4x4xf32> -> tensor<17x2x4xf32>
    vit.yield %y : tensor<17x2x4xf32>
  } -> tensor<17x2x4xf32> loc("l")
  %r = vit.reshape %l : tensor<17x2x4xf32> -> tensor<17x8xf32>
  %s = vit.kernel rows ins(%r : tensor<17x8xf32>) {
  ^bb0(%p: tensor<17x8xf32>):
    %y = vit.softmax %p : tensor<17x8xf32>
    vit.yield %y : tensor<17x8xf32>
  } -> tensor<17x8xf32> loc("s")
  return %s : tensor<17x8xf32>
}
