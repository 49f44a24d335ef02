// RUN: vit-opt %s --split-input-file --vit-form-kernels \
// RUN:   --remarks-filter=vit-form-kernels --verify-diagnostics | FileCheck %s
// RUN: vit-opt %s --split-input-file --vit-form-kernels -o %t.once
// RUN: vit-opt %s --split-input-file --vit-form-kernels --vit-form-kernels -o %t.twice
// RUN: diff %t.once %t.twice

// Each product takes a plain norm along, so two of them make it twice.
// CHECK-LABEL: @product_takes_norm
// CHECK-SAME:  (%[[X:.*]]: tensor<4x6xf32>)
// CHECK-DAG:   %[[W:.*]] = vit.weight "w"
// CHECK:       %[[A:.*]] = vit.kernel linear ins(%[[X]], %[[W]] : tensor<4x6xf32>, tensor<6x6xf32>)
// CHECK-NEXT:  ^bb0(%[[P:.*]]: tensor<4x6xf32>, %[[M:.*]]: tensor<6x6xf32>):
// CHECK-NEXT:    %[[N:.*]] = vit.layer_norm %[[P]] eps
// CHECK-NEXT:    %[[Y:.*]] = vit.linear %[[N]], %[[M]] activation gelu
// CHECK-NEXT:    vit.yield %[[Y]]
// CHECK:       %[[B:.*]] = vit.kernel linear
// CHECK:         vit.layer_norm
// CHECK:         vit.linear %{{.*}} residual(
// CHECK:       return %[[B]]
// CHECK-NOT:   vit.layer_norm
func.func @product_takes_norm(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %w = vit.weight "w" : tensor<6x6xf32>
  %n = vit.layer_norm %x eps 0.125 : tensor<4x6xf32>
  // expected-remark @+1 {{linear kernel of layer_norm, linear}}
  %a = vit.linear %n, %w activation gelu
      : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32>
  // expected-remark @+1 {{linear kernel of layer_norm, linear}}
  %b = vit.linear %n, %w residual(%a)
      : tensor<4x6xf32>, tensor<6x6xf32> residual tensor<4x6xf32>
      -> tensor<4x6xf32>
  return %b : tensor<4x6xf32>
}

// -----

// An affine norm would be read in a form that the product does not have.
// CHECK-LABEL: @product_leaves_affine_norm
// CHECK:       vit.kernel rows
// CHECK:         vit.layer_norm
// CHECK:       vit.kernel linear
// CHECK-NEXT:  ^bb0
// CHECK-NEXT:    vit.linear
func.func @product_leaves_affine_norm(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %w = vit.weight "w" : tensor<6x6xf32>
  %g = vit.weight "g" : tensor<6xf32>
  // expected-remark @+1 {{rows kernel of layer_norm}}
  %n = vit.layer_norm %x, %g, %g eps 0.125
      : tensor<4x6xf32>, tensor<6xf32>, tensor<6xf32>
  // expected-remark @+1 {{linear kernel of linear}}
  %a = vit.linear %n, %w
      : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32>
  return %a : tensor<4x6xf32>
}

// -----

// The stem gathers its windows, and writes them nowhere.
// CHECK-LABEL: @product_takes_unfold
// CHECK:       vit.kernel linear ins(%{{.*}}, %{{.*}} : tensor<1x4x4xf32>, tensor<6x4xf32>)
// CHECK:         vit.unfold
// CHECK:         vit.linear
// CHECK:       } -> tensor<4x6xf32>
func.func @product_takes_unfold(%x: tensor<1x4x4xf32>) -> tensor<4x6xf32> {
  %w = vit.weight "w" : tensor<6x4xf32>
  %u = vit.unfold %x kernel [2, 2] stride [2, 2] padding [0, 0]
      : tensor<1x4x4xf32> -> tensor<4x4xf32>
  // expected-remark @+1 {{linear kernel of unfold, linear}}
  %a = vit.linear %u, %w : tensor<4x4xf32>, tensor<6x4xf32> -> tensor<4x6xf32>
  return %a : tensor<4x6xf32>
}

// -----

