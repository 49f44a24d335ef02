// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @unfold_c1(%x: tensor<8x8xf32>) {
  // expected-error @+1 {{'vit.unfold' op expects an image of rank 3, got 'tensor<8x8xf32>'}}
  %y = vit.unfold %x kernel [4, 4] stride [4, 4] padding [0, 0]
      : tensor<8x8xf32> -> tensor<4x16xf32>
  return
}

// -----

func.func @unfold_c2(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{op expects kernel, stride and padding of two entries, got 1}}
  %y = vit.unfold %x kernel [4, 4] stride [4] padding [0, 0]
      : tensor<3x8x8xf32> -> tensor<4x48xf32>
  return
}

// -----

func.func @unfold_c2(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{op expects a kernel and a stride from 1 to 4096 and a padding from 0 to kernel - 1, got 4, 0 and 0}}
  %y = vit.unfold %x kernel [4, 4] stride [4, 0] padding [0, 0]
      : tensor<3x8x8xf32> -> tensor<4x48xf32>
  return
}

// -----

func.func @unfold_c2(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{got 0, 4 and 0}}
  %y = vit.unfold %x kernel [0, 4] stride [4, 4] padding [0, 0]
      : tensor<3x8x8xf32> -> tensor<4x48xf32>
  return
}

// -----

// As wide as the kernel: some window would see nothing of the image.
func.func @unfold_c2(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{got 4, 4 and 4}}
  %y = vit.unfold %x kernel [4, 4] stride [4, 4] padding [4, 0]
      : tensor<3x8x8xf32> -> tensor<4x48xf32>
  return
}

// -----

func.func @unfold_c2(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{got 4, 4 and -1}}
  %y = vit.unfold %x kernel [4, 4] stride [4, 4] padding [0, -1]
      : tensor<3x8x8xf32> -> tensor<4x48xf32>
  return
}

// -----

// Twice this padding would not fit into 64 bits.
func.func @unfold_c2(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{got 9223372036854775807, 4 and 9223372036854775806}}
  %y = vit.unfold %x kernel [9223372036854775807, 4] stride [4, 4]
      padding [9223372036854775806, 0] : tensor<3x8x8xf32> -> tensor<4x48xf32>
  return
}

// -----

func.func @unfold_c2(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{got 4, 32768 and 0}}
  %y = vit.unfold %x kernel [4, 4] stride [32768, 4] padding [0, 0]
      : tensor<3x8x8xf32> -> tensor<4x48xf32>
  return
}

// -----

func.func @unfold_c3(%x: tensor<3x16x16xf32>) {
  // expected-error @+1 {{op expects a tile of two entries that divide the image's 16 x 16 pixels and are multiples of the stride, got [8]}}
  %y = vit.unfold %x kernel [7, 7] stride [4, 4] padding [3, 3] tile [8]
      : tensor<3x16x16xf32> -> tensor<4x4x147xf32>
  return
}

// -----

// Not a divisor of the height; the size of an interleaved image comes first.
func.func @unfold_c3(%x: tensor<20x16x3xi8>) {
  // expected-error @+1 {{the image's 20 x 16 pixels and are multiples of the stride, got [8, 8]}}
  %y = vit.unfold %x kernel [7, 7] stride [4, 4] padding [3, 3] tile [8, 8]
      : tensor<20x16x3xi8> -> tensor<4x4x147xf32>
  return
}

// -----

// Not a multiple of the stride.
func.func @unfold_c3(%x: tensor<3x16x16xf32>) {
  // expected-error @+1 {{multiples of the stride, got [8, 8]}}
  %y = vit.unfold %x kernel [7, 7] stride [4, 3] padding [3, 3] tile [8, 8]
      : tensor<3x16x16xf32> -> tensor<4x4x147xf32>
  return
}

// -----

func.func @unfold_c3(%x: tensor<3x16x16xf32>) {
  // expected-error @+1 {{multiples of the stride, got [0, 8]}}
  %y = vit.unfold %x kernel [7, 7] stride [4, 4] padding [3, 3] tile [0, 8]
      : tensor<3x16x16xf32> -> tensor<4x4x147xf32>
  return
}

// -----

func.func @unfold_c4(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{op expects a result of shape [4, 48], got 'tensor<4x16xf32>'}}
  %y = vit.unfold %x kernel [4, 4] stride [4, 4] padding [0, 0]
      : tensor<3x8x8xf32> -> tensor<4x16xf32>
  return
}

// -----

func.func @unfold_c4(%x: tensor<3x16x16xf32>) {
  // expected-error @+1 {{op expects a result of shape [4, 4, 147], got 'tensor<16x147xf32>'}}
  %y = vit.unfold %x kernel [7, 7] stride [4, 4] padding [3, 3] tile [8, 8]
      : tensor<3x16x16xf32> -> tensor<16x147xf32>
  return
}

// -----

// A kernel larger than the image has no window.
func.func @unfold_c4(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{op expects a result of shape [0, 300], got 'tensor<1x300xf32>'}}
  %y = vit.unfold %x kernel [10, 10] stride [4, 4] padding [0, 0]
      : tensor<3x8x8xf32> -> tensor<1x300xf32>
  return
}

// -----

func.func @unfold_c5(%x: tensor<3x8x8xf32>) {
  // expected-error @+1 {{op expects no pad values or one for each of 3 channels, got 2}}
  %y = vit.unfold %x kernel [4, 4] stride [4, 4] padding [0, 0]
      values [1.0, 2.0] : tensor<3x8x8xf32> -> tensor<4x48xf32>
  return
}

// -----

func.func @unfold_c5(%x: tensor<1x8x8xf32>) {
  // expected-error @+1 {{op expects finite pad values}}
  %y = vit.unfold %x kernel [4, 4] stride [4, 4] padding [0, 0]
      values [0xFFF0000000000000] : tensor<1x8x8xf32> -> tensor<4x16xf32>
  return
}

// -----

func.func @unfold_pad_scope(%x: tensor<1x8x8xf32>) {
  // expected-error @+3 {{expected ::vitc::vit::PadScope to be one of: image, tile}}
  // expected-error @+2 {{failed to parse Vit_PadScopeAttr}}
  %y = vit.unfold %x kernel [4, 4] stride [4, 4] padding [0, 0]
      pad patch : tensor<1x8x8xf32> -> tensor<4x16xf32>
  return
}
