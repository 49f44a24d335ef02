// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @step_c1(%x: memref<?x8xf32>) {
  // expected-error @+1 {{'vit.step' op expects a function named 'norm'}}
  vit.step @norm "n" (%x) rows 1 grain 1 columns 1 macs 0 : memref<?x8xf32>
  return
}

// -----

// The symbol is not a function.
module @norm {}
func.func @step_c1(%x: memref<?x8xf32>) {
  // expected-error @+1 {{op expects a function named 'norm'}}
  vit.step @norm "n" (%x) rows 1 grain 1 columns 1 macs 0 : memref<?x8xf32>
  return
}

// -----

// expected-note @+1 {{'norm' takes ('memref<?x8xf32>', 'memref<?x8xf32>', 'index', 'index', 'index', 'index', 'index')}}
func.func private @norm(memref<?x8xf32>, memref<?x8xf32>, index, index, index, index, index)
func.func @step_c1(%x: memref<?x8xf32>) {
  // expected-error @+1 {{op expects a function of 2 buffers and a scratch, or of one table of them, and four indices}}
  vit.step @norm "n" (%x, %x) rows 1 grain 1 columns 1 macs 0
      : memref<?x8xf32>, memref<?x8xf32>
  return
}

// -----

// expected-note @+1 {{'norm' takes ('memref<?x8xf32>', 'index', 'index', 'index', 'f32')}}
func.func private @norm(memref<?x8xf32>, index, index, index, f32)
func.func @step_c1(%x: memref<?x8xf32>) {
  // expected-error @+1 {{op expects a function of 1 buffers and a scratch, or of one table of them, and four indices}}
  vit.step @norm "n" (%x) rows 1 grain 1 columns 1 macs 0 : memref<?x8xf32>
  return
}

// -----

// expected-note @+1 {{'norm' takes ()}}
func.func private @norm()
func.func @step_c1(%x: memref<?x8xf32>) {
  // expected-error @+1 {{op expects a function of 1 buffers and a scratch, or of one table of them, and four indices}}
  vit.step @norm "n" (%x) rows 1 grain 1 columns 1 macs 0 : memref<?x8xf32>
  return
}

// -----

func.func private @norm(memref<?x8xf32>, memref<?xf32>, index, index, index, index)
func.func @step_c2(%x: memref<?x8xf32>) {
  // expected-error @+1 {{'vit.step' op expects positive rows, grain and columns and macs of at least 0, got 0, 1, 1 and 0}}
  vit.step @norm "n" (%x) rows 0 grain 1 columns 1 macs 0 : memref<?x8xf32>
  return
}

// -----

func.func private @norm(memref<?x8xf32>, memref<?xf32>, index, index, index, index)
func.func @step_c2(%x: memref<?x8xf32>) {
  // expected-error @+1 {{got 1, -1, 1 and 0}}
  vit.step @norm "n" (%x) rows 1 grain -1 columns 1 macs 0 : memref<?x8xf32>
  return
}

// -----

func.func private @norm(memref<?x8xf32>, memref<?xf32>, index, index, index, index)
func.func @step_c2(%x: memref<?x8xf32>) {
  // expected-error @+1 {{got 1, 1, 0 and 0}}
  vit.step @norm "n" (%x) rows 1 grain 1 columns 0 macs 0 : memref<?x8xf32>
  return
}

// -----

func.func private @norm(memref<?x8xf32>, memref<?xf32>, index, index, index, index)
func.func @step_c2(%x: memref<?x8xf32>) {
  // expected-error @+1 {{got 1, 1, 1 and -1}}
  vit.step @norm "n" (%x) rows 1 grain 1 columns 1 macs -1 : memref<?x8xf32>
  return
}