// Windows that another op reads too are gathered for it once more.
// CHECK-LABEL: @unfold_alone
// CHECK:       vit.kernel rows
// CHECK:         vit.unfold
// CHECK:       } -> tensor<4x4xf32>
// CHECK:       vit.kernel linear
// CHECK:         vit.unfold
func.func @unfold_alone(%x: tensor<1x4x4xf32>)
    -> (tensor<4x6xf32>, tensor<4x4xf32>) {
  %w = vit.weight "w" : tensor<6x4xf32>
  // expected-remark @+1 {{rows kernel of unfold}}
  %u = vit.unfold %x kernel [2, 2] stride [2, 2] padding [0, 0]
      : tensor<1x4x4xf32> -> tensor<4x4xf32>
  // expected-remark @+1 {{linear kernel of unfold, linear}}
  %a = vit.linear %u, %w : tensor<4x4xf32>, tensor<6x4xf32> -> tensor<4x6xf32>
  return %a, %u : tensor<4x6xf32>, tensor<4x4xf32>
}

// -----

// Slices of q k v are addresses inside the kernel. A map is a kernel too.
// CHECK-LABEL: @attention_takes_slices
// CHECK-SAME:  (%[[X:.*]]: tensor<4x18xf32>)
// CHECK:       vit.kernel attention ins(%[[X]] : tensor<4x18xf32>)
// CHECK-COUNT-3: vit.slice_columns
// CHECK:         vit.attention
// CHECK:       } -> tensor<4x6xf32>
// CHECK:       vit.kernel attention ins(%[[X]] : tensor<4x18xf32>)
// CHECK-COUNT-2: vit.slice_columns
// CHECK:         vit.attention_map
// CHECK:       } -> tensor<2x4x4xf32>
func.func @attention_takes_slices(%x: tensor<4x18xf32>)
    -> (tensor<4x6xf32>, tensor<2x4x4xf32>) {
  %q = vit.slice_columns %x from 0 : tensor<4x18xf32> -> tensor<4x6xf32>
  %k = vit.slice_columns %x from 6 : tensor<4x18xf32> -> tensor<4x6xf32>
  %v = vit.slice_columns %x from 12 : tensor<4x18xf32> -> tensor<4x6xf32>
  // expected-remark @+1 {{attention kernel of slice_columns, slice_columns, slice_columns, attention}}
  %a = vit.attention %q, %k, %v heads 2 scale 0.5
      : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32>
  // expected-remark @+1 {{attention kernel of slice_columns, slice_columns, attention_map}}
  %m = vit.attention_map %q, %k heads 2 scale 0.5
      : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<2x4x4xf32>
  return %a, %m : tensor<4x6xf32>, tensor<2x4x4xf32>
}

// -----

// Ops on rows take slices along too; others read a slice of its own.
// CHECK-LABEL: @rows_take_slices
// CHECK-SAME:  (%[[X:.*]]: tensor<4x12xf32>)
// CHECK:       %[[B:.*]] = vit.kernel rows ins(%[[X]] : tensor<4x12xf32>)
// CHECK:         vit.slice_columns %{{.*}} from 6
// CHECK-NEXT:    vit.yield
// CHECK:       vit.kernel rows ins(%[[X]] : tensor<4x12xf32>)
// CHECK:         vit.slice_columns %{{.*}} from 0
// CHECK-NEXT:    vit.slice_columns %{{.*}} from 6
// CHECK-NEXT:    vit.activation
// CHECK-NEXT:    vit.mul
// CHECK:       vit.kernel pool ins(%[[B]] : tensor<4x6xf32>)
func.func @rows_take_slices(%x: tensor<4x12xf32>)
    -> (tensor<4x6xf32>, tensor<1x6xf32>) {
  %a = vit.slice_columns %x from 0 : tensor<4x12xf32> -> tensor<4x6xf32>
  // expected-remark @+1 {{rows kernel of slice_columns}}
  %b = vit.slice_columns %x from 6 : tensor<4x12xf32> -> tensor<4x6xf32>
  %g = vit.activation silu %a : tensor<4x6xf32>
  // expected-remark @+1 {{rows kernel of slice_columns, slice_columns, activation, mul}}
  %y = vit.mul %g, %b : tensor<4x6xf32>, tensor<4x6xf32>
  // expected-remark @+1 {{pool kernel of pool}}
  %p = vit.pool mean %b : tensor<4x6xf32> -> tensor<1x6xf32>
  return %y, %p : tensor<4x6xf32>, tensor<1x6xf32>
}

