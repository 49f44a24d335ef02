// RUN: vit-opt %s --vit-lower-to-llvm --verify-diagnostics

// Loops must have become branches before: what has no counterpart is an error,
// not left over.
func.func @loop(%n: index, %y: memref<8xindex>) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  // expected-error @+1 {{failed to legalize operation 'scf.for'}}
  scf.for %i = %zero to %n step %one {
    memref.store %i, %y[%i] : memref<8xindex>
  }
  return
}
