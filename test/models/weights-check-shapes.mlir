// Two uses of a tensor with different shapes can't both be right.
//
// RUN: not test-weights evaluate %s 2>&1 | FileCheck %s
// CHECK: model.json:7:3: error: head: expected tensor 'a' of shape [3, 2], found a use with [2, 3]

func.func @f() {
  %a = vit.weight "a" : tensor<2x3xf32>
  %b = vit.weight "a" : tensor<3x2xf32> loc("head"("model.json":7:3))
  return
}