// -----

// Ops on rows join their only reader; what has two readers stands alone.
// CHECK-LABEL: @joins_rows
// CHECK:       %[[S:.*]] = vit.kernel rows
// CHECK:         vit.activation
// CHECK-NEXT:    vit.yield
// CHECK:       %[[Y:.*]] = vit.kernel rows ins(%[[S]], %{{.*}} : tensor<4x6xf32>, tensor<6xf32>)
// CHECK:         vit.mul
// CHECK-NEXT:    vit.add
// CHECK-NEXT:    vit.softmax
// CHECK-NEXT:    vit.yield
// CHECK:       %[[P:.*]] = vit.kernel pool ins(%[[Y]] : tensor<4x6xf32>)
// CHECK:         vit.pool mean
// CHECK:       return %[[P]]
func.func @joins_rows(%x: tensor<4x6xf32>) -> tensor<1x6xf32> {
  %g = vit.weight "g" : tensor<6xf32>
  // expected-remark @+1 {{rows kernel of activation}}
  %s = vit.activation gelu %x : tensor<4x6xf32>
  %m = vit.mul %s, %g : tensor<4x6xf32>, tensor<6xf32>
  %a = vit.add %m, %s : tensor<4x6xf32>, tensor<4x6xf32>
  // expected-remark @+1 {{rows kernel of mul, add, softmax}}
  %y = vit.softmax %a : tensor<4x6xf32>
  // expected-remark @+1 {{pool kernel of pool}}
  %p = vit.pool mean %y : tensor<4x6xf32> -> tensor<1x6xf32>
  return %p : tensor<1x6xf32>
}

// -----

// Neighbours of rank 3 are one lanes kernel, which yields what others read.
// Whatever doesn't read groups, like the caller, gets a copy.
// CHECK-LABEL: @joins_lanes
// CHECK:       %[[L:.*]]:2 = vit.kernel lanes ins(%{{.*}}, %{{.*}} : tensor<9x2x4xf32>, tensor<4x4xf32>)
// CHECK:         vit.layer_norm
// CHECK-NEXT:    vit.linear
// CHECK-NEXT:    vit.activation
// CHECK-NEXT:    vit.yield
// CHECK:       } -> tensor<9x2x4xf32>, tensor<9x2x4xf32>
// CHECK:       %[[R:.*]] = vit.reshape %[[L]]#0
// CHECK:       %[[C:.*]] = vit.kernel rows ins(%[[R]] : tensor<9x8xf32>)
// CHECK-NEXT:  ^bb0(%[[A:.*]]: tensor<9x8xf32>):
// CHECK-NEXT:    vit.yield %[[A]]
// CHECK:       %[[S:.*]] = vit.kernel rows ins(%[[C]] :
// CHECK:       %[[T:.*]] = vit.kernel lanes ins(%[[L]]#1 :
// CHECK:       %[[TC:.*]] = vit.kernel rows ins(%[[T]] : tensor<9x2x4xf32>)
// CHECK-NEXT:  ^bb0(%[[B:.*]]: tensor<9x2x4xf32>):
// CHECK-NEXT:    vit.yield %[[B]]
// CHECK:       return %[[S]], %[[TC]]
func.func @joins_lanes(%x: tensor<9x2x4xf32>)
    -> (tensor<9x8xf32>, tensor<9x2x4xf32>) {
  %n = vit.layer_norm %x eps 0.125 : tensor<9x2x4xf32>
  %w = vit.weight "w" : tensor<4x4xf32>
  %l = vit.linear %n, %w
      : tensor<9x2x4xf32>, tensor<4x4xf32> -> tensor<9x2x4xf32>
  // expected-remark @+1 {{lanes kernel of layer_norm, linear, activation}}
  %a = vit.activation gelu %l : tensor<9x2x4xf32>
  // expected-remark @+1 {{rows kernel that copies}}
  %r = vit.reshape %l : tensor<9x2x4xf32> -> tensor<9x8xf32>
  // expected-remark @+1 {{rows kernel of softmax}}
  %s = vit.softmax %r : tensor<9x8xf32>
  // expected-remark @+2 {{lanes kernel of softmax}}
  // expected-remark @+1 {{rows kernel that copies}}
  %t = vit.softmax %a : tensor<9x2x4xf32>
  return %s, %t : tensor<9x8xf32>, tensor<9x2x4xf32>
}

