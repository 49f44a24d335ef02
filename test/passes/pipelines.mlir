// RUN: vit-opt %s --vit-fused-pipeline --dump-pass-pipeline 2>&1 \
// RUN:   | FileCheck %s --check-prefix=FUSED
// RUN: vit-opt %s --vit-buffers-pipeline=level=x86-64-v3 --dump-pass-pipeline 2>&1 \
// RUN:   | FileCheck %s --check-prefix=BUFFERS
// RUN: vit-opt %s --vit-tiled-pipeline --dump-pass-pipeline 2>&1 \
// RUN:   | FileCheck %s --check-prefix=TILED
// RUN: vit-opt %s --vit-llvm-pipeline --dump-pass-pipeline 2>&1 \
// RUN:   | FileCheck %s --check-prefix=LLVM

// The passes of each stage, in order. Rows are cut before q, k and v merge;
// factors and sums are taken along when there is one product left to take them.
// FUSED:      builtin.module(
// FUSED-NEXT:   canonicalize{{.*}},
// FUSED-NEXT:   cse,
// FUSED-NEXT:   func.func(
// FUSED-NEXT:     vit-fold-normalize,
// FUSED-NEXT:     vit-sink-add,
// FUSED-NEXT:     vit-cut-rows,
// FUSED-NEXT:     canonicalize{{.*}},
// FUSED-NEXT:     cse,
// FUSED-NEXT:     vit-fold-layer-norm,
// FUSED-NEXT:     cse,
// FUSED-NEXT:     vit-fold-scale,
// FUSED-NEXT:     vit-merge-linears,
// FUSED-NEXT:     vit-fuse-epilogue,
// FUSED-NEXT:     canonicalize{{.*}},
// FUSED-NEXT:     cse
// FUSED-NEXT:   ),
// FUSED-NEXT:   func.func(
// FUSED-NEXT:     vit-form-kernels
// FUSED-NEXT:   ),
// FUSED-NEXT:   canonicalize{{.*}},
// FUSED-NEXT:   cse,
// FUSED-NEXT:   vit-check-stage{stage=fused}
// FUSED-NEXT: )

// BUFFERS:      builtin.module(
// BUFFERS-NEXT:   vit-assign-buffers,
// BUFFERS-NEXT:   vit-select-tiles{level=x86-64-v3},
// BUFFERS-NEXT:   vit-plan-weights,
// BUFFERS-NEXT:   vit-plan-arena,
// BUFFERS-NEXT:   vit-check-stage{stage=buffers}
// BUFFERS-NEXT: )

// TILED:      builtin.module(
// TILED-NEXT:   func.func(
// TILED-NEXT:     vit-lower-kernels
// TILED-NEXT:   ),
// TILED-NEXT:   canonicalize{{.*}},
// TILED-NEXT:   cse,
// TILED-NEXT:   vit-check-stage{stage=tiled}
// TILED-NEXT: )

// LLVM:      builtin.module(
// LLVM-NEXT:   vit-lower-abi,
// LLVM-NEXT:   expand-strided-metadata,
// LLVM-NEXT:   lower-affine,
// LLVM-NEXT:   convert-scf-to-cf{{.*}},
// LLVM-NEXT:   vit-lower-to-llvm,
// LLVM-NEXT:   canonicalize{{.*}},
// LLVM-NEXT:   cse
// LLVM-NEXT: )
