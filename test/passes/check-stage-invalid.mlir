// RUN: vit-opt %s --split-input-file --verify-diagnostics \
// RUN:   --pass-pipeline='builtin.module(vit-check-stage{stage=nonsense})'

// expected-error @below {{expects stage to be fused, buffers or tiled, got 'nonsense'}}
module {
}