// -----

// A sum into some rows is a sum of those, between views of the others. Nobody
// else needs the old rows: they stay where they are.
// CHECK-LABEL: @splits_row_sum
// CHECK:       %[[Z:.*]] = vit.kernel rows
// CHECK-DAG:   %[[Z0:.*]] = vit.slice_rows %[[Z]] from 0 : tensor<5x6xf32> -> tensor<1x6xf32>
// CHECK-DAG:   %[[Z1:.*]] = vit.slice_rows %[[Z]] from 1 : tensor<5x6xf32> -> tensor<3x6xf32>
// CHECK-DAG:   %[[S:.*]] = vit.kernel rows ins(%[[Z1]], %{{.*}} : tensor<3x6xf32>, tensor<3x6xf32>)
// CHECK-DAG:   %[[Z4:.*]] = vit.slice_rows %[[Z]] from 4 : tensor<5x6xf32> -> tensor<1x6xf32>
// CHECK:       %[[C:.*]] = vit.concat_rows %[[Z0]], %[[S]], %[[Z4]]
// CHECK:       vit.kernel rows ins(%[[C]] :
func.func @splits_row_sum(%x: tensor<5x6xf32>, %u: tensor<3x6xf32>)
    -> tensor<5x6xf32> {
  // expected-remark @+1 {{rows kernel of activation}}
  %z = vit.activation gelu %x : tensor<5x6xf32>
  // expected-remark @+1 {{rows kernel of add}}
  %a = vit.add %z, %u row 1 : tensor<5x6xf32>, tensor<3x6xf32>
  // expected-remark @+1 {{rows kernel of softmax}}
  %y = vit.softmax %a : tensor<5x6xf32>
  return %y : tensor<5x6xf32>
}

// -----

// The sum is a result, which lies with the caller: the rows that nobody
// changes are copied there.
// CHECK-LABEL: @copies_into_result
// CHECK:       %[[Z:.*]] = vit.kernel rows
// CHECK:       %[[Z0:.*]] = vit.slice_rows %[[Z]] from 0
// CHECK:       vit.kernel rows
// CHECK:         vit.add
// CHECK:       %[[COPY:.*]] = vit.kernel rows ins(%[[Z0]] : tensor<1x6xf32>)
// CHECK-NEXT:  ^bb0(%[[P:.*]]: tensor<1x6xf32>):
// CHECK-NEXT:    vit.yield %[[P]]
// CHECK:       %[[C:.*]] = vit.concat_rows %[[COPY]], %{{.*}}
// CHECK:       return %[[C]]
func.func @copies_into_result(%x: tensor<5x6xf32>, %u: tensor<4x6xf32>)
    -> tensor<5x6xf32> {
  // expected-remark @+1 {{rows kernel of activation}}
  %z = vit.activation gelu %x : tensor<5x6xf32>
  // expected-remark @+2 {{rows kernel of add}}
  // expected-remark @+1 {{rows kernel that copies: no kernel makes the value in its place}}
  %a = vit.add %z, %u row 1 : tensor<5x6xf32>, tensor<4x6xf32>
  return %a : tensor<5x6xf32>
}

// -----

// The source of the kept rows is made behind a writer of the others: it has no
// place yet that those could be written to.
// CHECK-LABEL: @copies_from_later_source
// CHECK:       %[[Z0:.*]] = vit.slice_rows
// CHECK:       %[[COPY:.*]] = vit.kernel rows ins(%[[Z0]] : tensor<1x6xf32>)
// CHECK:       vit.concat_rows %[[COPY]], %{{.*}}
func.func @copies_from_later_source(%x: tensor<5x6xf32>, %u: tensor<4x6xf32>)
    -> tensor<5x6xf32> {
  // expected-remark @+1 {{rows kernel of softmax}}
  %s = vit.softmax %u : tensor<4x6xf32>
  // expected-remark @+1 {{rows kernel of activation}}
  %z = vit.activation gelu %x : tensor<5x6xf32>
  // expected-remark @+1 {{rows kernel that copies}}
  %z0 = vit.slice_rows %z from 0 : tensor<5x6xf32> -> tensor<1x6xf32>
  %c = vit.concat_rows %z0, %s
      : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
  // expected-remark @+1 {{rows kernel of softmax}}
  %y = vit.softmax %c : tensor<5x6xf32>
  return %y : tensor<5x6xf32>
}

