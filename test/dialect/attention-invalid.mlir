// RUN: vit-opt %s --split-input-file --verify-diagnostics

// Keys and values of different tokens.
func.func @attention_c1(%q: tensor<5x8xf32>, %v: tensor<4x8xf32>) {
  // expected-error @+1 {{'vit.attention' op expects queries and keys of the same channels and keys and values of the same tokens, got 'tensor<5x8xf32>', 'tensor<5x8xf32>' and 'tensor<4x8xf32>'}}
  %y = vit.attention %q, %q, %v heads 2 scale 0.5
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<4x8xf32> -> tensor<5x8xf32>
  return
}

// -----

// Queries and keys of different channels.
func.func @attention_c1(%q: tensor<5x8xf32>, %k: tensor<5x4xf32>) {
  // expected-error @+1 {{got 'tensor<5x8xf32>', 'tensor<5x4xf32>' and 'tensor<5x4xf32>'}}
  %y = vit.attention %q, %k, %k heads 2 scale 0.5
      : tensor<5x8xf32>, tensor<5x4xf32>, tensor<5x4xf32> -> tensor<5x4xf32>
  return
}

// -----

// Different leading dimensions.
func.func @attention_c1(%q: tensor<7x5x8xf32>, %k: tensor<6x5x8xf32>) {
  // expected-error @+1 {{got 'tensor<7x5x8xf32>', 'tensor<6x5x8xf32>' and 'tensor<6x5x8xf32>'}}
  %y = vit.attention %q, %k, %k heads 2 scale 0.5
      : tensor<7x5x8xf32>, tensor<6x5x8xf32>, tensor<6x5x8xf32>
      -> tensor<7x5x8xf32>
  return
}

// -----

// No tokens at all.
func.func @attention_c1(%q: tensor<8xf32>) {
  // expected-error @+1 {{got 'tensor<8xf32>', 'tensor<8xf32>' and 'tensor<8xf32>'}}
  %y = vit.attention %q, %q, %q heads 2 scale 0.5
      : tensor<8xf32>, tensor<8xf32>, tensor<8xf32> -> tensor<8xf32>
  return
}

// -----

func.func @attention_c2(%q: tensor<5x8xf32>) {
  // expected-error @+1 {{op expects heads to be positive and to divide 8 channels, got 3}}
  %y = vit.attention %q, %q, %q heads 3 scale 0.5
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x8xf32> -> tensor<5x8xf32>
  return
}

// -----

func.func @attention_c2(%q: tensor<5x8xf32>, %v: tensor<5x9xf32>) {
  // expected-error @+1 {{op expects heads to be positive and to divide 9 channels, got 2}}
  %y = vit.attention %q, %q, %v heads 2 scale 0.5
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x9xf32> -> tensor<5x9xf32>
  return
}

// -----

func.func @attention_c2(%q: tensor<5x8xf32>) {
  // expected-error @+1 {{op expects heads to be positive and to divide 8 channels, got 0}}
  %y = vit.attention %q, %q, %q heads 0 scale 0.5
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x8xf32> -> tensor<5x8xf32>
  return
}

// -----

func.func @attention_c2(%q: tensor<5x8xf32>) {
  // expected-error @+1 {{op expects heads to be positive and to divide 8 channels, got -2}}
  %y = vit.attention %q, %q, %q heads -2 scale 0.5
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x8xf32> -> tensor<5x8xf32>
  return
}

// -----

func.func @attention_c3(%q: tensor<5x8xf32>) {
  // expected-error @+1 {{op expects scale to be finite and not zero, got 0.000000e+00}}
  %y = vit.attention %q, %q, %q heads 2 scale 0.0
      : tensor<5x8xf32>, tensor<5x8xf32>, tensor<5x8xf32> -> tensor<5x8xf32>
  return
}

// -----

func.func @attention_c4(%q: tensor<1x8xf32>, %k: tensor<5x8xf32>) {
  // expected-error @+1 {{op expects the queries' tokens with 8 channels as the result, got 'tensor<5x8xf32>'}}
  %y = vit.attention %q, %k, %k heads 2 scale 0.5
      : tensor<1x8xf32>, tensor<5x8xf32>, tensor<5x8xf32> -> tensor<5x8xf32>
  return
}
