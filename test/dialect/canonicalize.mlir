// RUN: vit-opt %s --canonicalize | FileCheck %s

// activation none(x) -> x
// CHECK-LABEL: @activation_none
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>)
// CHECK-NEXT:  return %[[X]]
func.func @activation_none(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = vit.activation none %x : tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: @activation_relu
// CHECK-NEXT:  vit.activation relu
func.func @activation_relu(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = vit.activation relu %x : tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// concat_rows(x) -> x
// CHECK-LABEL: @concat_one
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>)
// CHECK-NEXT:  return %[[X]]
func.func @concat_one(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = vit.concat_rows %x : tensor<4x8xf32> -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: @concat_two
// CHECK-NEXT:  vit.concat_rows
func.func @concat_two(%x: tensor<4x8xf32>) -> tensor<8x8xf32> {
  %y = vit.concat_rows %x, %x
      : tensor<4x8xf32>, tensor<4x8xf32> -> tensor<8x8xf32>
  return %y : tensor<8x8xf32>
}

// concat_columns(x) -> x
// CHECK-LABEL: @concat_one_column
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>)
// CHECK-NEXT:  return %[[X]]
func.func @concat_one_column(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = vit.concat_columns %x : tensor<4x8xf32> -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// CHECK-LABEL: @concat_two_columns
// CHECK-NEXT:  vit.concat_columns
func.func @concat_two_columns(%x: tensor<4x8xf32>) -> tensor<4x16xf32> {
  %y = vit.concat_columns %x, %x
      : tensor<4x8xf32>, tensor<4x8xf32> -> tensor<4x16xf32>
  return %y : tensor<4x16xf32>
}

// A slice of everything is nothing.
// CHECK-LABEL: @slice_all
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>)
// CHECK-NEXT:  return %[[X]]
func.func @slice_all(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = vit.slice_rows %x from 0 : tensor<4x8xf32> -> tensor<4x8xf32>
  %z = vit.slice_columns %y from 0 : tensor<4x8xf32> -> tensor<4x8xf32>
  return %z : tensor<4x8xf32>
}

// CHECK-LABEL: @slice_some
// CHECK-NEXT:  vit.slice_rows
// CHECK-NEXT:  vit.slice_columns
func.func @slice_some(%x: tensor<4x8xf32>) -> tensor<3x7xf32> {
  %y = vit.slice_rows %x from 0 : tensor<4x8xf32> -> tensor<3x8xf32>
  %z = vit.slice_columns %y from 0 : tensor<3x8xf32> -> tensor<3x7xf32>
  return %z : tensor<3x7xf32>
}

// reshape(x) -> x where the type stays
// CHECK-LABEL: @reshape_same
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>)
// CHECK-NEXT:  return %[[X]]
func.func @reshape_same(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = vit.reshape %x : tensor<4x8xf32> -> tensor<4x8xf32>
  return %y : tensor<4x8xf32>
}

// reshape(reshape(x)) -> reshape(x)
// CHECK-LABEL: @reshape_twice
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>)
// CHECK-NEXT:  %[[Y:.*]] = vit.reshape %[[X]] : tensor<4x8xf32> -> tensor<16x2xf32>
// CHECK-NEXT:  return %[[Y]]
func.func @reshape_twice(%x: tensor<4x8xf32>) -> tensor<16x2xf32> {
  %y = vit.reshape %x : tensor<4x8xf32> -> tensor<32xf32>
  %z = vit.reshape %y : tensor<32xf32> -> tensor<16x2xf32>
  return %z : tensor<16x2xf32>
}

// There and back.
// CHECK-LABEL: @reshape_back
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>)
// CHECK-NEXT:  return %[[X]]
func.func @reshape_back(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = vit.reshape %x : tensor<4x8xf32> -> tensor<32xf32>
  %z = vit.reshape %y : tensor<32xf32> -> tensor<4x8xf32>
  return %z : tensor<4x8xf32>
}

// The inner reshape stays where somebody else reads it.
// CHECK-LABEL: @reshape_shared
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>)
// CHECK-NEXT:  %[[Y:.*]] = vit.reshape %[[X]] : tensor<4x8xf32> -> tensor<32xf32>
// CHECK-NEXT:  %[[Z:.*]] = vit.reshape %[[X]] : tensor<4x8xf32> -> tensor<16x2xf32>
// CHECK-NEXT:  return %[[Y]], %[[Z]]
func.func @reshape_shared(%x: tensor<4x8xf32>)
    -> (tensor<32xf32>, tensor<16x2xf32>) {
  %y = vit.reshape %x : tensor<4x8xf32> -> tensor<32xf32>
  %z = vit.reshape %y : tensor<32xf32> -> tensor<16x2xf32>
  return %y, %z : tensor<32xf32>, tensor<16x2xf32>
}

// Layer and weight ops are pure: what nobody reads goes.
// CHECK-LABEL: @dead
// CHECK-NEXT:  return
func.func @dead(%x: tensor<4x8xf32>) {
  %w = vit.weight "w" : tensor<6x8xf32>
  %y = vit.linear %x, %w : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
  %z = vit.softmax %y : tensor<4x6xf32>
  return
}

// transpose(transpose(x)) -> x
// CHECK-LABEL: @transpose_twice
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>)
// CHECK-NEXT:  return %[[X]]
func.func @transpose_twice(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %y = vit.transpose %x : tensor<4x8xf32> -> tensor<8x4xf32>
  %z = vit.transpose %y : tensor<8x4xf32> -> tensor<4x8xf32>
  return %z : tensor<4x8xf32>
}