// -----

// A later reader still wants the old rows.
// CHECK-LABEL: @copies_for_later_reader
// CHECK:       %[[COPY:.*]] = vit.kernel rows ins(%{{.*}} : tensor<1x6xf32>)
// CHECK:       vit.concat_rows %[[COPY]], %{{.*}}
func.func @copies_for_later_reader(%x: tensor<5x6xf32>, %u: tensor<4x6xf32>)
    -> tensor<5x6xf32> {
  // expected-remark @+1 {{rows kernel of activation}}
  %z = vit.activation gelu %x : tensor<5x6xf32>
  // expected-remark @+2 {{rows kernel of add}}
  // expected-remark @+1 {{rows kernel that copies}}
  %a = vit.add %z, %u row 1 : tensor<5x6xf32>, tensor<4x6xf32>
  %p = vit.softmax %a : tensor<5x6xf32>
  // expected-remark @+1 {{rows kernel of softmax, add}}
  %y = vit.add %p, %z : tensor<5x6xf32>, tensor<5x6xf32>
  return %y : tensor<5x6xf32>
}

// -----

// Weights have no place among the activations; slices that a kernel reads are
// made dense.
// CHECK-LABEL: @copies_parts
// CHECK:       %[[T:.*]] = vit.weight "t"
// CHECK:       %[[COPY:.*]] = vit.kernel rows ins(%[[T]] : tensor<1x6xf32>)
// CHECK:       %[[C:.*]] = vit.concat_rows %[[COPY]], %{{.*}}
// CHECK:       %[[S:.*]] = vit.slice_rows %[[C]] from 3
// CHECK:       %[[D:.*]] = vit.kernel rows ins(%[[S]] : tensor<1x6xf32>)
// CHECK:       vit.kernel linear ins(%[[D]], %{{.*}}
func.func @copies_parts(%x: tensor<4x6xf32>) -> tensor<1x6xf32> {
  %w = vit.weight "w" : tensor<6x6xf32>
  // expected-remark @+1 {{rows kernel that copies}}
  %t = vit.weight "t" : tensor<1x6xf32>
  // expected-remark @+1 {{linear kernel of linear}}
  %a = vit.linear %x, %w : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32>
  %c = vit.concat_rows %t, %a
      : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
  // expected-remark @+1 {{rows kernel that copies}}
  %s = vit.slice_rows %c from 3 : tensor<5x6xf32> -> tensor<1x6xf32>
  // expected-remark @+1 {{linear kernel of linear}}
  %y = vit.linear %s, %w : tensor<1x6xf32>, tensor<6x6xf32> -> tensor<1x6xf32>
  return %y : tensor<1x6xf32>
}

// -----

// Every result is written by a kernel of its own: an argument, a weight, a
// view of nested tokens and a value that is returned twice.
// CHECK-LABEL: @copies_results
// CHECK-SAME:  (%[[X:.*]]: tensor<4x6xf32>, %{{.*}}: tensor<4x2x3xf32>)
// CHECK-DAG:   %[[T:.*]] = vit.weight "t"
// CHECK-DAG:   %[[R:.*]] = vit.kernel lanes
// CHECK-DAG:   %[[Y:.*]] = vit.kernel rows ins(%[[X]] : tensor<4x6xf32>) {
// CHECK-DAG:   %[[CT:.*]] = vit.kernel rows ins(%[[T]] :
// CHECK-DAG:   %[[CR:.*]] = vit.kernel rows ins(%[[R]] :
// CHECK-DAG:   %[[CY:.*]] = vit.kernel rows ins(%[[Y]] :
// CHECK:       return %{{.*}}, %[[CT]], %[[CR]], %[[Y]], %[[CY]]
// expected-remark @+1 {{rows kernel that copies}}
func.func @copies_results(%x: tensor<4x6xf32>, %z: tensor<4x2x3xf32>)
    -> (tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>,
        tensor<4x6xf32>) {
  // expected-remark @+1 {{rows kernel that copies}}
  %t = vit.weight "t" : tensor<4x6xf32>
  // expected-remark @+2 {{lanes kernel of softmax}}
  // expected-remark @+1 {{rows kernel that copies}}
  %s = vit.softmax %z : tensor<4x2x3xf32>
  %r = vit.reshape %s : tensor<4x2x3xf32> -> tensor<4x6xf32>
  // expected-remark @+2 {{rows kernel of softmax}}
  // expected-remark @+1 {{rows kernel that copies}}
  %y = vit.softmax %x : tensor<4x6xf32>
  return %x, %t, %r, %y, %y : tensor<4x6xf32>, tensor<4x6xf32>,
      tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32>
}

