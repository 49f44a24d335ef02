// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @buffer_c1() {
  // expected-error @+1 {{'vit.buffer' op expects the first dimension alone to be dynamic, got 'memref<4x8xf32>'}}
  %0 = vit.buffer : memref<4x8xf32>
  return
}

// -----

func.func @buffer_c1() {
  // expected-error @+1 {{got 'memref<?x?xf32>'}}
  %0 = vit.buffer : memref<?x?xf32>
  return
}

// -----

func.func @buffer_c1() {
  // expected-error @+1 {{got 'memref<8x?xf32>'}}
  %0 = vit.buffer : memref<8x?xf32>
  return
}

// -----

func.func @buffer_c1() {
  // expected-error @+1 {{got 'memref<f32>'}}
  %0 = vit.buffer : memref<f32>
  return
}

// -----

func.func @buffer_c2() {
  // expected-error @+1 {{op expects an offset of at least 0 bytes, got -128}}
  %0 = vit.buffer offset -128 : memref<?x8xf32>
  return
}

// -----

// The type constraint that all buffers share: element type, size, strides.
func.func @buffer_type() {
  // expected-error @+1 {{result #0 must be strided f32 or i8 buffer of 1 to 2^32 elements an image, but got 'memref<?x8xf64>'}}
  %0 = vit.buffer : memref<?x8xf64>
  return
}

// -----

func.func @buffer_empty() {
  // expected-error @+1 {{but got 'memref<?x0xf32>'}}
  %0 = vit.buffer : memref<?x0xf32>
  return
}

// -----

// 2^64 elements: their count wraps to zero.
func.func @buffer_huge() {
  // expected-error @+1 {{but got 'memref<?x4294967296x4294967296xf32>'}}
  %0 = vit.buffer : memref<?x4294967296x4294967296xf32>
  return
}

// -----

func.func @buffer_stride() {
  // expected-error @+1 {{but got 'memref<?x8xf32, strided<[9223372036854775807, 1]>>'}}
  %0 = vit.buffer : memref<?x8xf32, strided<[9223372036854775807, 1]>>
  return
}

// -----

func.func @buffer_not_strided() {
  // expected-error @+1 {{but got 'memref<?x8xf32, affine_map<(d0, d1) -> (d0 floordiv 2, d1)>>'}}
  %0 = vit.buffer : memref<?x8xf32, affine_map<(d0, d1) -> (d0 floordiv 2, d1)>>
  return
}
