// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @names
func.func @names() -> (tensor<6x8xf32>, tensor<1xf32>) {
  // CHECK: vit.weight "blocks.0.attn.qkv.weight" : tensor<6x8xf32>
  %a = vit.weight "blocks.0.attn.qkv.weight" : tensor<6x8xf32>
  // A checkpoint may use any string.
  // CHECK: vit.weight "a \22quoted\22 name" : tensor<1xf32>
  %b = vit.weight "a \22quoted\22 name" : tensor<1xf32>
  return %a, %b : tensor<6x8xf32>, tensor<1xf32>
}
