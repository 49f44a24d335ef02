// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @rgb
// CHECK:       vit.normalize %{{.*}} mean [4.850000e-01, 4.560000e-01, 4.060000e-01] std [2.500000e-01, 5.000000e-01, 1.000000e+00] : tensor<4x6x3xi8> -> tensor<3x4x6xf32>
func.func @rgb(%x: tensor<4x6x3xi8>) -> tensor<3x4x6xf32> {
  %y = vit.normalize %x mean [0.485, 0.456, 0.406] std [0.25, 0.5, 1.0]
      : tensor<4x6x3xi8> -> tensor<3x4x6xf32>
  return %y : tensor<3x4x6xf32>
}

// CHECK-LABEL: @grey
// CHECK:       vit.normalize %{{.*}} mean [0.000000e+00] std [1.000000e+00] : tensor<4x6x1xi8> -> tensor<1x4x6xf32>
func.func @grey(%x: tensor<4x6x1xi8>) -> tensor<1x4x6xf32> {
  %y = vit.normalize %x mean [0.0] std [1.0]
      : tensor<4x6x1xi8> -> tensor<1x4x6xf32>
  return %y : tensor<1x4x6xf32>
}
