// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// Without any optional clause.
// CHECK-LABEL: @plain
// CHECK-SAME:  (%[[X:.*]]: tensor<4x8xf32>, %[[W:.*]]: tensor<6x8xf32>)
// CHECK:       vit.linear %[[X]], %[[W]] : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
func.func @plain(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>) -> tensor<4x6xf32> {
  %y = vit.linear %x, %w : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// CHECK-LABEL: @bias
// CHECK-SAME:  %[[B:[^:]*]]: tensor<6xf32>)
// CHECK:       vit.linear %{{.*}}, %{{.*}} bias(%[[B]]) : tensor<4x8xf32>, tensor<6x8xf32>, tensor<6xf32> -> tensor<4x6xf32>
func.func @bias(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>, %b: tensor<6xf32>)
    -> tensor<4x6xf32> {
  %y = vit.linear %x, %w bias(%b)
      : tensor<4x8xf32>, tensor<6x8xf32>, tensor<6xf32> -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// CHECK-LABEL: @activation
// CHECK:       vit.linear %{{.*}}, %{{.*}} activation gelu : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
func.func @activation(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>)
    -> tensor<4x6xf32> {
  %y = vit.linear %x, %w activation gelu
      : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// `none` is the default and not printed.
// CHECK-LABEL: @no_activation
// CHECK:       vit.linear %{{[^,]*}}, %{{[^ ]*}} : tensor
func.func @no_activation(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>)
    -> tensor<4x6xf32> {
  %y = vit.linear %x, %w activation none
      : tensor<4x8xf32>, tensor<6x8xf32> -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// The residual has the result's shape; without a bias its type follows the
// weight's.
// CHECK-LABEL: @residual
// CHECK-SAME:  %[[R:[^:]*]]: tensor<4x6xf32>)
// CHECK:       vit.linear %{{.*}}, %{{.*}} residual(%[[R]]) : tensor<4x8xf32>, tensor<6x8xf32> residual tensor<4x6xf32> -> tensor<4x6xf32>
func.func @residual(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>,
                    %r: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %y = vit.linear %x, %w residual(%r)
      : tensor<4x8xf32>, tensor<6x8xf32> residual tensor<4x6xf32>
      -> tensor<4x6xf32>
  return %y : tensor<4x6xf32>
}

// Every clause; rank 3; a residual that is repeated over the patches.
// CHECK-LABEL: @all
// CHECK:       vit.linear %{{.*}}, %{{.*}} bias(%{{.*}}) activation tanh residual(%{{.*}}) : tensor<5x4x8xf32>, tensor<6x8xf32>, tensor<6xf32> residual tensor<4x6xf32> -> tensor<5x4x6xf32>
func.func @all(%x: tensor<5x4x8xf32>, %w: tensor<6x8xf32>, %b: tensor<6xf32>,
               %r: tensor<4x6xf32>) -> tensor<5x4x6xf32> {
  %y = vit.linear %x, %w bias(%b) activation tanh residual(%r)
      : tensor<5x4x8xf32>, tensor<6x8xf32>, tensor<6xf32>
      residual tensor<4x6xf32> -> tensor<5x4x6xf32>
  return %y : tensor<5x4x6xf32>
}
