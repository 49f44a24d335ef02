// RUN: vit-opt %s --split-input-file --vit-merge-linears \
// RUN:   --remarks-filter=vit-merge-linears --verify-diagnostics | FileCheck %s
// RUN: vit-opt %s --split-input-file --vit-merge-linears -o %t.once
// RUN: vit-opt %s --split-input-file --vit-merge-linears --vit-merge-linears -o %t.twice
// RUN: diff %t.once %t.twice

// Outputs one after the other, of different widths; no bias comes of none.
// CHECK-LABEL: @merges
// CHECK-SAME:  (%[[X:.*]]: tensor<4x6xf32>)
// CHECK-DAG:   %[[Q:.*]] = vit.weight "q"
// CHECK-DAG:   %[[K:.*]] = vit.weight "k"
// CHECK-DAG:   %[[V:.*]] = vit.weight "v"
// CHECK:       %[[W:.*]] = vit.weight_concat %[[Q]], %[[K]], %[[V]] axis 0 : tensor<3x6xf32>, tensor<3x6xf32>, tensor<2x6xf32> -> tensor<8x6xf32>
// CHECK:       %[[Y:.*]] = vit.linear %[[X]], %[[W]] : tensor<4x6xf32>, tensor<8x6xf32> -> tensor<4x8xf32>
// CHECK-DAG:   %[[YQ:.*]] = vit.slice_columns %[[Y]] from 0 : tensor<4x8xf32> -> tensor<4x3xf32>
// CHECK-DAG:   %[[YK:.*]] = vit.slice_columns %[[Y]] from 3 : tensor<4x8xf32> -> tensor<4x3xf32>
// CHECK-DAG:   %[[YV:.*]] = vit.slice_columns %[[Y]] from 6 : tensor<4x8xf32> -> tensor<4x2xf32>
// CHECK:       return %[[YQ]], %[[YK]], %[[YV]]
func.func @merges(%x: tensor<4x6xf32>)
    -> (tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x2xf32>) {
  %q = vit.weight "q" : tensor<3x6xf32>
  %k = vit.weight "k" : tensor<3x6xf32>
  %v = vit.weight "v" : tensor<2x6xf32>
  // expected-remark @+1 {{3 products of one input merged}}
  %yq = vit.linear %x, %q : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  %yk = vit.linear %x, %k : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  %yv = vit.linear %x, %v : tensor<4x6xf32>, tensor<2x6xf32> -> tensor<4x2xf32>
  return %yq, %yk, %yv : tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x2xf32>
}

// -----

// Zero where one of them has no bias (keys, in some networks); rank 3.
// CHECK-LABEL: @merges_biases
// CHECK-DAG:   %[[C:.*]] = vit.weight "c"
// CHECK-DAG:   %[[ZERO:.*]] = vit.weight_constant [0.000000e+00] each 1 : tensor<2xf32>
// CHECK:       %[[B:.*]] = vit.weight_concat %[[C]], %[[ZERO]] axis 0 : tensor<3xf32>, tensor<2xf32> -> tensor<5xf32>
// CHECK:       vit.linear %{{.*}}, %{{.*}} bias(%[[B]]) : tensor<7x4x6xf32>, tensor<5x6xf32>, tensor<5xf32> -> tensor<7x4x5xf32>
func.func @merges_biases(%x: tensor<7x4x6xf32>)
    -> (tensor<7x4x3xf32>, tensor<7x4x2xf32>) {
  %q = vit.weight "q" : tensor<3x6xf32>
  %c = vit.weight "c" : tensor<3xf32>
  %k = vit.weight "k" : tensor<2x6xf32>
  // expected-remark @+1 {{2 products of one input merged}}
  %yq = vit.linear %x, %q bias(%c)
      : tensor<7x4x6xf32>, tensor<3x6xf32>, tensor<3xf32> -> tensor<7x4x3xf32>
  %yk = vit.linear %x, %k
      : tensor<7x4x6xf32>, tensor<2x6xf32> -> tensor<7x4x2xf32>
  return %yq, %yk : tensor<7x4x3xf32>, tensor<7x4x2xf32>
}

// -----

