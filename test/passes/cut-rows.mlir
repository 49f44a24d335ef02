// RUN: vit-opt %s --split-input-file --vit-cut-rows \
// RUN:   --remarks-filter=vit-cut-rows --verify-diagnostics | FileCheck %s
// RUN: vit-opt %s --split-input-file --vit-cut-rows -o %t.once
// RUN: vit-opt %s --split-input-file --vit-cut-rows --vit-cut-rows -o %t.twice
// RUN: diff %t.once %t.twice

// A last block: from the class token back. Keys and values stay whole.
// CHECK-LABEL: @cuts_to_class_token
// CHECK-SAME:  (%[[X:.*]]: tensor<9x6xf32>, %[[W:.*]]: tensor<6x6xf32>, %[[V:.*]]: tensor<6x6xf32>)
// CHECK-DAG:   %[[K:.*]] = vit.linear %[[X]], %[[V]] : tensor<9x6xf32>
// CHECK-DAG:   %[[X0:.*]] = vit.slice_rows %[[X]] from 0 : tensor<9x6xf32> -> tensor<1x6xf32>
// CHECK-DAG:   %[[Q:.*]] = vit.linear %[[X0]], %[[W]] : tensor<1x6xf32>, tensor<6x6xf32> -> tensor<1x6xf32>
// CHECK-DAG:   %[[A:.*]] = vit.attention %[[Q]], %[[K]], %[[K]] heads 2 scale 5.000000e-01 : tensor<1x6xf32>, tensor<9x6xf32>, tensor<9x6xf32> -> tensor<1x6xf32>
// CHECK-DAG:   %[[R:.*]] = vit.slice_rows %[[X]] from 0
// CHECK-DAG:   %[[P:.*]] = vit.linear %[[A]], %[[W]] residual(%[[R]]) : tensor<1x6xf32>
// CHECK:       %[[N:.*]] = vit.layer_norm %[[P]] eps {{.*}} : tensor<1x6xf32>
// CHECK:       %[[S:.*]] = vit.softmax %[[N]] : tensor<1x6xf32>
// CHECK:       return %[[S]]
func.func @cuts_to_class_token(%x: tensor<9x6xf32>, %w: tensor<6x6xf32>,
                               %v: tensor<6x6xf32>) -> tensor<1x6xf32> {
  // expected-remark @+1 {{computes rows 0 to 0 of 9}}
  %q = vit.linear %x, %w : tensor<9x6xf32>, tensor<6x6xf32> -> tensor<9x6xf32>
  %k = vit.linear %x, %v : tensor<9x6xf32>, tensor<6x6xf32> -> tensor<9x6xf32>
  // expected-remark @+1 {{computes rows 0 to 0 of 9}}
  %a = vit.attention %q, %k, %k heads 2 scale 0.5
      : tensor<9x6xf32>, tensor<9x6xf32>, tensor<9x6xf32> -> tensor<9x6xf32>
  // expected-remark @+1 {{computes rows 0 to 0 of 9}}
  %p = vit.linear %a, %w residual(%x)
      : tensor<9x6xf32>, tensor<6x6xf32> residual tensor<9x6xf32>
      -> tensor<9x6xf32>
  // expected-remark @+1 {{computes rows 0 to 0 of 9}}
  %n = vit.layer_norm %p eps 0.125 : tensor<9x6xf32>
  // expected-remark @+1 {{computes rows 0 to 0 of 9}}
  %s = vit.softmax %n : tensor<9x6xf32>
  %c = vit.slice_rows %s from 0 : tensor<9x6xf32> -> tensor<1x6xf32>
  return %c : tensor<1x6xf32>
}

// -----

