// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @self
// CHECK-SAME:  (%[[Q:.*]]: tensor<5x8xf32>, %[[K:.*]]: tensor<5x8xf32>, %[[V:.*]]: tensor<5x8xf32>)
// CHECK:       vit.attention %[[Q]], %[[K]], %[[V]] heads 2 scale 5.000000e-01 : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x8xf32> -> tensor<5x8xf32>
func.func @self(%q: tensor<5x8xf32>, %k: tensor<5x8xf32>, %v: tensor<5x8xf32>)
    -> tensor<5x8xf32> {
  %y = vit.attention %q, %k, %v heads 2 scale 0.5
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x8xf32> -> tensor<5x8xf32>
  return %y : tensor<5x8xf32>
}

// Fewer queries than keys; heads of the values have a size of their own.
// CHECK-LABEL: @class_token
// CHECK:       vit.attention {{.*}} heads 2 scale -2.500000e-01 : tensor<1x8xf32>, tensor<5x8xf32>, tensor<5x12xf32> -> tensor<1x12xf32>
func.func @class_token(%q: tensor<1x8xf32>, %k: tensor<5x8xf32>,
                       %v: tensor<5x12xf32>) -> tensor<1x12xf32> {
  %y = vit.attention %q, %k, %v heads 2 scale -0.25
      : tensor<1x8xf32>, tensor<5x8xf32>, tensor<5x12xf32> -> tensor<1x12xf32>
  return %y : tensor<1x12xf32>
}

// One attention for each of seven patches.
// CHECK-LABEL: @words
// CHECK:       vit.attention {{.*}} heads 4 scale 1.000000e+00 : tensor<7x16x24xf32>, tensor<7x16x24xf32>, tensor<7x16x24xf32> -> tensor<7x16x24xf32>
func.func @words(%x: tensor<7x16x24xf32>) -> tensor<7x16x24xf32> {
  %y = vit.attention %x, %x, %x heads 4 scale 1.0
      : tensor<7x16x24xf32>, tensor<7x16x24xf32>, tensor<7x16x24xf32>
      -> tensor<7x16x24xf32>
  return %y : tensor<7x16x24xf32>
}