// -----

// An attention reads a row of q k v where it lies, and shows some columns.
// CHECK-LABEL: @row_of_map
// CHECK-SAME:  (%[[X:.*]]: tensor<5x12xf32>)
// CHECK:       %[[Y:.*]] = vit.kernel attention ins(%[[X]] : tensor<5x12xf32>)
// CHECK-COUNT-2: vit.slice_columns
// CHECK-NEXT:    vit.slice_rows %{{.*}} from 0
// CHECK-NEXT:    vit.attention_map
// CHECK-NEXT:    vit.slice_columns %{{.*}} from 1
// CHECK-NEXT:    vit.yield
// CHECK:       return %[[Y]] : tensor<2x1x4xf32>
func.func @row_of_map(%x: tensor<5x12xf32>) -> tensor<2x2x2xf32> {
  %q = vit.slice_columns %x from 0 : tensor<5x12xf32> -> tensor<5x6xf32>
  %k = vit.slice_columns %x from 6 : tensor<5x12xf32> -> tensor<5x6xf32>
  %r = vit.slice_rows %q from 0 : tensor<5x6xf32> -> tensor<1x6xf32>
  %m = vit.attention_map %r, %k heads 2 scale 0.5
      : tensor<1x6xf32>, tensor<5x6xf32> -> tensor<2x1x5xf32>
  // expected-remark @+1 {{attention kernel of slice_columns, slice_columns, slice_rows, attention_map, slice_columns}}
  %c = vit.slice_columns %m from 1 : tensor<2x1x5xf32> -> tensor<2x1x4xf32>
  %y = vit.reshape %c : tensor<2x1x4xf32> -> tensor<2x2x2xf32>
  return %y : tensor<2x2x2xf32>
}

// -----

// A map of words leaves the lanes through a copy.
// CHECK-LABEL: @map_of_words
// CHECK:       %[[M:.*]] = vit.kernel lanes
// CHECK:         vit.attention_map
// CHECK:       %[[Y:.*]] = vit.kernel rows ins(%[[M]] : tensor<9x2x2x2xf32>)
// CHECK:       return %[[Y]] : tensor<9x2x2x2xf32>
func.func @map_of_words(%x: tensor<3x6x6xf32>) -> tensor<9x2x2x2xf32> {
  %u = vit.unfold %x kernel [1, 1] stride [1, 2] padding [0, 0] tile [2, 2]
      : tensor<3x6x6xf32> -> tensor<9x2x3xf32>
  %w = vit.weight "w" : tensor<4x3xf32>
  %q = vit.linear %u, %w : tensor<9x2x3xf32>, tensor<4x3xf32> -> tensor<9x2x4xf32>
  // expected-remark @+2 {{lanes kernel of unfold, linear, attention_map}}
  // expected-remark @+1 {{rows kernel that copies: no kernel makes the value in its place}}
  %m = vit.attention_map %q, %q heads 2 scale 1.0
      : tensor<9x2x4xf32>, tensor<9x2x4xf32> -> tensor<9x2x2x2xf32>
  return %m : tensor<9x2x2x2xf32>
}

// -----

