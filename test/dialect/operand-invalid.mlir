// RUN: vit-opt %s --split-input-file --verify-diagnostics

func.func @operand_c1(%t: !llvm.ptr) {
  // expected-error @+1 {{'vit.operand' op expects an index of at least 0, got -1}}
  %0 = vit.operand %t[-1] : !llvm.ptr -> memref<?x4x8xf32>
  return
}
