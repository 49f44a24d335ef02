// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @attention_map_c1(%q: tensor<5x8xf32>, %k: tensor<5x4xf32>) {
  // expected-error @+1 {{'vit.attention_map' op expects queries and keys of the same channels, got 'tensor<5x8xf32>' and 'tensor<5x4xf32>'}}
  %y = vit.attention_map %q, %k heads 2 scale 0.5
      : tensor<5x8xf32>, tensor<5x4xf32> -> tensor<2x5x5xf32>
  return
}

// -----

// No tokens at all.
func.func @attention_map_c1(%q: tensor<8xf32>) {
  // expected-error @+1 {{got 'tensor<8xf32>' and 'tensor<8xf32>'}}
  %y = vit.attention_map %q, %q heads 2 scale 0.5
      : tensor<8xf32>, tensor<8xf32> -> tensor<2x1x1xf32>
  return
}

// -----

func.func @attention_map_c2(%q: tensor<5x8xf32>) {
  // expected-error @+1 {{op expects heads to be positive and to divide 8 channels, got 3}}
  %y = vit.attention_map %q, %q heads 3 scale 0.5
      : tensor<5x8xf32>, tensor<5x8xf32> -> tensor<3x5x5xf32>
  return
}

// -----

func.func @attention_map_c3(%q: tensor<5x8xf32>) {
  // expected-error @+1 {{op expects scale to be finite and not zero, got nan}}
  %y = vit.attention_map %q, %q heads 2 scale 0x7FF8000000000000
      : tensor<5x8xf32>, tensor<5x8xf32> -> tensor<2x5x5xf32>
  return
}

// -----

func.func @attention_map_c4(%q: tensor<1x8xf32>, %k: tensor<5x8xf32>) {
  // expected-error @+1 {{op expects a result of shape [2, 1, 5], got 'tensor<1x2x5xf32>'}}
  %y = vit.attention_map %q, %k heads 2 scale 0.5
      : tensor<1x8xf32>, tensor<5x8xf32> -> tensor<1x2x5xf32>
  return
}
