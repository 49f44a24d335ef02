// RUN: %python %S/Inputs/make_safetensors.py %t.safetensors \
// RUN:   a:F32:2,3:1,2,3,4,5,6 g:F32:3:10,100,1000 h:F32:2:-1,0.5 \
// RUN:   t:F32:2,2,3:0,1,2,3,4,5,6,7,8,9,10,11 x:F32:2:16777216,1 y:F32:2:1,1
// RUN: test-weights evaluate %s --weights %t.safetensors | FileCheck %s

// CHECK: tensor: 1 2 3 4 5 6
func.func @tensor() -> tensor<2x3xf32> {
  %a = vit.weight "a" : tensor<2x3xf32>
  return %a : tensor<2x3xf32>
}

// CHECK: constant: 2 2 3 3 2 2 3
func.func @constant() -> tensor<7xf32> {
  %c = vit.weight_constant [2.0, 3.0] each 2 : tensor<7xf32>
  return %c : tensor<7xf32>
}

// CHECK: concat_rows: 1 2 3 4 5 6 1 2 3 4 5 6
func.func @concat_rows() -> tensor<4x3xf32> {
  %a = vit.weight "a" : tensor<2x3xf32>
  %c = vit.weight_concat %a, %a axis 0
      : tensor<2x3xf32>, tensor<2x3xf32> -> tensor<4x3xf32>
  return %c : tensor<4x3xf32>
}

// CHECK: concat_columns: 1 2 3 -1 1 2 3 4 5 6 0.5 4 5 6
func.func @concat_columns() -> tensor<2x7xf32> {
  %a = vit.weight "a" : tensor<2x3xf32>
  %h = vit.weight "h" : tensor<2xf32>
  %r = vit.weight_reshape %h : tensor<2xf32> -> tensor<2x1xf32>
  %c = vit.weight_concat %a, %r, %a axis 1
      : tensor<2x3xf32>, tensor<2x1xf32>, tensor<2x3xf32> -> tensor<2x7xf32>
  return %c : tensor<2x7xf32>
}

// CHECK: slice_rows: 4 5 6
func.func @slice_rows() -> tensor<1x3xf32> {
  %a = vit.weight "a" : tensor<2x3xf32>
  %s = vit.weight_slice %a axis 0 from 1 : tensor<2x3xf32> -> tensor<1x3xf32>
  return %s : tensor<1x3xf32>
}

// CHECK: slice_middle: 3 4 5 9 10 11
func.func @slice_middle() -> tensor<2x1x3xf32> {
  %t = vit.weight "t" : tensor<2x2x3xf32>
  %s = vit.weight_slice %t axis 1 from 1
      : tensor<2x2x3xf32> -> tensor<2x1x3xf32>
  return %s : tensor<2x1x3xf32>
}

// CHECK: slice_columns: 2 3 5 6
func.func @slice_columns() -> tensor<2x2xf32> {
  %a = vit.weight "a" : tensor<2x3xf32>
  %s = vit.weight_slice %a axis 1 from 1 : tensor<2x3xf32> -> tensor<2x2xf32>
  return %s : tensor<2x2xf32>
}

// CHECK: transpose: 0 6 1 7 2 8 3 9 4 10 5 11
func.func @transpose() -> tensor<2x3x2xf32> {
  %t = vit.weight "t" : tensor<2x2x3xf32>
  %p = vit.weight_transpose %t [1, 2, 0]
      : tensor<2x2x3xf32> -> tensor<2x3x2xf32>
  return %p : tensor<2x3x2xf32>
}

// A range of a transposed value, at an offset.
// CHECK: transpose_slice: 3 9 4 10 5 11
func.func @transpose_slice() -> tensor<1x3x2xf32> {
  %t = vit.weight "t" : tensor<2x2x3xf32>
  %p = vit.weight_transpose %t [1, 2, 0]
      : tensor<2x2x3xf32> -> tensor<2x3x2xf32>
  %s = vit.weight_slice %p axis 0 from 1
      : tensor<2x3x2xf32> -> tensor<1x3x2xf32>
  return %s : tensor<1x3x2xf32>
}

