// RUN: test-weights evaluate %s --weights closed-form \
// RUN:   | FileCheck %s --check-prefix=SINE
// RUN: test-weights evaluate %s --weights closed-form:random \
// RUN:   | FileCheck %s --check-prefix=RANDOM
//
// The values of models/reference/formula.py, which PyTorch's results are
// recorded with.

// SINE:   scale: 1.0499388 1.04745328 1.03854525
// RANDOM: scale: 0.952589512 1.08332574 1.00607574
func.func @scale() -> tensor<3xf32> {
  %a = vit.weight "norm.weight" : tensor<3xf32>
  return %a : tensor<3xf32>
}

// SINE:   matrix: -0.0324031524 -0.0164402705 0.00174772495 0.0196991749 0.0349844322 0.0455347113
// RANDOM: matrix: 0.455669403 0.236583233 -0.289065123 0.566275239 0.463337541 0.484120131
func.func @matrix() -> tensor<2x3xf32> {
  %a = vit.weight "head.weight" : tensor<2x3xf32>
  return %a : tensor<2x3xf32>
}

// SINE:   token: 0.0423533991 0.0490968823 0.0491953343 0.0426354297
// RANDOM: token: -0.0197648648 0.245164573 0.690265775 0.557842314
func.func @token() -> tensor<1x1x4xf32> {
  %a = vit.weight "cls_token" : tensor<1x1x4xf32>
  return %a : tensor<1x1x4xf32>
}