// CHECK-LABEL: @keeps_other_inputs
// CHECK-COUNT-2: vit.linear
func.func @keeps_other_inputs(%x: tensor<4x6xf32>, %z: tensor<4x6xf32>)
    -> (tensor<4x3xf32>, tensor<4x3xf32>) {
  %w = vit.weight "w" : tensor<3x6xf32>
  %a = vit.linear %x, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  %b = vit.linear %z, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  return %a, %b : tensor<4x3xf32>, tensor<4x3xf32>
}

// -----

// The others are merged all the same.
// CHECK-LABEL: @keeps_epilogues
// CHECK-DAG:   vit.linear %{{.*}} activation gelu
// CHECK-DAG:   vit.linear %{{.*}} residual(
// CHECK-DAG:   vit.weight_concat %{{.*}}, %{{.*}} axis 0
// CHECK-DAG:   vit.linear %{{[^ ]*}}, %{{[^ ]*}} : tensor<4x6xf32>, tensor<6x6xf32>
func.func @keeps_epilogues(%x: tensor<4x6xf32>, %r: tensor<4x3xf32>)
    -> (tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>) {
  %u = vit.weight "u" : tensor<3x6xf32>
  %v = vit.weight "v" : tensor<3x6xf32>
  // expected-remark @+1 {{product kept apart from others of its input: it has an epilogue}}
  %a = vit.linear %x, %u activation gelu
      : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{product kept apart from others of its input: it has an epilogue}}
  %b = vit.linear %x, %u residual(%r)
      : tensor<4x6xf32>, tensor<3x6xf32> residual tensor<4x3xf32>
      -> tensor<4x3xf32>
  // expected-remark @+1 {{2 products of one input merged}}
  %c = vit.linear %x, %u : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  %d = vit.linear %x, %v : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  return %a, %b, %c, %d
      : tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>
}

// -----

// The second product needs the first one's result.
// CHECK-LABEL: @keeps_chain
// CHECK-COUNT-2: vit.linear
func.func @keeps_chain(%x: tensor<4x6xf32>) -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x6xf32>
  %v = vit.weight "v" : tensor<3x6xf32>
  // expected-remark @+1 {{product kept apart from others of its input: its result is needed before the last of them}}
  %a = vit.linear %x, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  %s = vit.softmax %a : tensor<4x3xf32>
  %b = vit.linear %x, %v : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  %y = vit.add %s, %b : tensor<4x3xf32>, tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// Concatenated can be weights only. Those that can't be merged have no say in
// where the others are.
// CHECK-LABEL: @keeps_given_operands
// CHECK-COUNT-1: vit.weight_concat
// CHECK-NOT:     vit.weight_concat
func.func @keeps_given_operands(%x: tensor<4x6xf32>, %w: tensor<3x6xf32>,
                                %c: tensor<3xf32>)
    -> (tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>) {
  %u = vit.weight "u" : tensor<3x6xf32>
  %v = vit.weight "v" : tensor<3x6xf32>
  // expected-remark @+1 {{2 products of one input merged}}
  %a = vit.linear %x, %u : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  %b = vit.linear %x, %v : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  %s = vit.add %a, %b : tensor<4x3xf32>, tensor<4x3xf32>
  // expected-remark @+1 {{product kept apart from others of its input: an operand is no weight}}
  %d = vit.linear %x, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{product kept apart from others of its input: an operand is no weight}}
  %e = vit.linear %x, %u bias(%c)
      : tensor<4x6xf32>, tensor<3x6xf32>, tensor<3xf32> -> tensor<4x3xf32>
  return %s, %d, %e : tensor<4x3xf32>, tensor<4x3xf32>, tensor<4x3xf32>
}

// -----

// The halves of a gated MLP stay apart.
// CHECK-LABEL: @keeps_gated
// CHECK-COUNT-2: vit.linear {{.*}} -> tensor<4x3xf32>
// CHECK-NOT:     vit.slice_columns
func.func @keeps_gated(%x: tensor<4x6xf32>) -> tensor<4x3xf32> {
  %g = vit.weight "g" : tensor<3x6xf32>
  %v = vit.weight "v" : tensor<3x6xf32>
  // expected-remark @+1 {{product kept apart from others of its input: elementwise ops read its result}}
  %yg = vit.linear %x, %g : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{product kept apart from others of its input: elementwise ops read its result}}
  %yv = vit.linear %x, %v : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  %a = vit.activation silu %yg : tensor<4x3xf32>
  %y = vit.mul %a, %yv : tensor<4x3xf32>, tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}