// CHECK: repeat_rows: 10 100 1000 10 100 1000
func.func @repeat_rows() -> tensor<2x3xf32> {
  %g = vit.weight "g" : tensor<3xf32>
  %r = vit.weight_reshape %g : tensor<3xf32> -> tensor<1x3xf32>
  %x = vit.weight_repeat %r axis 0 : tensor<1x3xf32> -> tensor<2x3xf32>
  return %x : tensor<2x3xf32>
}

// CHECK: repeat_columns: 10 10 100 100 1000 1000
func.func @repeat_columns() -> tensor<3x2xf32> {
  %g = vit.weight "g" : tensor<3xf32>
  %r = vit.weight_reshape %g : tensor<3xf32> -> tensor<3x1xf32>
  %x = vit.weight_repeat %r axis 1 : tensor<3x1xf32> -> tensor<3x2xf32>
  return %x : tensor<3x2xf32>
}

// CHECK: add: 2 4 6 8 10 12
func.func @add() -> tensor<2x3xf32> {
  %a = vit.weight "a" : tensor<2x3xf32>
  %s = vit.weight_add %a, %a : tensor<2x3xf32>
  return %s : tensor<2x3xf32>
}

// CHECK: scale_columns: 10 200 3000 40 500 6000
func.func @scale_columns() -> tensor<2x3xf32> {
  %a = vit.weight "a" : tensor<2x3xf32>
  %g = vit.weight "g" : tensor<3xf32>
  %s = vit.weight_scale %a, %g axis 1 : tensor<2x3xf32>, tensor<3xf32>
  return %s : tensor<2x3xf32>
}

// CHECK: scale_rows: -1 -2 -3 2 2.5 3
func.func @scale_rows() -> tensor<2x3xf32> {
  %a = vit.weight "a" : tensor<2x3xf32>
  %h = vit.weight "h" : tensor<2xf32>
  %s = vit.weight_scale %a, %h axis 0 : tensor<2x3xf32>, tensor<2xf32>
  return %s : tensor<2x3xf32>
}

// CHECK: matvec: 3210 6540
func.func @matvec() -> tensor<2xf32> {
  %a = vit.weight "a" : tensor<2x3xf32>
  %g = vit.weight "g" : tensor<3xf32>
  %m = vit.weight_matvec %a, %g
      : tensor<2x3xf32>, tensor<3xf32> -> tensor<2xf32>
  return %m : tensor<2xf32>
}

// 2^24 + 1 is no f32: rounded after every op the sum would be 2^24.
// CHECK: rounds_once: 16777218 3
func.func @rounds_once() -> tensor<2xf32> {
  %x = vit.weight "x" : tensor<2xf32>
  %y = vit.weight "y" : tensor<2xf32>
  %s = vit.weight_add %x, %y : tensor<2xf32>
  %t = vit.weight_add %s, %y : tensor<2xf32>
  return %t : tensor<2xf32>
}

// Rows (y, x) of a 2 x 2 grid behind one of zeros; with 4 channels the only
// frequency is 1.
// CHECK:      sincos: 0 0 0 0 0 1 0 1 0.841470957 0.540302277 0 1 0 1
// CHECK-SAME: 0.841470957 0.540302277
// CHECK-SAME: 0.841470957 0.540302277 0.841470957 0.540302277
func.func @sincos() -> tensor<5x4xf32> {
  %s = vit.weight_sincos grid [2, 2] prefix 1 : tensor<5x4xf32>
  return %s : tensor<5x4xf32>
}

// The second frequency of 8 channels is 1/100; x comes first.
// CHECK: sincos_frequencies: 0 0 1 1 0 0 1 1
// CHECK-SAME: 0.841470957 0.00999983307 0.540302277 0.999949992 0 0 1 1
func.func @sincos_frequencies() -> tensor<2x8xf32> {
  %s = vit.weight_sincos grid [1, 2] prefix 0 : tensor<2x8xf32>
  return %s : tensor<2x8xf32>
}
