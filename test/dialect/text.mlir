// RUN: vit-opt %s --verify-roundtrip | FileCheck %s --strict-whitespace

// Keywords stand one space apart.
// CHECK-LABEL: @keywords
// CHECK:       = vit.linear %{{[^ ]*}}, %{{[^ ]*}} activation gelu residual(%{{[^ ]*}}) : tensor
// CHECK:       = vit.activation quick_gelu %{{[^ ]*}} : tensor
// CHECK:       = vit.pool mean %{{[^ ]*}} : tensor
// CHECK:       = vit.unfold %{{[^ ]*}} kernel [1, 1] stride [1, 1] padding [0, 0] tile [1, 1] pad tile values [1.000000e+00] : tensor
// CHECK:       = vit.weight_resample %{{[^ ]*}} bicubic_antialias offset 0.000000e+00 : tensor
// CHECK:       = vit.kernel rows tile <vector = 16, rows = 1, columns = 16, block = 1> ins(%
func.func @keywords(%x: tensor<4x4xf32>, %i: tensor<1x2x2xf32>) {
  %l = vit.linear %x, %x activation gelu residual(%x)
      : tensor<4x4xf32>, tensor<4x4xf32> residual tensor<4x4xf32>
      -> tensor<4x4xf32>
  %a = vit.activation quick_gelu %x : tensor<4x4xf32>
  %p = vit.pool mean %x : tensor<4x4xf32> -> tensor<1x4xf32>
  %u = vit.unfold %i kernel [1, 1] stride [1, 1] padding [0, 0] tile [1, 1]
      pad tile values [1.0] : tensor<1x2x2xf32> -> tensor<4x1x1xf32>
  %t = vit.weight "t" : tensor<2x2x4xf32>
  %r = vit.weight_resample %t bicubic_antialias offset 0.0
      : tensor<2x2x4xf32> -> tensor<3x3x4xf32>
  %k = vit.kernel rows tile <vector = 16, rows = 1, columns = 16, block = 1>
      ins(%x : tensor<4x4xf32>) {
  ^bb0(%q: tensor<4x4xf32>):
    vit.yield %q : tensor<4x4xf32>
  } -> tensor<4x4xf32>
  return
}

// Lists of numbers are printed with all the digits that make them the same
// numbers when they are read again.
// CHECK-LABEL: @numbers
// CHECK:       vit.weight_constant [0.0078431372549019607, 1.000000e-01, 5.000000e-01] each 1
// CHECK:       vit.normalize %{{.*}} mean [0.33333333333333331] std [2.290000e-01]
// CHECK:       vit.unfold %{{.*}} values [123.67500000000001]
func.func @numbers(%x: tensor<2x2x1xi8>) {
  %c = vit.weight_constant [0.0078431372549019607, 0.1, 0.5] each 1
      : tensor<3xf32>
  %n = vit.normalize %x mean [0.33333333333333331] std [0.229]
      : tensor<2x2x1xi8> -> tensor<1x2x2xf32>
  %u = vit.unfold %x kernel [1, 1] stride [1, 1] padding [0, 0]
      values [123.67500000000001] : tensor<2x2x1xi8> -> tensor<4x1xf32>
  return
}
