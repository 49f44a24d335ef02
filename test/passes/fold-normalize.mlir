// RUN: vit-opt %s --split-input-file --vit-fold-normalize \
// RUN:   --remarks-filter=vit-fold-normalize --verify-diagnostics | FileCheck %s
// RUN: vit-opt %s --split-input-file --vit-fold-normalize -o %t.once
// RUN: vit-opt %s --split-input-file --vit-fold-normalize --vit-fold-normalize -o %t.twice
// RUN: diff %t.once %t.twice

// Factors 1 / (255 s), shifts -m / s, each over the 4 pixels of a window; then
// columns (c, ky, kx) become (ky, kx, c).
// CHECK-LABEL: @folds
// CHECK-SAME:  (%[[X:.*]]: tensor<4x4x2xi8>)
// CHECK-DAG:   %[[W:.*]] = vit.weight "w"
// CHECK-DAG:   %[[F:.*]] = vit.weight_constant [0.0078431372549019607, 0.015686274509803921] each 4 : tensor<8xf32>
// CHECK-DAG:   %[[S:.*]] = vit.weight_constant [-5.000000e-01, -3.000000e+00] each 4 : tensor<8xf32>
// CHECK-DAG:   %[[BIAS:.*]] = vit.weight_matvec %[[W]], %[[S]] : tensor<3x8xf32>, tensor<8xf32> -> tensor<3xf32>
// CHECK-DAG:   %[[WF:.*]] = vit.weight_scale %[[W]], %[[F]] axis 1
// CHECK:       %[[PLANES:.*]] = vit.weight_reshape %[[WF]] : tensor<3x8xf32> -> tensor<3x2x4xf32>
// CHECK:       %[[PIXELS:.*]] = vit.weight_transpose %[[PLANES]] [0, 2, 1] : tensor<3x2x4xf32> -> tensor<3x4x2xf32>
// CHECK:       %[[WEIGHT:.*]] = vit.weight_reshape %[[PIXELS]] : tensor<3x4x2xf32> -> tensor<3x8xf32>
// CHECK:       %[[U:.*]] = vit.unfold %[[X]] kernel [2, 2] stride [2, 2] padding [0, 0] : tensor<4x4x2xi8> -> tensor<4x8xf32>
// CHECK:       vit.linear %[[U]], %[[WEIGHT]] bias(%[[BIAS]])
// CHECK-NOT:   vit.normalize
func.func @folds(%x: tensor<4x4x2xi8>) -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x8xf32>
  // expected-remark @+1 {{normalisation of 8-bit pixels folded into the product behind}}
  %n = vit.normalize %x mean [0.25, 0.75] std [0.5, 0.25]
      : tensor<4x4x2xi8> -> tensor<2x4x4xf32>
  %u = vit.unfold %n kernel [2, 2] stride [2, 2] padding [0, 0]
      : tensor<2x4x4xf32> -> tensor<4x8xf32>
  %y = vit.linear %u, %w : tensor<4x8xf32>, tensor<3x8xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// What lies outside reads as the pixel that normalises to zero: 255 m. Two
// products of one image fold on their own.
// CHECK-LABEL: @folds_padded
// CHECK-DAG:   %[[C:.*]] = vit.weight "c"
// CHECK-DAG:   %[[B:.*]] = vit.weight_add %[[C]], %{{.*}} : tensor<3xf32>
// CHECK-DAG:   %[[U:.*]] = vit.unfold %{{.*}} kernel [3, 3] stride [2, 2] padding [1, 1] tile [2, 2] pad tile values [1.275000e+02] : tensor<4x4x1xi8> -> tensor<4x1x9xf32>
// CHECK-DAG:   vit.linear %[[U]], %{{.*}} bias(%[[B]])
// CHECK-DAG:   %[[V:.*]] = vit.unfold %{{.*}} kernel [2, 2] stride [2, 2] padding [0, 0] : tensor<4x4x1xi8> -> tensor<4x4xf32>
// CHECK-DAG:   vit.linear %[[V]]
func.func @folds_padded(%x: tensor<4x4x1xi8>)
    -> (tensor<4x1x3xf32>, tensor<4x3xf32>) {
  %w = vit.weight "w" : tensor<3x9xf32>
  %v = vit.weight "v" : tensor<3x4xf32>
  %c = vit.weight "c" : tensor<3xf32>
  // expected-remark @+1 {{normalisation of 8-bit pixels folded}}
  %n = vit.normalize %x mean [0.5] std [0.5]
      : tensor<4x4x1xi8> -> tensor<1x4x4xf32>
  %u = vit.unfold %n kernel [3, 3] stride [2, 2] padding [1, 1] tile [2, 2]
      pad tile : tensor<1x4x4xf32> -> tensor<4x1x9xf32>
  %y = vit.linear %u, %w bias(%c)
      : tensor<4x1x9xf32>, tensor<3x9xf32>, tensor<3xf32> -> tensor<4x1x3xf32>
  %p = vit.unfold %n kernel [2, 2] stride [2, 2] padding [0, 0]
      : tensor<1x4x4xf32> -> tensor<4x4xf32>
  %z = vit.linear %p, %v : tensor<4x4xf32>, tensor<3x4xf32> -> tensor<4x3xf32>
  return %y, %z : tensor<4x1x3xf32>, tensor<4x3xf32>
}

// -----

// A float image has nothing to fold.
// CHECK-LABEL: @keeps_floats
// CHECK-NOT:   vit.weight_
// CHECK:       vit.unfold %{{.*}} : tensor<1x4x4xf32>
func.func @keeps_floats(%x: tensor<1x4x4xf32>) -> tensor<4x3xf32> {
  %w = vit.weight "w" : tensor<3x4xf32>
  %u = vit.unfold %x kernel [2, 2] stride [2, 2] padding [0, 0]
      : tensor<1x4x4xf32> -> tensor<4x4xf32>
  %y = vit.linear %u, %w : tensor<4x4xf32>, tensor<3x4xf32> -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

// An image that nobody reads needs no fold.
// CHECK-LABEL: @drops_unread
// CHECK-NEXT:  return
func.func @drops_unread(%x: tensor<4x4x1xi8>) {
  %n = vit.normalize %x mean [0.5] std [0.5]
      : tensor<4x4x1xi8> -> tensor<1x4x4xf32>
  return
}
