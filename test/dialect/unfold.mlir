// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @patches
// CHECK:       vit.unfold %{{.*}} kernel [4, 4] stride [4, 4] padding [0, 0] : tensor<3x8x12xf32> -> tensor<6x48xf32>
func.func @patches(%x: tensor<3x8x12xf32>) -> tensor<6x48xf32> {
  %y = vit.unfold %x kernel [4, 4] stride [4, 4] padding [0, 0]
      : tensor<3x8x12xf32> -> tensor<6x48xf32>
  return %y : tensor<6x48xf32>
}

// Pixels that no window reaches are dropped: 9 x 13 has the grid of 8 x 12.
// CHECK-LABEL: @dropped_border
// CHECK:       tensor<3x9x13xf32> -> tensor<6x48xf32>
func.func @dropped_border(%x: tensor<3x9x13xf32>) -> tensor<6x48xf32> {
  %y = vit.unfold %x kernel [4, 4] stride [4, 4] padding [0, 0]
      : tensor<3x9x13xf32> -> tensor<6x48xf32>
  return %y : tensor<6x48xf32>
}

// Overlapping windows over the whole image; `pad image` is the default and not
// printed.
// CHECK-LABEL: @pad_image
// CHECK:       vit.unfold %{{.*}} kernel [3, 5] stride [2, 2] padding [1, 2] : tensor<1x8x8xf32> -> tensor<16x15xf32>
func.func @pad_image(%x: tensor<1x8x8xf32>) -> tensor<16x15xf32> {
  %y = vit.unfold %x kernel [3, 5] stride [2, 2] padding [1, 2] pad image
      : tensor<1x8x8xf32> -> tensor<16x15xf32>
  return %y : tensor<16x15xf32>
}

// CHECK-LABEL: @tile_pad_image
// CHECK:       padding [3, 3] tile [8, 8] : tensor<3x16x16xf32> -> tensor<4x4x147xf32>
func.func @tile_pad_image(%x: tensor<3x16x16xf32>) -> tensor<4x4x147xf32> {
  %y = vit.unfold %x kernel [7, 7] stride [4, 4] padding [3, 3] tile [8, 8]
      : tensor<3x16x16xf32> -> tensor<4x4x147xf32>
  return %y : tensor<4x4x147xf32>
}

// CHECK-LABEL: @tile_pad_tile
// CHECK:       padding [3, 3] tile [8, 8] pad tile : tensor<3x16x16xf32> -> tensor<4x4x147xf32>
func.func @tile_pad_tile(%x: tensor<3x16x16xf32>) -> tensor<4x4x147xf32> {
  %y = vit.unfold %x kernel [7, 7] stride [4, 4] padding [3, 3] tile [8, 8]
      pad tile : tensor<3x16x16xf32> -> tensor<4x4x147xf32>
  return %y : tensor<4x4x147xf32>
}

// Interleaved bytes with the value that reads as zero after normalisation.
// CHECK-LABEL: @bytes
// CHECK:       padding [3, 3] tile [8, 8] pad tile values [1.275000e+02, 1.000000e+02, 0.000000e+00] : tensor<16x24x3xi8> -> tensor<6x4x147xf32>
func.func @bytes(%x: tensor<16x24x3xi8>) -> tensor<6x4x147xf32> {
  %y = vit.unfold %x kernel [7, 7] stride [4, 4] padding [3, 3] tile [8, 8]
      pad tile values [127.5, 100.0, 0.0]
      : tensor<16x24x3xi8> -> tensor<6x4x147xf32>
  return %y : tensor<6x4x147xf32>
}