// Rows to planes: the rows are read where they lie, and the planes' shape is
// the caller's alone.
// CHECK-LABEL: @planes
// CHECK:       %[[A:.*]] = vit.kernel rows
// CHECK:       %[[R:.*]] = vit.slice_rows %[[A]] from 1
// CHECK-NOT:   vit.kernel rows
// CHECK:       %[[Y:.*]] = vit.kernel transpose ins(%[[R]] : tensor<4x16xf32>)
// CHECK:         vit.transpose
// CHECK:       return %[[Y]], %[[A]] : tensor<16x4xf32>, tensor<5x16xf32>
func.func @planes(%x: tensor<5x16xf32>)
    -> (tensor<16x2x2xf32>, tensor<5x16xf32>) {
  // expected-remark @+1 {{rows kernel of activation}}
  %a = vit.activation relu %x : tensor<5x16xf32>
  %r = vit.slice_rows %a from 1 : tensor<5x16xf32> -> tensor<4x16xf32>
  // expected-remark @+1 {{transpose kernel of transpose}}
  %t = vit.transpose %r : tensor<4x16xf32> -> tensor<16x4xf32>
  %y = vit.reshape %t : tensor<16x4xf32> -> tensor<16x2x2xf32>
  return %y, %a : tensor<16x2x2xf32>, tensor<5x16xf32>
}

// -----

// Slices come along with a concatenation, narrower producers don't; what reads
// it takes it along.
// CHECK-LABEL: @concat_columns
// CHECK:       %[[A:.*]] = vit.kernel rows
// CHECK-NEXT:  ^bb0
// CHECK-NEXT:    vit.activation
// CHECK:       vit.kernel rows ins(%{{.*}}, %[[A]] :
// CHECK-NEXT:  ^bb0
// CHECK-NEXT:    vit.slice_columns
// CHECK-NEXT:    vit.concat_columns
// CHECK-NEXT:    vit.softmax
// CHECK-NEXT:    vit.yield
func.func @concat_columns(%x: tensor<4x6xf32>) -> tensor<4x10xf32> {
  // expected-remark @+1 {{rows kernel of activation}}
  %a = vit.activation gelu %x : tensor<4x6xf32>
  %s = vit.slice_columns %x from 1 : tensor<4x6xf32> -> tensor<4x4xf32>
  %y = vit.concat_columns %s, %a
      : tensor<4x4xf32>, tensor<4x6xf32> -> tensor<4x10xf32>
  // expected-remark @+1 {{rows kernel of slice_columns, concat_columns, softmax}}
  %z = vit.softmax %y : tensor<4x10xf32>
  return %z : tensor<4x10xf32>
}

// -----

// Rows that lie in a buffer with gaps are copied for the caller, so that their
// kernels don't change.
// CHECK-LABEL: @padded_rows
// CHECK:       %[[A:.*]] = vit.kernel rows
// CHECK:       %[[Y:.*]] = vit.kernel rows ins(%[[A]] : tensor<5x6xf32>)
// CHECK:       %[[P:.*]] = vit.kernel pool ins(%[[A]] : tensor<5x6xf32>)
// CHECK:       return %[[Y]], %[[P]]
func.func @padded_rows(%x: tensor<5x6xf32>) -> (tensor<5x6xf32>, tensor<1x6xf32>) {
  // expected-remark @+2 {{rows kernel of activation}}
  // expected-remark @+1 {{rows kernel that copies: no kernel makes the value in its place}}
  %a = vit.activation relu %x : tensor<5x6xf32>
  // expected-remark @+1 {{pool kernel of pool}}
  %p = vit.pool mean %a : tensor<5x6xf32> -> tensor<1x6xf32>
  return %a, %p : tensor<5x6xf32>, tensor<1x6xf32>
}

// -----

