// RUN: vit-opt %s --split-input-file --vit-fold-layer-norm \
// RUN:   --remarks-filter=vit-fold-layer-norm --verify-diagnostics | FileCheck %s
// RUN: vit-opt %s --split-input-file --vit-fold-layer-norm -o %t.once
// RUN: vit-opt %s --split-input-file --vit-fold-layer-norm --vit-fold-layer-norm -o %t.twice
// RUN: diff %t.once %t.twice

// w diag(g) along the inputs, w b as the bias.
// CHECK-LABEL: @folds
// CHECK-SAME:  (%[[X:.*]]: tensor<4x6xf32>)
// CHECK-DAG:   %[[G:.*]] = vit.weight "g"
// CHECK-DAG:   %[[B:.*]] = vit.weight "b"
// CHECK-DAG:   %[[W:.*]] = vit.weight "w"
// CHECK:       %[[N:.*]] = vit.layer_norm %[[X]] eps 1.250000e-01 : tensor<4x6xf32>
// CHECK:       %[[WG:.*]] = vit.weight_scale %[[W]], %[[G]] axis 1 : tensor<3x6xf32>, tensor<6xf32>
// CHECK:       %[[WB:.*]] = vit.weight_matvec %[[W]], %[[B]] : tensor<3x6xf32>, tensor<6xf32> -> tensor<3xf32>
// CHECK:       vit.linear %[[N]], %[[WG]] bias(%[[WB]])
// CHECK-NOT:   vit.
func.func @folds(%x: tensor<4x6xf32>) -> tensor<4x3xf32> {
  %g = vit.weight "g" : tensor<6xf32>
  %b = vit.weight "b" : tensor<6xf32>
  %w = vit.weight "w" : tensor<3x6xf32>
  // expected-remark @+1 {{scale and shift folded into the product behind}}
  %n = vit.layer_norm %x, %g, %b eps 0.125
      : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
  %y = vit.linear %n, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// c + w b; the epilogue stays.
// CHECK-LABEL: @adds_to_bias
// CHECK-DAG:   %[[C:.*]] = vit.weight "c"
// CHECK:       %[[WB:.*]] = vit.weight_matvec
// CHECK:       %[[SUM:.*]] = vit.weight_add %[[C]], %[[WB]] : tensor<3xf32>
// CHECK:       vit.linear %{{.*}}, %{{.*}} bias(%[[SUM]]) activation gelu residual(
func.func @adds_to_bias(%x: tensor<4x6xf32>, %r: tensor<4x3xf32>)
    -> tensor<4x3xf32> {
  %g = vit.weight "g" : tensor<6xf32>
  %b = vit.weight "b" : tensor<6xf32>
  %w = vit.weight "w" : tensor<3x6xf32>
  %c = vit.weight "c" : tensor<3xf32>
  // expected-remark @+1 {{scale and shift folded}}
  %n = vit.layer_norm %x, %g, %b eps 0.125
      : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
  %y = vit.linear %n, %w bias(%c) activation gelu residual(%r)
      : tensor<4x6xf32>, tensor<3x6xf32>, tensor<3xf32>
      residual tensor<4x3xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// Each product has its own fold; who reads the norm itself keeps it.
// CHECK-LABEL: @each_reader
// CHECK-DAG:   %[[G:.*]] = vit.weight "g"
// CHECK-DAG:   %[[W0:.*]] = vit.weight "w0"
// CHECK-DAG:   %[[W1:.*]] = vit.weight "w1"
// CHECK:       %[[AFFINE:.*]] = vit.layer_norm %{{.*}}, %[[G]], %{{.*}} eps
// CHECK-DAG:   %[[S0:.*]] = vit.weight_scale %[[W0]], %[[G]] axis 1
// CHECK-DAG:   %[[S1:.*]] = vit.weight_scale %[[W1]], %[[G]] axis 1
// CHECK-DAG:   vit.linear %{{.*}}, %[[S0]] bias
// CHECK-DAG:   vit.linear %{{.*}}, %[[S1]] bias(%{{.*}}) residual(%[[AFFINE]])
func.func @each_reader(%x: tensor<4x6xf32>)
    -> (tensor<4x3xf32>, tensor<4x6xf32>) {
  %g = vit.weight "g" : tensor<6xf32>
  %b = vit.weight "b" : tensor<6xf32>
  %w0 = vit.weight "w0" : tensor<3x6xf32>
  %w1 = vit.weight "w1" : tensor<6x6xf32>
  // expected-remark @+2 {{scale and shift folded}}
  // expected-remark @+1 {{scale and shift kept: the result is read as it is}}
  %n = vit.layer_norm %x, %g, %b eps 0.125
      : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
  %y0 = vit.linear %n, %w0 : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  %y1 = vit.linear %n, %w1 residual(%n)
      : tensor<4x6xf32>, tensor<6x6xf32> residual tensor<4x6xf32>
      -> tensor<4x6xf32>
  return %y0, %y1 : tensor<4x3xf32>, tensor<4x6xf32>
}

// -----

// A row of the product holds two normalised rows: scale and shift twice.
// CHECK-LABEL: @through_reshape
// CHECK-DAG:   %[[G:.*]] = vit.weight "g"
// CHECK-DAG:   %[[B:.*]] = vit.weight "b"
// CHECK-DAG:   %[[W:.*]] = vit.weight "w"
// CHECK-DAG:   %[[N:.*]] = vit.layer_norm %{{[^,]*}} eps
// CHECK-DAG:   %[[G1:.*]] = vit.weight_reshape %[[G]] : tensor<6xf32> -> tensor<1x6xf32>
// CHECK-DAG:   %[[G2:.*]] = vit.weight_repeat %[[G1]] axis 0 : tensor<1x6xf32> -> tensor<2x6xf32>
// CHECK-DAG:   %[[GG:.*]] = vit.weight_reshape %[[G2]] : tensor<2x6xf32> -> tensor<12xf32>
// CHECK-DAG:   %[[B1:.*]] = vit.weight_reshape %[[B]] : tensor<6xf32> -> tensor<1x6xf32>
// CHECK-DAG:   %[[B2:.*]] = vit.weight_repeat %[[B1]] axis 0 : tensor<1x6xf32> -> tensor<2x6xf32>
// CHECK-DAG:   %[[BB:.*]] = vit.weight_reshape %[[B2]] : tensor<2x6xf32> -> tensor<12xf32>
// CHECK-DAG:   %[[WG:.*]] = vit.weight_scale %[[W]], %[[GG]] axis 1
// CHECK-DAG:   %[[WB:.*]] = vit.weight_matvec %[[W]], %[[BB]]
// CHECK-DAG:   %[[R:.*]] = vit.reshape %[[N]] : tensor<5x2x6xf32> -> tensor<5x12xf32>
// CHECK:       vit.linear %[[R]], %[[WG]] bias(%[[WB]])
func.func @through_reshape(%x: tensor<5x2x6xf32>) -> tensor<5x3xf32> {
  %g = vit.weight "g" : tensor<6xf32>
  %b = vit.weight "b" : tensor<6xf32>
  %w = vit.weight "w" : tensor<3x12xf32>
  // expected-remark @+1 {{scale and shift folded}}
  %n = vit.layer_norm %x, %g, %b eps 0.125
      : tensor<5x2x6xf32>, tensor<6xf32>, tensor<6xf32>
  %r = vit.reshape %n : tensor<5x2x6xf32> -> tensor<5x12xf32>
  %y = vit.linear %r, %w
      : tensor<5x12xf32>, tensor<3x12xf32> -> tensor<5x3xf32>
  return %y : tensor<5x3xf32>
}

// -----

// CHECK-LABEL: @keeps_split_rows
// CHECK:       vit.layer_norm %{{.*}}, %{{.*}}, %{{.*}} eps
// CHECK-NOT:   vit.weight_scale
func.func @keeps_split_rows(%x: tensor<4x6xf32>) -> tensor<8x2xf32> {
  %g = vit.weight "g" : tensor<6xf32>
  %b = vit.weight "b" : tensor<6xf32>
  %w = vit.weight "w" : tensor<2x3xf32>
  // expected-remark @+1 {{scale and shift kept: a reshape splits the normalised rows}}
  %n = vit.layer_norm %x, %g, %b eps 0.125
      : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
  %r = vit.reshape %n : tensor<4x6xf32> -> tensor<8x3xf32>
  %y = vit.linear %r, %w : tensor<8x3xf32>, tensor<2x3xf32> -> tensor<8x2xf32>
  return %y : tensor<8x2xf32>
}

// -----

// Heads of three channels: scale and shift once for each.
// CHECK-LABEL: @groups
// CHECK-DAG:   %[[N:.*]] = vit.layer_norm %{{[^,]*}} groups 2 eps
// CHECK-DAG:   %[[GG:.*]] = vit.weight_reshape %{{.*}} : tensor<2x3xf32> -> tensor<6xf32>
// CHECK-DAG:   %[[WG:.*]] = vit.weight_scale %{{.*}}, %[[GG]] axis 1
// CHECK:       vit.linear %[[N]], %[[WG]] bias
func.func @groups(%x: tensor<4x6xf32>) -> tensor<4x2xf32> {
  %g = vit.weight "g" : tensor<3xf32>
  %b = vit.weight "b" : tensor<3xf32>
  %w = vit.weight "w" : tensor<2x6xf32>
  // expected-remark @+1 {{scale and shift folded}}
  %n = vit.layer_norm %x, %g, %b groups 2 eps 0.125
      : tensor<4x6xf32>, tensor<3xf32>, tensor<3xf32>
  %y = vit.linear %n, %w : tensor<4x6xf32>, tensor<2x6xf32> -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

// CHECK-LABEL: @keeps_split_groups
// CHECK:       vit.layer_norm %{{.*}}, %{{.*}}, %{{.*}} groups 2 eps
// CHECK-NOT:   vit.weight_scale
func.func @keeps_split_groups(%x: tensor<4x6xf32>) -> tensor<12x2xf32> {
  %g = vit.weight "g" : tensor<3xf32>
  %b = vit.weight "b" : tensor<3xf32>
  %w = vit.weight "w" : tensor<2x2xf32>
  // expected-remark @+1 {{scale and shift kept: a reshape splits the normalised rows}}
  %n = vit.layer_norm %x, %g, %b groups 2 eps 0.125
      : tensor<4x6xf32>, tensor<3xf32>, tensor<3xf32>
  %r = vit.reshape %n : tensor<4x6xf32> -> tensor<12x2xf32>
  %y = vit.linear %r, %w
      : tensor<12x2xf32>, tensor<2x2xf32> -> tensor<12x2xf32>
  return %y : tensor<12x2xf32>
}

// -----

// Scores of queries and keys are no product with a weight: what an attention
// reads keeps its scale and shift.
// CHECK-LABEL: @keeps_before_attention
// CHECK:       vit.layer_norm %{{.*}}, %{{.*}}, %{{.*}} groups 2 eps
// CHECK-NOT:   vit.weight_scale
func.func @keeps_before_attention(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %g = vit.weight "g" : tensor<3xf32>
  %b = vit.weight "b" : tensor<3xf32>
  %w = vit.weight "w" : tensor<6x6xf32>
  %q = vit.linear %x, %w : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32>
  // expected-remark @+1 {{scale and shift kept: the result is read as it is}}
  %n = vit.layer_norm %q, %g, %b groups 2 eps 0.125
      : tensor<4x6xf32>, tensor<3xf32>, tensor<3xf32>
  %o = vit.attention %n, %x, %x heads 2 scale 0.5
      : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32>
  return %o : tensor<4x6xf32>
}

// -----

// Folding without end would be wrong: there is nothing left to fold.
// CHECK-LABEL: @keeps_plain_norm
// CHECK:       %[[N:.*]] = vit.layer_norm %{{.*}} eps
// CHECK-NEXT:  vit.linear %[[N]], %{{[^ ]*}} : tensor
func.func @keeps_plain_norm(%x: tensor<4x6xf32>) -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x6xf32>
  %n = vit.layer_norm %x eps 0.125 : tensor<4x6xf32>
  %y = vit.linear %n, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// Weight ops take weights only: what a function is given is none.
// CHECK-LABEL: @keeps_given_scale
// CHECK:       vit.layer_norm %{{.*}}, %{{.*}}, %{{.*}} eps
// CHECK-NOT:   vit.weight_scale
func.func @keeps_given_scale(%x: tensor<4x6xf32>, %g: tensor<6xf32>)
    -> tensor<4x3xf32> {
  %b = vit.weight "b" : tensor<6xf32>
  %w = vit.weight "w" : tensor<3x6xf32>
  // expected-remark @+1 {{scale and shift kept: they are no weights}}
  %n = vit.layer_norm %x, %g, %b eps 0.125
      : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
  %y = vit.linear %n, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_given_shift
// CHECK-NOT:   vit.weight_matvec
func.func @keeps_given_shift(%x: tensor<4x6xf32>, %b: tensor<6xf32>)
    -> tensor<4x3xf32> {
  %g = vit.weight "g" : tensor<6xf32>
  %w = vit.weight "w" : tensor<3x6xf32>
  // expected-remark @+1 {{scale and shift kept: they are no weights}}
  %n = vit.layer_norm %x, %g, %b eps 0.125
      : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
  %y = vit.linear %n, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_before_given_weight
// CHECK-NOT:   vit.weight_scale
func.func @keeps_before_given_weight(%x: tensor<4x6xf32>, %w: tensor<3x6xf32>)
    -> tensor<4x3xf32> {
  %g = vit.weight "g" : tensor<6xf32>
  %b = vit.weight "b" : tensor<6xf32>
  // expected-remark @+1 {{scale and shift kept: an operand of the product behind is no weight}}
  %n = vit.layer_norm %x, %g, %b eps 0.125
      : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
  %y = vit.linear %n, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_before_given_bias
// CHECK-NOT:   vit.weight_add
func.func @keeps_before_given_bias(%x: tensor<4x6xf32>, %c: tensor<3xf32>)
    -> tensor<4x3xf32> {
  %g = vit.weight "g" : tensor<6xf32>
  %b = vit.weight "b" : tensor<6xf32>
  %w = vit.weight "w" : tensor<3x6xf32>
  // expected-remark @+1 {{scale and shift kept: an operand of the product behind is no weight}}
  %n = vit.layer_norm %x, %g, %b eps 0.125
      : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
  %y = vit.linear %n, %w bias(%c)
      : tensor<4x6xf32>, tensor<3x6xf32>, tensor<3xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}
