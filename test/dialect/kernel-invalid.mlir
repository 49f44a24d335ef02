// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @kernel_c1(%x: tensor<4x8xf32>, %y: memref<?x4x8xf32>) {
  // expected-error @+1 {{'vit.kernel' op expects either results or outputs, got 1 and 1}}
  %z = vit.kernel rows ins(%x : tensor<4x8xf32>) outs(%y : memref<?x4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    vit.yield %a, %a : tensor<4x8xf32>, tensor<4x8xf32>
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @kernel_c1(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{op expects either results or outputs, got 0 and 0}}
  vit.kernel rows ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    vit.yield
  }
  return
}

// -----

func.func @kernel_c1(%x: tensor<4x8xf32>, %y: memref<?x4x8xf32>) {
  // expected-error @+1 {{op expects buffers as inputs beside outputs, got 'tensor<4x8xf32>'}}
  vit.kernel rows ins(%x : tensor<4x8xf32>) outs(%y : memref<?x4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    vit.yield %a : tensor<4x8xf32>
  }
  return
}

// -----

func.func @kernel_c2(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{op expects a body that ends in vit.yield}}
  %y = vit.kernel rows ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    cf.br ^bb0(%a : tensor<4x8xf32>)
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @kernel_c2(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{op expects a body with 1 arguments, got 2}}
  %y = vit.kernel rows ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>, %b: tensor<4x8xf32>):
    vit.yield %a : tensor<4x8xf32>
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @kernel_c2(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{op expects a body that yields 1 values, got 2}}
  %y = vit.kernel rows ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    vit.yield %a, %a : tensor<4x8xf32>, tensor<4x8xf32>
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @kernel_c2(%x: memref<?x4x8xf32>) {
  // expected-error @+1 {{op expects a body that yields 1 values, got 0}}
  vit.kernel rows outs(%x : memref<?x4x8xf32>) {
    vit.yield
  }
  return
}

// -----

func.func @kernel_c3(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{op expects the body's types to be those of the kernel's operands and results}}
  %y = vit.kernel rows ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<1x8xf32>):
    vit.yield %a : tensor<1x8xf32>
  } -> tensor<1x8xf32>
  return
}

// -----

func.func @kernel_c3(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{op expects the body's types to be those of the kernel's operands and results}}
  %y = vit.kernel rows ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    vit.yield %a : tensor<4x8xf32>
  } -> tensor<32xf32>
  return
}

// -----

func.func @kernel_empty_body(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'vit.kernel' op expects a non-empty block}}
  %y = "vit.kernel"(%x) <{kind = #vit<kernel_kind rows>,
      operandSegmentSizes = array<i32: 1, 0>}> ({
  ^bb0(%a: tensor<4x8xf32>):
  }) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

func.func @kernel_no_body(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{region with 1 blocks}}
  %y = "vit.kernel"(%x) <{kind = #vit<kernel_kind rows>,
      operandSegmentSizes = array<i32: 1, 0>}> ({
  }) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// Kernels read only what is listed.
func.func @kernel_isolated(%x: tensor<4x8xf32>) {
  // expected-note @+1 {{required by region isolation constraints}}
  %y = vit.kernel rows ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    // expected-error @+1 {{using value defined outside the region}}
    %b = vit.add %a, %x : tensor<4x8xf32>, tensor<4x8xf32>
    vit.yield %b : tensor<4x8xf32>
  } -> tensor<4x8xf32>
  return
}

// -----

func.func @kernel_kind(%x: tensor<4x8xf32>) {
  // expected-error @+2 {{expected ::vitc::vit::KernelKind to be one of: linear, attention, rows, pool, lanes}}
  // expected-error @+1 {{failed to parse Vit_KernelKindAttr}}
  %y = vit.kernel gemm ins(%x : tensor<4x8xf32>) {
  ^bb0(%a: tensor<4x8xf32>):
    vit.yield %a : tensor<4x8xf32>
  } -> tensor<4x8xf32>
  return
}

// -----

// expected-error @+1 {{expects tile sizes from 1 to 65536, got 0}}
func.func private @tile_sizes() attributes {tile = #vit.tile<vector = 16, rows = 0, columns = 32, block = 256>}

// -----

// expected-error @+1 {{expects tile sizes from 1 to 65536, got -256}}
func.func private @tile_sizes() attributes {tile = #vit.tile<vector = 16, rows = 1, columns = 32, block = -256>}

// -----

// expected-error @+1 {{expects tile sizes from 1 to 65536, got 65537}}
func.func private @tile_sizes() attributes {tile = #vit.tile<vector = 16, rows = 1, columns = 65537, block = 256>}
