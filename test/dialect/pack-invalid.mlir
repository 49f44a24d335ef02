// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @pack_c1(%w: tensor<10x8xf32>) {
  // expected-error @+1 {{'vit.pack' op expects panels [ceil(N / P), K, P] of 'tensor<10x8xf32>', got 'memref<2x8x4xf32>'}}
  %0 = vit.pack %w : tensor<10x8xf32> -> memref<2x8x4xf32>
  return
}

// -----

func.func @pack_c1(%w: tensor<10x8xf32>) {
  // expected-error @+1 {{got 'memref<3x9x4xf32>'}}
  %0 = vit.pack %w : tensor<10x8xf32> -> memref<3x9x4xf32>
  return
}

// -----

func.func @pack_c1(%w: tensor<10x8xf32>) {
  // expected-error @+1 {{got 'memref<3x8x?xf32>'}}
  %0 = vit.pack %w : tensor<10x8xf32> -> memref<3x8x?xf32>
  return
}

// -----

func.func @pack_c1(%b: tensor<10xf32>) {
  // expected-error @+1 {{op expects room for 'tensor<10xf32>', got 'memref<8xf32>'}}
  %0 = vit.pack %b : tensor<10xf32> -> memref<8xf32>
  return
}

// -----

func.func @pack_c1(%b: tensor<10xf32>) {
  // expected-error @+1 {{op expects room for 'tensor<10xf32>', got 'memref<?xf32>'}}
  %0 = vit.pack %b : tensor<10xf32> -> memref<?xf32>
  return
}

// -----

func.func @pack_c1(%b: tensor<10xf32>) {
  // expected-error @+1 {{op expects room for 'tensor<10xf32>', got 'memref<2x5xf32>'}}
  %0 = vit.pack %b : tensor<10xf32> -> memref<2x5xf32>
  return
}

// -----

func.func @pack_c2(%b: tensor<10xf32>) {
  // expected-error @+1 {{op expects f32 without gaps as the result, got 'memref<10xi8>'}}
  %0 = vit.pack %b : tensor<10xf32> -> memref<10xi8>
  return
}

// -----

func.func @pack_c2(%b: tensor<10xf32>) {
  // expected-error @+1 {{op expects f32 without gaps as the result, got 'memref<10xf32, strided<[2]>>'}}
  %0 = vit.pack %b : tensor<10xf32> -> memref<10xf32, strided<[2]>>
  return
}

// -----

func.func @pack_c2(%b: tensor<10xf32>) {
  // expected-error @+1 {{op expects an offset of at least 0 bytes, got -64}}
  %0 = vit.pack %b offset -64 : tensor<10xf32> -> memref<10xf32>
  return
}

// -----

func.func @pack_c3(%b: tensor<10xf32>) {
  // expected-error @+1 {{op expects operands that weight ops compute, got a value of 'tensor<10xf32>' that is an argument}}
  %0 = vit.pack %b : tensor<10xf32> -> memref<10xf32>
  return
}