// Queries that are normalised head by head, with scale and shift: slices of
// the merged product come along, the attention reads the result.
// CHECK-LABEL: @normalised_queries
// CHECK:       %[[Q:.*]] = vit.kernel rows
// CHECK:         vit.slice_columns
// CHECK-NEXT:    vit.layer_norm %{{.*}}, %{{.*}}, %{{.*}} groups 2 eps
// CHECK:       vit.kernel attention ins(%{{.*}}, %[[Q]] :
// CHECK-NOT:     vit.layer_norm
// CHECK:       return
func.func @normalised_queries(%qk: tensor<4x12xf32>) -> tensor<4x6xf32> {
  %g = vit.weight "g" : tensor<3xf32>
  %q = vit.slice_columns %qk from 0 : tensor<4x12xf32> -> tensor<4x6xf32>
  %k = vit.slice_columns %qk from 6 : tensor<4x12xf32> -> tensor<4x6xf32>
  // expected-remark @+1 {{rows kernel of slice_columns, layer_norm}}
  %n = vit.layer_norm %q, %g, %g groups 2 eps 0.125
      : tensor<4x6xf32>, tensor<3xf32>, tensor<3xf32>
  // expected-remark @+1 {{attention kernel of slice_columns, attention}}
  %o = vit.attention %n, %k, %k heads 2 scale 0.5
      : tensor<4x6xf32>, tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32>
  return %o : tensor<4x6xf32>
}

// -----

// A product reads its rows while it writes: they can't be replaced under it.
// CHECK-LABEL: @product_over_rows
// CHECK:       %[[Z:.*]] = vit.kernel rows
// CHECK:       %[[FIRST:.*]] = vit.slice_rows %[[Z]] from 0
// CHECK:       %[[REST:.*]] = vit.slice_rows %[[Z]] from 1
// CHECK:       %[[READ:.*]] = vit.kernel rows ins(%[[REST]]
// CHECK:       %[[NEW:.*]] = vit.kernel linear ins(%[[READ]]
// CHECK:       %[[KEPT:.*]] = vit.kernel rows ins(%[[FIRST]]
// CHECK:       vit.concat_rows %[[KEPT]], %[[NEW]]
func.func @product_over_rows(%x: tensor<5x6xf32>) -> tensor<5x6xf32> {
  %w = vit.weight "w" : tensor<6x6xf32>
  // expected-remark @+1 {{rows kernel of softmax}}
  %z = vit.softmax %x : tensor<5x6xf32>
  // expected-remark @+1 {{rows kernel that copies}}
  %first = vit.slice_rows %z from 0 : tensor<5x6xf32> -> tensor<1x6xf32>
  // expected-remark @+1 {{rows kernel that copies}}
  %rest = vit.slice_rows %z from 1 : tensor<5x6xf32> -> tensor<4x6xf32>
  // expected-remark @+1 {{linear kernel of linear}}
  %new = vit.linear %rest, %w
      : tensor<4x6xf32>, tensor<6x6xf32> -> tensor<4x6xf32>
  %c = vit.concat_rows %first, %new
      : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
  // expected-remark @+1 {{rows kernel of softmax}}
  %y = vit.softmax %c : tensor<5x6xf32>
  return %y : tensor<5x6xf32>
}

// -----

// Rows that move would be replaced before they are read.
// CHECK-LABEL: @moves_rows
// CHECK:       %[[Z:.*]] = vit.kernel rows
// CHECK:       %[[FIRST:.*]] = vit.slice_rows %[[Z]] from 0
// CHECK:       %[[LAST:.*]] = vit.slice_rows %[[Z]] from 0
// CHECK:       %[[READ:.*]] = vit.kernel rows ins(%[[LAST]]
// CHECK:       %[[NEW:.*]] = vit.kernel rows ins(%[[READ]]
// CHECK:       %[[KEPT:.*]] = vit.kernel rows ins(%[[FIRST]]
// CHECK:       vit.concat_rows %[[KEPT]], %[[NEW]]
func.func @moves_rows(%x: tensor<5x6xf32>) -> tensor<5x6xf32> {
  // expected-remark @+1 {{rows kernel of softmax}}
  %z = vit.softmax %x : tensor<5x6xf32>
  // expected-remark @+1 {{rows kernel that copies}}
  %first = vit.slice_rows %z from 0 : tensor<5x6xf32> -> tensor<1x6xf32>
  // expected-remark @+1 {{rows kernel that copies}}
  %last = vit.slice_rows %z from 0 : tensor<5x6xf32> -> tensor<4x6xf32>
  // expected-remark @+1 {{rows kernel of activation}}
  %new = vit.activation silu %last : tensor<4x6xf32>
  %c = vit.concat_rows %first, %new
      : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
  // expected-remark @+1 {{rows kernel of softmax}}
  %y = vit.softmax %c : tensor<5x6xf32>
  return %y : tensor<5x6xf32>
}