// Two readers: the hull of their rows, and each its part of it. Vectors belong
// to all rows, tables are cut when packing.
// CHECK-LABEL: @cuts_to_hull
// CHECK-SAME:  (%[[X:.*]]: tensor<9x6xf32>, %[[V:.*]]: tensor<6xf32>)
// CHECK-DAG:   %[[T:.*]] = vit.weight "t"
// CHECK-DAG:   %[[X0:.*]] = vit.slice_rows %[[X]] from 2 : tensor<9x6xf32> -> tensor<3x6xf32>
// CHECK-DAG:   %[[T0:.*]] = vit.weight_slice %[[T]] axis 0 from 2 : tensor<9x6xf32> -> tensor<3x6xf32>
// CHECK-DAG:   %[[A:.*]] = vit.add %[[X0]], %[[T0]] : tensor<3x6xf32>, tensor<3x6xf32>
// CHECK-DAG:   %[[M:.*]] = vit.mul %[[A]], %[[V]] : tensor<3x6xf32>, tensor<6xf32>
// CHECK-DAG:   %[[G:.*]] = vit.activation gelu %[[M]] : tensor<3x6xf32>
// CHECK-DAG:   %[[R0:.*]] = vit.slice_rows %[[G]] from 0 : tensor<3x6xf32> -> tensor<1x6xf32>
// CHECK-DAG:   %[[R1:.*]] = vit.slice_rows %[[G]] from 1 : tensor<3x6xf32> -> tensor<2x6xf32>
// CHECK:       return %[[R0]], %[[R1]]
func.func @cuts_to_hull(%x: tensor<9x6xf32>, %v: tensor<6xf32>)
    -> (tensor<1x6xf32>, tensor<2x6xf32>) {
  %t = vit.weight "t" : tensor<9x6xf32>
  // expected-remark @+1 {{computes rows 2 to 4 of 9}}
  %a = vit.add %x, %t : tensor<9x6xf32>, tensor<9x6xf32>
  // expected-remark @+1 {{computes rows 2 to 4 of 9}}
  %m = vit.mul %a, %v : tensor<9x6xf32>, tensor<6xf32>
  // expected-remark @+1 {{computes rows 2 to 4 of 9}}
  %g = vit.activation gelu %m : tensor<9x6xf32>
  %r0 = vit.slice_rows %g from 2 : tensor<9x6xf32> -> tensor<1x6xf32>
  %r1 = vit.slice_rows %g from 3 : tensor<9x6xf32> -> tensor<2x6xf32>
  return %r0, %r1 : tensor<1x6xf32>, tensor<2x6xf32>
}

// -----

// A norm is cheap enough to be made a second time for a few rows.
// CHECK-LABEL: @repeats_norm
// CHECK-DAG:   %[[N:.*]] = vit.layer_norm %{{.*}} : tensor<9x6xf32>
// CHECK-DAG:   %[[N0:.*]] = vit.layer_norm %{{.*}} : tensor<1x6xf32>
// CHECK:       return %[[N]], %[[N0]]
func.func @repeats_norm(%x: tensor<9x6xf32>)
    -> (tensor<9x6xf32>, tensor<1x6xf32>) {
  // expected-remark @+1 {{computes rows 8 to 8 of 9}}
  %n = vit.layer_norm %x eps 0.125 : tensor<9x6xf32>
  %c = vit.slice_rows %n from 8 : tensor<9x6xf32> -> tensor<1x6xf32>
  return %n, %c : tensor<9x6xf32>, tensor<1x6xf32>
}

// -----

// One value in two roles is cut in one of them only.
// CHECK-LABEL: @cuts_by_role
// CHECK-SAME:  (%[[X:.*]]: tensor<6x6xf32>)
// CHECK-DAG:   %[[X0:.*]] = vit.slice_rows %[[X]] from 0
// CHECK-DAG:   %[[X1:.*]] = vit.slice_rows %[[X]] from 1
// CHECK-DAG:   %[[A:.*]] = vit.attention %[[X0]], %[[X]], %[[X]] heads 1
// CHECK-DAG:   %[[L:.*]] = vit.linear %[[X1]], %[[X]] : tensor<1x6xf32>, tensor<6x6xf32> -> tensor<1x6xf32>
// CHECK:       return %[[A]], %[[L]]
func.func @cuts_by_role(%x: tensor<6x6xf32>)
    -> (tensor<1x6xf32>, tensor<1x6xf32>) {
  // expected-remark @+1 {{computes rows 0 to 0 of 6}}
  %a = vit.attention %x, %x, %x heads 1 scale 1.0
      : tensor<6x6xf32>, tensor<6x6xf32>, tensor<6x6xf32> -> tensor<6x6xf32>
  // expected-remark @+1 {{computes rows 1 to 1 of 6}}
  %l = vit.linear %x, %x : tensor<6x6xf32>, tensor<6x6xf32> -> tensor<6x6xf32>
  %a0 = vit.slice_rows %a from 0 : tensor<6x6xf32> -> tensor<1x6xf32>
  %l1 = vit.slice_rows %l from 1 : tensor<6x6xf32> -> tensor<1x6xf32>
  return %a0, %l1 : tensor<1x6xf32>, tensor<1x6xf32>
}

// -----

// CHECK-LABEL: @keeps_most_rows
// CHECK:       vit.activation gelu %{{.*}} : tensor<9x6xf32>
func.func @keeps_most_rows(%x: tensor<9x6xf32>) -> tensor<5x6xf32> {
  // expected-remark @+1 {{computes all rows: more than half of them are read}}
  %g = vit.activation gelu %x : tensor<9x6xf32>
  %r = vit.slice_rows %g from 1 : tensor<9x6xf32> -> tensor<5x6xf32>
  return %r : tensor<5x6xf32>
}

// -----

// Exactly half is cut.
// CHECK-LABEL: @cuts_half
// CHECK:       vit.activation gelu %{{.*}} : tensor<4x6xf32>
func.func @cuts_half(%x: tensor<8x6xf32>) -> tensor<4x6xf32> {
  // expected-remark @+1 {{computes rows 4 to 7 of 8}}
  %g = vit.activation gelu %x : tensor<8x6xf32>
  %r = vit.slice_rows %g from 4 : tensor<8x6xf32> -> tensor<4x6xf32>
  return %r : tensor<4x6xf32>
}

