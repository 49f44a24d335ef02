// RUN: vit-opt %s --split-input-file --vit-fold-scale \
// RUN:   --remarks-filter=vit-fold-scale --verify-diagnostics | FileCheck %s
// RUN: vit-opt %s --split-input-file --vit-fold-scale -o %t.once
// RUN: vit-opt %s --split-input-file --vit-fold-scale --vit-fold-scale -o %t.twice
// RUN: diff %t.once %t.twice

// diag(g) w along the outputs, g c.
// CHECK-LABEL: @folds
// CHECK-SAME:  (%[[X:.*]]: tensor<4x6xf32>)
// CHECK-DAG:   %[[W:.*]] = vit.weight "w"
// CHECK-DAG:   %[[C:.*]] = vit.weight "c"
// CHECK-DAG:   %[[G:.*]] = vit.weight "g"
// CHECK:       %[[GW:.*]] = vit.weight_scale %[[W]], %[[G]] axis 0 : tensor<3x6xf32>, tensor<3xf32>
// CHECK:       %[[GC:.*]] = vit.weight_scale %[[C]], %[[G]] axis 0 : tensor<3xf32>, tensor<3xf32>
// CHECK:       vit.linear %[[X]], %[[GW]] bias(%[[GC]])
// CHECK-NOT:   vit.
func.func @folds(%x: tensor<4x6xf32>) -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x6xf32>
  %c = vit.weight "c" : tensor<3xf32>
  %g = vit.weight "g" : tensor<3xf32>
  %y = vit.linear %x, %w bias(%c)
      : tensor<4x6xf32>, tensor<3x6xf32>, tensor<3xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{factors folded into the product before}}
  %z = vit.mul %y, %g : tensor<4x3xf32>, tensor<3xf32>
  return %z : tensor<4x3xf32>
}

// -----

// No bias comes of none, and factors that stand behind the product in the text
// are read there.
// CHECK-LABEL: @folds_without_bias
// CHECK:       %[[G:.*]] = vit.weight "g"
// CHECK:       %[[GW:.*]] = vit.weight_scale %{{.*}}, %[[G]] axis 0
// CHECK:       vit.linear %{{.*}}, %[[GW]] : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
func.func @folds_without_bias(%x: tensor<4x6xf32>) -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x6xf32>
  %y = vit.linear %x, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  %g = vit.weight "g" : tensor<3xf32>
  // expected-remark @+1 {{factors folded}}
  %z = vit.mul %y, %g : tensor<4x3xf32>, tensor<3xf32>
  return %z : tensor<4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_behind_activation
// CHECK:       vit.linear
// CHECK:       vit.mul
func.func @keeps_behind_activation(%x: tensor<4x6xf32>) -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x6xf32>
  %g = vit.weight "g" : tensor<3xf32>
  %y = vit.linear %x, %w activation gelu
      : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{factors kept apart: the product before has an epilogue}}
  %z = vit.mul %y, %g : tensor<4x3xf32>, tensor<3xf32>
  return %z : tensor<4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_behind_residual
// CHECK:       vit.mul
func.func @keeps_behind_residual(%x: tensor<4x6xf32>, %r: tensor<4x3xf32>)
    -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x6xf32>
  %g = vit.weight "g" : tensor<3xf32>
  %y = vit.linear %x, %w residual(%r)
      : tensor<4x6xf32>, tensor<3x6xf32> residual tensor<4x3xf32>
      -> tensor<4x3xf32>
  // expected-remark @+1 {{factors kept apart: the product before has an epilogue}}
  %z = vit.mul %y, %g : tensor<4x3xf32>, tensor<3xf32>
  return %z : tensor<4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_shared_product
// CHECK:       vit.mul
func.func @keeps_shared_product(%x: tensor<4x6xf32>)
    -> (tensor<4x3xf32>, tensor<4x3xf32>) {
  %w = vit.weight "w" : tensor<3x6xf32>
  %g = vit.weight "g" : tensor<3xf32>
  %y = vit.linear %x, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{factors kept apart: the product before has other readers}}
  %z = vit.mul %y, %g : tensor<4x3xf32>, tensor<3xf32>
  return %y, %z : tensor<4x3xf32>, tensor<4x3xf32>
}

// -----

// A factor for every element is no row of the weight.
// CHECK-LABEL: @keeps_table
// CHECK:       vit.mul
func.func @keeps_table(%x: tensor<4x6xf32>) -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x6xf32>
  %g = vit.weight "g" : tensor<4x3xf32>
  %y = vit.linear %x, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{factors kept apart: they are no weight with a number a channel}}
  %z = vit.mul %y, %g : tensor<4x3xf32>, tensor<4x3xf32>
  return %z : tensor<4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_given_factors
// CHECK:       vit.mul
func.func @keeps_given_factors(%x: tensor<4x6xf32>, %g: tensor<3xf32>)
    -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x6xf32>
  %y = vit.linear %x, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{factors kept apart: they are no weight with a number a channel}}
  %z = vit.mul %y, %g : tensor<4x3xf32>, tensor<3xf32>
  return %z : tensor<4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_behind_given_weight
// CHECK:       vit.mul
func.func @keeps_behind_given_weight(%x: tensor<4x6xf32>, %w: tensor<3x6xf32>)
    -> tensor<4x3xf32> {
  %g = vit.weight "g" : tensor<3xf32>
  %y = vit.linear %x, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{factors kept apart: an operand of the product before is no weight}}
  %z = vit.mul %y, %g : tensor<4x3xf32>, tensor<3xf32>
  return %z : tensor<4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_behind_given_bias
// CHECK:       vit.mul
func.func @keeps_behind_given_bias(%x: tensor<4x6xf32>, %c: tensor<3xf32>)
    -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x6xf32>
  %g = vit.weight "g" : tensor<3xf32>
  %y = vit.linear %x, %w bias(%c)
      : tensor<4x6xf32>, tensor<3x6xf32>, tensor<3xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{factors kept apart: an operand of the product before is no weight}}
  %z = vit.mul %y, %g : tensor<4x3xf32>, tensor<3xf32>
  return %z : tensor<4x3xf32>
}

// -----

// What multiplies no product is nobody's near miss.
// CHECK-LABEL: @keeps_plain_mul
// CHECK:       vit.mul
func.func @keeps_plain_mul(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %g = vit.weight "g" : tensor<6xf32>
  %z = vit.mul %x, %g : tensor<4x6xf32>, tensor<6xf32>
  return %z : tensor<4x6xf32>
}
