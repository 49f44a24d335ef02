// RUN: vit-opt %s --split-input-file --vit-assign-buffers --verify-diagnostics

func.func @beside_kernel(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %y = vit.kernel rows ins(%x : tensor<4x6xf32>) {
  ^bb0(%a: tensor<4x6xf32>):
    %s = vit.softmax %a : tensor<4x6xf32>
    vit.yield %s : tensor<4x6xf32>
  } -> tensor<4x6xf32>
  // expected-error @+1 {{'vit.activation' op expects to be part of a kernel here}}
  %z = vit.activation gelu %y : tensor<4x6xf32>
  return %z : tensor<4x6xf32>
}

// -----

func.func @splits_rows(%x: tensor<4x6xf32>) -> tensor<8x3xf32> {
  %y = vit.kernel rows ins(%x : tensor<4x6xf32>) {
  ^bb0(%a: tensor<4x6xf32>):
    %s = vit.softmax %a : tensor<4x6xf32>
    vit.yield %s : tensor<4x6xf32>
  } -> tensor<4x6xf32>
  // expected-error @+1 {{'vit.reshape' op expects to join the words of nested tokens, got 'tensor<4x6xf32>' to 'tensor<8x3xf32>'}}
  %r = vit.reshape %y : tensor<4x6xf32> -> tensor<8x3xf32>
  %z = vit.kernel rows ins(%r : tensor<8x3xf32>) {
  ^bb0(%a: tensor<8x3xf32>):
    %s = vit.softmax %a : tensor<8x3xf32>
    vit.yield %s : tensor<8x3xf32>
  } -> tensor<8x3xf32>
  return %z : tensor<8x3xf32>
}

// -----

// Images 16 pixels wide look like groups of lanes.
func.func @joins_image(%x: tensor<4x2x16xf32>) -> tensor<4x32xf32> {
  // expected-error @+1 {{'vit.reshape' op expects to join the words of nested tokens, got 'tensor<4x2x16xf32>' to 'tensor<4x32xf32>'}}
  %r = vit.reshape %x : tensor<4x2x16xf32> -> tensor<4x32xf32>
  %z = vit.kernel rows ins(%r : tensor<4x32xf32>) {
  ^bb0(%a: tensor<4x32xf32>):
    %s = vit.softmax %a : tensor<4x32xf32>
    vit.yield %s : tensor<4x32xf32>
  } -> tensor<4x32xf32>
  return %z : tensor<4x32xf32>
}

// -----

func.func @reads_image(%x: tensor<4x2x16xf32>) -> tensor<4x32xf32> {
  %y = vit.kernel lanes ins(%x : tensor<4x2x16xf32>) {
  ^bb0(%a: tensor<4x2x16xf32>):
    // expected-error @+1 {{'vit.softmax' op expects no image here: only vit.unfold reads one}}
    %s = vit.softmax %a : tensor<4x2x16xf32>
    vit.yield %s : tensor<4x2x16xf32>
  } -> tensor<4x2x16xf32>
  %r = vit.reshape %y : tensor<4x2x16xf32> -> tensor<4x32xf32>
  %z = vit.kernel rows ins(%r : tensor<4x32xf32>) {
  ^bb0(%a: tensor<4x32xf32>):
    %s = vit.softmax %a : tensor<4x32xf32>
    vit.yield %s : tensor<4x32xf32>
  } -> tensor<4x32xf32>
  return %z : tensor<4x32xf32>
}

// -----

func.func @slices_weight(%x: tensor<4x6xf32>) -> tensor<2x6xf32> {
  %w = vit.weight "w" : tensor<4x6xf32>
  // expected-error @+1 {{'vit.slice_rows' op expects no weight here}}
  %r = vit.slice_rows %w from 0 : tensor<4x6xf32> -> tensor<2x6xf32>
  %z = vit.kernel rows ins(%r : tensor<2x6xf32>) {
  ^bb0(%a: tensor<2x6xf32>):
    %s = vit.softmax %a : tensor<2x6xf32>
    vit.yield %s : tensor<2x6xf32>
  } -> tensor<2x6xf32>
  return %z : tensor<2x6xf32>
}

// -----

func.func @reshapes_weight(%x: tensor<4x6xf32>) -> tensor<2x12xf32> {
  %w = vit.weight "w" : tensor<4x6xf32>
  // expected-error @+1 {{'vit.reshape' op expects no weight here}}
  %r = vit.reshape %w : tensor<4x6xf32> -> tensor<2x12xf32>
  %z = vit.kernel rows ins(%r : tensor<2x12xf32>) {
  ^bb0(%a: tensor<2x12xf32>):
    %s = vit.softmax %a : tensor<2x12xf32>
    vit.yield %s : tensor<2x12xf32>
  } -> tensor<2x12xf32>
  return %z : tensor<2x12xf32>
}

// -----

func.func @nested_result(%x: tensor<4x2x3xf32>) -> tensor<4x2x3xf32> {
  // expected-error @+1 {{'vit.kernel' op expects results of rank 2, or of rank 3 inside the model, got 'tensor<4x2x3xf32>'}}
  %y = vit.kernel lanes ins(%x : tensor<4x2x3xf32>) {
  ^bb0(%a: tensor<4x2x3xf32>):
    %s = vit.softmax %a : tensor<4x2x3xf32>
    vit.yield %s : tensor<4x2x3xf32>
  } -> tensor<4x2x3xf32>
  return %y : tensor<4x2x3xf32>
}

// -----

// A value has one place, and two results have two.
func.func @returned_twice(%x: tensor<4x6xf32>)
    -> (tensor<4x6xf32>, tensor<4x6xf32>) {
  %y = vit.kernel rows ins(%x : tensor<4x6xf32>) {
  ^bb0(%a: tensor<4x6xf32>):
    %s = vit.softmax %a : tensor<4x6xf32>
    vit.yield %s : tensor<4x6xf32>
  } -> tensor<4x6xf32>
  // expected-error @+1 {{'func.return' op expects a kernel to make result}}
  return %y, %y : tensor<4x6xf32>, tensor<4x6xf32>
}

// -----

func.func @returns_argument(%x: tensor<4x6xf32>)
    -> (tensor<4x6xf32>, tensor<4x6xf32>) {
  %y = vit.kernel rows ins(%x : tensor<4x6xf32>) {
  ^bb0(%a: tensor<4x6xf32>):
    %s = vit.softmax %a : tensor<4x6xf32>
    vit.yield %s : tensor<4x6xf32>
  } -> tensor<4x6xf32>
  // expected-error @+1 {{'func.return' op expects a kernel to make result 1 alone}}
  return %y, %x : tensor<4x6xf32>, tensor<4x6xf32>
}