// -----

// CHECK-LABEL: @keeps_for_other_reader
// CHECK:       vit.activation gelu %{{.*}} : tensor<9x6xf32>
func.func @keeps_for_other_reader(%x: tensor<9x6xf32>)
    -> (tensor<1x6xf32>, tensor<9x6xf32>) {
  %g = vit.activation gelu %x : tensor<9x6xf32>
  %r = vit.slice_rows %g from 0 : tensor<9x6xf32> -> tensor<1x6xf32>
  return %r, %g : tensor<1x6xf32>, tensor<9x6xf32>
}

// -----

// CHECK-LABEL: @keeps_dependent_rows
// CHECK:       vit.unfold %{{.*}} -> tensor<9x6xf32>
// CHECK:       vit.add %{{.*}}, %{{.*}} row 1 : tensor<9x6xf32>
func.func @keeps_dependent_rows(%x: tensor<1x18x3xf32>, %t: tensor<9x6xf32>,
                                %u: tensor<2x6xf32>)
    -> (tensor<1x6xf32>, tensor<1x6xf32>) {
  // expected-remark @+1 {{computes all rows: vit.unfold can't make some of them}}
  %p = vit.unfold %x kernel [2, 3] stride [2, 3] padding [0, 0]
      : tensor<1x18x3xf32> -> tensor<9x6xf32>
  %p0 = vit.slice_rows %p from 0 : tensor<9x6xf32> -> tensor<1x6xf32>
  // expected-remark @+1 {{computes all rows: vit.add can't make some of them}}
  %a = vit.add %t, %u row 1 : tensor<9x6xf32>, tensor<2x6xf32>
  %a0 = vit.slice_rows %a from 0 : tensor<9x6xf32> -> tensor<1x6xf32>
  return %p0, %a0 : tensor<1x6xf32>, tensor<1x6xf32>
}

// -----

// The class token's row of a map needs the query of one token, and the keys of
// all.
// CHECK-LABEL: @class_row_of_map
// CHECK-SAME:  (%[[X:.*]]: tensor<9x6xf32>)
// CHECK:       %[[ROW:.*]] = vit.slice_rows %[[X]] from 0
// CHECK:       %[[Q:.*]] = vit.linear %[[ROW]], %{{.*}} -> tensor<1x6xf32>
// CHECK:       %[[K:.*]] = vit.linear %[[X]], %{{.*}} -> tensor<9x6xf32>
// CHECK:       vit.attention_map %[[Q]], %[[K]]
func.func @class_row_of_map(%x: tensor<9x6xf32>) -> tensor<2x1x9xf32> {
  %w = vit.weight "w" : tensor<6x6xf32>
  %u = vit.weight "u" : tensor<6x6xf32>
  // expected-remark @+1 {{computes rows 0 to 0 of 9}}
  %q = vit.linear %x, %w : tensor<9x6xf32>, tensor<6x6xf32> -> tensor<9x6xf32>
  %k = vit.linear %x, %u : tensor<9x6xf32>, tensor<6x6xf32> -> tensor<9x6xf32>
  %r = vit.slice_rows %q from 0 : tensor<9x6xf32> -> tensor<1x6xf32>
  %m = vit.attention_map %r, %k heads 2 scale 1.0
      : tensor<1x6xf32>, tensor<9x6xf32> -> tensor<2x1x9xf32>
  return %m : tensor<2x1x9xf32>
}

// -----

// Every part of a concatenation, weights too, and a norm of groups.
// CHECK-LABEL: @cuts_parts
// CHECK-DAG:   %[[T0:.*]] = vit.weight_slice %{{.*}} axis 0 from 1 : tensor<9x2xf32> -> tensor<1x2xf32>
// CHECK-DAG:   %[[N:.*]] = vit.layer_norm %{{.*}} groups 2 eps {{.*}} : tensor<1x6xf32>
// CHECK:       %[[Y:.*]] = vit.concat_columns %[[N]], %[[T0]] : tensor<1x6xf32>, tensor<1x2xf32> -> tensor<1x8xf32>
// CHECK:       return %[[Y]]
func.func @cuts_parts(%x: tensor<9x6xf32>) -> tensor<1x8xf32> {
  %t = vit.weight "t" : tensor<9x2xf32>
  // expected-remark @+1 {{computes rows 1 to 1 of 9}}
  %n = vit.layer_norm %x groups 2 eps 0.125 : tensor<9x6xf32>
  // expected-remark @+1 {{computes rows 1 to 1 of 9}}
  %y = vit.concat_columns %n, %t
      : tensor<9x6xf32>, tensor<9x2xf32> -> tensor<9x8xf32>
  %c = vit.slice_rows %y from 1 : tensor<9x8xf32> -> tensor<1x8xf32>
  return %c : tensor<1x8xf32>
}
