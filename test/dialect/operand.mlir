// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: @table
// CHECK-SAME:  (%[[T:.*]]: !llvm.ptr)
func.func @table(%t: !llvm.ptr) {
  // CHECK: vit.operand %[[T]][0] : !llvm.ptr -> memref<?x4x8xf32>
  %0 = vit.operand %t[0] : !llvm.ptr -> memref<?x4x8xf32>
  // CHECK: vit.operand %[[T]][23] : !llvm.ptr -> memref<3x8x4xf32>
  %1 = vit.operand %t[23] : !llvm.ptr -> memref<3x8x4xf32>
  return
}
