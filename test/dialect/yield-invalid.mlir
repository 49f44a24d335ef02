// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @yield_parent(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'vit.yield' op expects parent op 'vit.kernel'}}
  vit.yield %x : tensor<4x8xf32>
}

// -----

func.func @yield_terminator(%x: tensor<4x8xf32>) {
  %y = vit.kernel rows ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    // expected-error @+1 {{'vit.yield' op must be the last operation in the parent block}}
    vit.yield %a : tensor<4x8xf32>
    %b = vit.softmax %a : tensor<4x8xf32>
    vit.yield %b : tensor<4x8xf32>
  } -> tensor<4x8xf32>
  return
}
