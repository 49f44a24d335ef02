// RUN: vit-opt %s --split-input-file --vit-fuse-epilogue \
// RUN:   --remarks-filter=vit-fuse-epilogue --verify-diagnostics | FileCheck %s
// RUN: vit-opt %s --split-input-file --vit-fuse-epilogue -o %t.once
// RUN: vit-opt %s --split-input-file --vit-fuse-epilogue --vit-fuse-epilogue -o %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: @fuses_both
// CHECK-SAME:  (%[[X:.*]]: tensor<4x6xf32>, %[[W:.*]]: tensor<3x6xf32>, %[[C:.*]]: tensor<3xf32>, %[[R:.*]]: tensor<4x3xf32>)
// CHECK-NEXT:  %[[Y:.*]] = vit.linear %[[X]], %[[W]] bias(%[[C]]) activation gelu residual(%[[R]])
// CHECK-NEXT:  return %[[Y]]
func.func @fuses_both(%x: tensor<4x6xf32>, %w: tensor<3x6xf32>,
                      %c: tensor<3xf32>, %r: tensor<4x3xf32>)
    -> tensor<4x3xf32> {
  %y = vit.linear %x, %w bias(%c)
      : tensor<4x6xf32>, tensor<3x6xf32>, tensor<3xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{activation fused into the product before}}
  %a = vit.activation gelu %y : tensor<4x3xf32>
  // expected-remark @+1 {{sum fused into the product before}}
  %s = vit.add %r, %a : tensor<4x3xf32>, tensor<4x3xf32>
  return %s : tensor<4x3xf32>
}

// -----

// Of two products the right one takes the other as its residual.
// CHECK-LABEL: @fuses_right_product
// CHECK-SAME:  (%[[X:.*]]: tensor<4x6xf32>, %[[W:.*]]: tensor<3x6xf32>, %[[V:.*]]: tensor<3x6xf32>)
// CHECK-NEXT:  %[[Y:.*]] = vit.linear %[[X]], %[[W]] :
// CHECK-NEXT:  vit.linear %[[X]], %[[V]] residual(%[[Y]])
func.func @fuses_right_product(%x: tensor<4x6xf32>, %w: tensor<3x6xf32>,
                               %v: tensor<3x6xf32>) -> tensor<4x3xf32> {
  %y = vit.linear %x, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  %z = vit.linear %x, %v : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{sum fused}}
  %s = vit.add %y, %z : tensor<4x3xf32>, tensor<4x3xf32>
  return %s : tensor<4x3xf32>
}

// -----

// On the left, with a table that is repeated over the patches.
// CHECK-LABEL: @fuses_table
// CHECK-SAME:  %[[T:[^:]*]]: tensor<4x3xf32>)
// CHECK-NEXT:  vit.linear %{{.*}} residual(%[[T]]) : tensor<5x4x6xf32>, tensor<3x6xf32> residual tensor<4x3xf32> -> tensor<5x4x3xf32>
func.func @fuses_table(%x: tensor<5x4x6xf32>, %w: tensor<3x6xf32>,
                       %t: tensor<4x3xf32>) -> tensor<5x4x3xf32> {
  %y = vit.linear %x, %w
      : tensor<5x4x6xf32>, tensor<3x6xf32> -> tensor<5x4x3xf32>
  // expected-remark @+1 {{sum fused}}
  %s = vit.add %y, %t : tensor<5x4x3xf32>, tensor<4x3xf32>
  return %s : tensor<5x4x3xf32>
}

// -----

// The result of the product would be a row for every patch.
// CHECK-LABEL: @keeps_repeated_product
// CHECK:       vit.add
func.func @keeps_repeated_product(%x: tensor<4x6xf32>, %w: tensor<3x6xf32>,
                                  %r: tensor<5x4x3xf32>) -> tensor<5x4x3xf32> {
  %y = vit.linear %x, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{sum kept apart: the product is repeated over rows}}
  %s = vit.add %r, %y : tensor<5x4x3xf32>, tensor<4x3xf32>
  return %s : tensor<5x4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_row_range
// CHECK:       vit.add %{{.*}}, %{{.*}} row 1
func.func @keeps_row_range(%x: tensor<4x6xf32>, %w: tensor<3x6xf32>,
                           %r: tensor<5x3xf32>) -> tensor<5x3xf32> {
  %y = vit.linear %x, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{sum kept apart: it changes some rows only}}
  %s = vit.add %r, %y row 1 : tensor<5x3xf32>, tensor<4x3xf32>
  return %s : tensor<5x3xf32>
}

// -----

// CHECK-LABEL: @keeps_shared_product
// CHECK:       vit.activation
// CHECK:       vit.add
func.func @keeps_shared_product(%x: tensor<4x6xf32>, %w: tensor<3x6xf32>,
                                %r: tensor<4x3xf32>)
    -> (tensor<4x3xf32>, tensor<4x3xf32>) {
  %y = vit.linear %x, %w : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{activation kept apart: the product before has other readers}}
  %a = vit.activation gelu %y : tensor<4x3xf32>
  // expected-remark @+1 {{sum kept apart: the product before has other readers}}
  %s = vit.add %r, %y : tensor<4x3xf32>, tensor<4x3xf32>
  return %a, %s : tensor<4x3xf32>, tensor<4x3xf32>
}

// -----

// A product adds its residual behind the activation, and only one.
// CHECK-LABEL: @keeps_behind_residual
// CHECK:       vit.activation relu
// CHECK:       vit.add
func.func @keeps_behind_residual(%x: tensor<4x6xf32>, %w: tensor<3x6xf32>,
                                 %r: tensor<4x3xf32>)
    -> (tensor<4x3xf32>, tensor<4x3xf32>) {
  %y = vit.linear %x, %w residual(%r)
      : tensor<4x6xf32>, tensor<3x6xf32> residual tensor<4x3xf32>
      -> tensor<4x3xf32>
  // expected-remark @+1 {{activation kept apart: the product before has an epilogue}}
  %a = vit.activation relu %y : tensor<4x3xf32>
  %z = vit.linear %x, %w residual(%a)
      : tensor<4x6xf32>, tensor<3x6xf32> residual tensor<4x3xf32>
      -> tensor<4x3xf32>
  // expected-remark @+1 {{sum kept apart: the product before has a residual}}
  %s = vit.add %r, %z : tensor<4x3xf32>, tensor<4x3xf32>
  return %a, %s : tensor<4x3xf32>, tensor<4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_second_activation
// CHECK:       vit.linear %{{.*}} activation gelu
// CHECK:       vit.activation relu
func.func @keeps_second_activation(%x: tensor<4x6xf32>, %w: tensor<3x6xf32>)
    -> tensor<4x3xf32> {
  %y = vit.linear %x, %w activation gelu
      : tensor<4x6xf32>, tensor<3x6xf32> -> tensor<4x3xf32>
  // expected-remark @+1 {{activation kept apart: the product before has an epilogue}}
  %a = vit.activation relu %y : tensor<4x3xf32>
  return %a : tensor<4x3xf32>
}

// -----

// CHECK-LABEL: @keeps_without_product
// CHECK-NEXT:  vit.activation
// CHECK-NEXT:  vit.add
func.func @keeps_without_product(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %a = vit.activation gelu %x : tensor<4x6xf32>
  %s = vit.add %a, %x : tensor<4x6xf32>, tensor<4x6xf32>
  return %s : tensor<4x6xf32>
}
