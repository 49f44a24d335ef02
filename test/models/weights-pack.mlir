// RUN: %python %S/Inputs/make_safetensors.py %t.safetensors \
// RUN:   a:F32:5,3:1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 b:F32:5:1,2,3,4,5 \
// RUN:   g:F32:3:10,100,1000
// RUN: test-weights pack %s --weights %t.safetensors -o %t.weights
// RUN: %python %S/Inputs/read_weights.py %t.weights | FileCheck %s

func.func @model() attributes {vit.weights_data_offset = 448 : i64,
    vit.weights_bytes = 1152 : i64} {
  %a = vit.weight "a" : tensor<5x3xf32>
  %b = vit.weight "b" : tensor<5xf32>
  %g = vit.weight "g" : tensor<3xf32>

  // Two panels of four outputs; the rows behind the last output are zero.
  // CHECK:      0 qkv.weight: 1 4 7 10 2 5 8 11 3 6 9 12
  // CHECK-SAME: 13 0 0 0 14 0 0 0 15 0 0 0{{$}}
  %0 = vit.pack %a offset 448 {vit.name = "qkv.weight"}
      : tensor<5x3xf32> -> memref<2x3x4xf32>

  // CHECK-NEXT: 128 fc1.weight: 10 40 70 100 200 500 800 1100 3000 6000 9000 12000
  // CHECK-SAME: 130 0 0 0 1400 0 0 0 15000 0 0 0{{$}}
  %s = vit.weight_scale %a, %g axis 1 : tensor<5x3xf32>, tensor<3xf32>
  %1 = vit.pack %s offset 576 {vit.name = "fc1.weight"}
      : tensor<5x3xf32> -> memref<2x3x4xf32>

  // A row with padding behind it.
  // CHECK-NEXT: 256 fc1.bias: 3211 6542 9873 13204 16535 0 0 0{{$}}
  %m = vit.weight_matvec %a, %g
      : tensor<5x3xf32>, tensor<3xf32> -> tensor<5xf32>
  %c = vit.weight_add %b, %m : tensor<5xf32>
  %2 = vit.pack %c offset 704 {vit.name = "fc1.bias"}
      : tensor<5xf32> -> memref<8xf32>

  // Rows of a matrix, padded in both dimensions and in the first alone.
  // CHECK-NEXT: 320 rows: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 0 0 0 0 0 0{{$}}
  %3 = vit.pack %a offset 768 {vit.name = "rows"}
      : tensor<5x3xf32> -> memref<7x3xf32>
  // CHECK-NEXT: 448 table: 1 2 3 0 0 4 5 6 0 0 7 8 9 0 0 10 11 12 0 0 13 14 15 0 0
  // CHECK-SAME: 0 0 0 0 0{{$}}
  %4 = vit.pack %a offset 896 {vit.name = "table"}
      : tensor<5x3xf32> -> memref<6x5xf32>

  // CHECK-NEXT: 576 b: 1 2 3 4 5{{$}}
  %5 = vit.pack %b offset 1024 {vit.name = "b"}
      : tensor<5xf32> -> memref<5xf32>

  // CHECK-NEXT: 640 half: 0.5 0.5 0.5{{$}}
  %h = vit.weight_constant [0.5] each 1 : tensor<3x1x1xf32>
  %6 = vit.pack %h offset 1088 {vit.name = "half"}
      : tensor<3x1x1xf32> -> memref<3x1x1xf32>
  return
}
