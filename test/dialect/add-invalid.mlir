// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @add_c1(%a: tensor<5x8xf32>, %b: tensor<4x8xf32>) {
  // expected-error @+1 {{'vit.add' op expects a right side of the left one's shape or a trailing part of it, got 'tensor<5x8xf32>' and 'tensor<4x8xf32>'}}
  %y = vit.add %a, %b : tensor<5x8xf32>, tensor<4x8xf32>
  return
}

// -----

// More dimensions on the right than on the left.
func.func @add_c1(%a: tensor<8xf32>, %b: tensor<4x8xf32>) {
  // expected-error @+1 {{got 'tensor<8xf32>' and 'tensor<4x8xf32>'}}
  %y = vit.add %a, %b : tensor<8xf32>, tensor<4x8xf32>
  return
}

// -----

func.func @add_c2(%a: tensor<5x8xf32>, %b: tensor<4x8xf32>) {
  // expected-error @+1 {{op expects the rows of the right side to fit at row 2 of the left one, got 'tensor<5x8xf32>' and 'tensor<4x8xf32>'}}
  %y = vit.add %a, %b row 2 : tensor<5x8xf32>, tensor<4x8xf32>
  return
}

// -----

func.func @add_c2(%a: tensor<5x8xf32>, %b: tensor<4x8xf32>) {
  // expected-error @+1 {{to fit at row -1 of the left one}}
  %y = vit.add %a, %b row -1 : tensor<5x8xf32>, tensor<4x8xf32>
  return
}

// -----

// The last row of the range would wrap around.
func.func @add_c2(%a: tensor<5x8xf32>, %b: tensor<4x8xf32>) {
  // expected-error @+1 {{to fit at row 9223372036854775807 of the left one}}
  %y = vit.add %a, %b row 9223372036854775807
      : tensor<5x8xf32>, tensor<4x8xf32>
  return
}

// -----

func.func @add_c2(%a: tensor<5x8xf32>, %b: tensor<4x4xf32>) {
  // expected-error @+1 {{got 'tensor<5x8xf32>' and 'tensor<4x4xf32>'}}
  %y = vit.add %a, %b row 1 : tensor<5x8xf32>, tensor<4x4xf32>
  return
}

// -----

func.func @add_c2(%a: tensor<5x8xf32>, %b: tensor<8xf32>) {
  // expected-error @+1 {{got 'tensor<5x8xf32>' and 'tensor<8xf32>'}}
  %y = vit.add %a, %b row 1 : tensor<5x8xf32>, tensor<8xf32>
  return
}

// -----

func.func @add_types(%a: tensor<5x8xf32>) {
  // expected-error @+1 {{'vit.add' op failed to verify that all of {lhs, result} have same type}}
  %y = "vit.add"(%a, %a) : (tensor<5x8xf32>, tensor<5x8xf32>) -> tensor<8xf32>
  return
}
