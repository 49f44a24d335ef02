// RUN: %python %S/Inputs/make_safetensors.py %t.safetensors \
// RUN:   half:F16:8:1,-2.5,65504,6.103515625e-05,5.960464477539063e-08,-0.0,0.333251953125,6.097555160522461e-05 \
// RUN:   brain:BF16:4:1,-2.5,3.3895313892515355e+38,9.183549615799121e-41 \
// RUN:   single:F32:2:1.17549435e-38,-0.1
// RUN: test-weights evaluate %s --weights %t.safetensors | FileCheck %s

// The largest, the smallest normal, the smallest and largest subnormal.
// CHECK: half: 1 -2.5 65504 6.10351562e-05 5.96046448e-08 -0 0.333251953
// CHECK-SAME: 6.09755516e-05
func.func @half() -> tensor<8xf32> {
  %a = vit.weight "half" : tensor<8xf32>
  return %a : tensor<8xf32>
}

// CHECK: brain: 1 -2.5 3.38953139e+38 9.18354962e-41
func.func @brain() -> tensor<4xf32> {
  %a = vit.weight "brain" : tensor<4xf32>
  return %a : tensor<4xf32>
}

// CHECK: single: 1.17549435e-38 -0.100000001
func.func @single() -> tensor<2xf32> {
  %a = vit.weight "single" : tensor<2xf32>
  return %a : tensor<2xf32>
}
