// RUN: vit-opt %s --split-input-file --vit-sink-add \
// RUN:   --remarks-filter=vit-sink-add --verify-diagnostics | FileCheck %s
// RUN: vit-opt %s --split-input-file --vit-sink-add -o %t.once
// RUN: vit-opt %s --split-input-file --vit-sink-add --vit-sink-add -o %t.twice
// RUN: diff %t.once %t.twice

// Each part takes its rows of the table: the class token when packing, the
// patches as a sum that their product can take along.
// CHECK-LABEL: @sinks
// CHECK-SAME:  (%[[X:.*]]: tensor<4x6xf32>)
// CHECK-DAG:   %[[CLS:.*]] = vit.weight "cls"
// CHECK-DAG:   %[[POS:.*]] = vit.weight "pos"
// CHECK-DAG:   %[[P0:.*]] = vit.weight_slice %[[POS]] axis 0 from 0 : tensor<6x6xf32> -> tensor<2x6xf32>
// CHECK-DAG:   %[[P1:.*]] = vit.weight_slice %[[POS]] axis 0 from 2 : tensor<6x6xf32> -> tensor<4x6xf32>
// CHECK-DAG:   %[[A:.*]] = vit.weight_add %[[CLS]], %[[P0]] : tensor<2x6xf32>
// CHECK-DAG:   %[[B:.*]] = vit.add %[[X]], %[[P1]] : tensor<4x6xf32>, tensor<4x6xf32>
// CHECK:       %[[Y:.*]] = vit.concat_rows %[[A]], %[[B]]
// CHECK:       return %[[Y]]
func.func @sinks(%x: tensor<4x6xf32>) -> tensor<6x6xf32> {
  %cls = vit.weight "cls" : tensor<2x6xf32>
  %pos = vit.weight "pos" : tensor<6x6xf32>
  %c = vit.concat_rows %cls, %x
      : tensor<2x6xf32>, tensor<4x6xf32> -> tensor<6x6xf32>
  // expected-remark @+1 {{sum moved to the parts of the concatenation}}
  %y = vit.add %c, %pos : tensor<6x6xf32>, tensor<6x6xf32>
  return %y : tensor<6x6xf32>
}

// -----

// CHECK-LABEL: @keeps_shared
// CHECK:       vit.concat_rows
// CHECK:       vit.add
func.func @keeps_shared(%x: tensor<4x6xf32>)
    -> (tensor<5x6xf32>, tensor<5x6xf32>) {
  %cls = vit.weight "cls" : tensor<1x6xf32>
  %pos = vit.weight "pos" : tensor<5x6xf32>
  %c = vit.concat_rows %cls, %x
      : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
  // expected-remark @+1 {{sum kept behind the concatenation: the concatenation has other readers}}
  %y = vit.add %c, %pos : tensor<5x6xf32>, tensor<5x6xf32>
  return %y, %c : tensor<5x6xf32>, tensor<5x6xf32>
}

// -----

// CHECK-LABEL: @keeps_row_range
// CHECK:       vit.add %{{.*}}, %{{.*}} row 1
func.func @keeps_row_range(%x: tensor<4x6xf32>) -> tensor<5x6xf32> {
  %cls = vit.weight "cls" : tensor<1x6xf32>
  %t = vit.weight "t" : tensor<4x6xf32>
  %c = vit.concat_rows %cls, %x
      : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
  // expected-remark @+1 {{sum kept behind the concatenation: it changes some rows only}}
  %y = vit.add %c, %t row 1 : tensor<5x6xf32>, tensor<4x6xf32>
  return %y : tensor<5x6xf32>
}

// -----

// CHECK-LABEL: @keeps_vector
// CHECK:       vit.add
func.func @keeps_vector(%x: tensor<4x6xf32>) -> tensor<5x6xf32> {
  %cls = vit.weight "cls" : tensor<1x6xf32>
  %t = vit.weight "t" : tensor<6xf32>
  %c = vit.concat_rows %cls, %x
      : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
  // expected-remark @+1 {{sum kept behind the concatenation: the table is repeated over rows}}
  %y = vit.add %c, %t : tensor<5x6xf32>, tensor<6xf32>
  return %y : tensor<5x6xf32>
}

// -----

// What is no weight is no table: a residual, most often, and no near miss.
// CHECK-LABEL: @keeps_given_summand
// CHECK:       vit.add
func.func @keeps_given_summand(%x: tensor<4x6xf32>, %t: tensor<5x6xf32>)
    -> tensor<5x6xf32> {
  %cls = vit.weight "cls" : tensor<1x6xf32>
  %c = vit.concat_rows %cls, %x
      : tensor<1x6xf32>, tensor<4x6xf32> -> tensor<5x6xf32>
  %y = vit.add %c, %t : tensor<5x6xf32>, tensor<5x6xf32>
  return %y : tensor<5x6xf32>
}
