// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// Every kind.
// CHECK-LABEL: @kinds
func.func @kinds(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // CHECK-NEXT: %[[A:.*]] = vit.activation none %{{.*}} : tensor<4x8xf32>
  %a = vit.activation none %x : tensor<4x8xf32>
  // CHECK-NEXT: %[[B:.*]] = vit.activation gelu %[[A]] : tensor<4x8xf32>
  %b = vit.activation gelu %a : tensor<4x8xf32>
  // CHECK-NEXT: %[[C:.*]] = vit.activation gelu_tanh %[[B]] : tensor<4x8xf32>
  %c = vit.activation gelu_tanh %b : tensor<4x8xf32>
  // CHECK-NEXT: %[[D:.*]] = vit.activation quick_gelu %[[C]] : tensor<4x8xf32>
  %d = vit.activation quick_gelu %c : tensor<4x8xf32>
  // CHECK-NEXT: %[[E:.*]] = vit.activation silu %[[D]] : tensor<4x8xf32>
  %e = vit.activation silu %d : tensor<4x8xf32>
  // CHECK-NEXT: %[[F:.*]] = vit.activation relu %[[E]] : tensor<4x8xf32>
  %f = vit.activation relu %e : tensor<4x8xf32>
  // CHECK-NEXT: vit.activation tanh %[[F]] : tensor<4x8xf32>
  %g = vit.activation tanh %f : tensor<4x8xf32>
  return %g : tensor<4x8xf32>
}
