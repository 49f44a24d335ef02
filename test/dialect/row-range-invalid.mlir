// RUN: vit-opt %s --split-input-file --verify-diagnostics

// Without a layout the images would move together.
func.func @row_range_c1(%x: memref<?x5x8xf32>) {
  // expected-error @+1 {{'vit.row_range' op expects a result that differs from the input in its static rows only, got 'memref<?x5x8xf32>' and 'memref<?x4x8xf32>'}}
  %0 = vit.row_range %x from 1 : memref<?x5x8xf32> -> memref<?x4x8xf32>
  return
}

// -----

func.func @row_range_c1(%x: memref<?x8xf32>) {
  // expected-error @+1 {{got 'memref<?x8xf32>' and 'memref<?x8xf32>'}}
  %0 = vit.row_range %x from 0 : memref<?x8xf32> -> memref<?x8xf32>
  return
}

// -----

func.func @row_range_c1(%x: memref<?x5x8xf32>) {
  // expected-error @+1 {{got 'memref<?x5x8xf32>' and 'memref<?x4x8xi8, strided<[40, 8, 1]>>'}}
  %0 = vit.row_range %x from 1
      : memref<?x5x8xf32> -> memref<?x4x8xi8, strided<[40, 8, 1]>>
  return
}

// -----

func.func @row_range_c1(%x: memref<?x5x8xf32>) {
  // expected-error @+1 {{got 'memref<?x5x8xf32>' and 'memref<?x4x4xf32, strided<[40, 8, 1]>>'}}
  %0 = vit.row_range %x from 1
      : memref<?x5x8xf32> -> memref<?x4x4xf32, strided<[40, 8, 1]>>
  return
}

// -----

func.func @row_range_c1(%x: memref<?x5x8xf32>) {
  // expected-error @+1 {{got 'memref<?x5x8xf32>' and 'memref<2x4x8xf32, strided<[40, 8, 1]>>'}}
  %0 = vit.row_range %x from 1
      : memref<?x5x8xf32> -> memref<2x4x8xf32, strided<[40, 8, 1]>>
  return
}

// -----

func.func @row_range_c1(%x: memref<?x5x8xf32>) {
  // expected-error @+1 {{and 'memref<?x4x8xf32, strided<[40, 8, 1], offset: 8>>'}}
  %0 = vit.row_range %x from 1
      : memref<?x5x8xf32> -> memref<?x4x8xf32, strided<[40, 8, 1], offset: 8>>
  return
}

// -----

func.func @row_range_c1(%x: memref<?x?x8xf32>) {
  // expected-error @+1 {{got 'memref<?x?x8xf32>' and 'memref<?x4x8xf32, strided<[?, 8, 1]>>'}}
  %0 = vit.row_range %x from 1
      : memref<?x?x8xf32> -> memref<?x4x8xf32, strided<[?, 8, 1]>>
  return
}

// -----

func.func @row_range_c2(%x: memref<?x5x8xf32>) {
  // expected-error @+1 {{op expects 4 rows from row 2 to lie inside 5 rows}}
  %0 = vit.row_range %x from 2
      : memref<?x5x8xf32> -> memref<?x4x8xf32, strided<[40, 8, 1]>>
  return
}

// -----

func.func @row_range_c2(%x: memref<?x5x8xf32>) {
  // expected-error @+1 {{op expects 4 rows from row -1 to lie inside 5 rows}}
  %0 = vit.row_range %x from -1
      : memref<?x5x8xf32> -> memref<?x4x8xf32, strided<[40, 8, 1]>>
  return
}
