// RUN: vit-opt %s --vit-lower-to-llvm | FileCheck %s

// An entry of the table is an address: nothing else of a descriptor travels,
// strides are those of the type.
// CHECK-LABEL: llvm.func @kernel
// CHECK-SAME:  (%[[TABLE:.*]]: !llvm.ptr, %[[I:.*]]: i64)
// CHECK:       %[[ENTRY:.*]] = llvm.getelementptr %[[TABLE]][1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
// CHECK:       llvm.load %[[ENTRY]] : !llvm.ptr -> !llvm.ptr
// CHECK:       %[[STRIDE:.*]] = llvm.mlir.constant(48 : index)
// CHECK:       llvm.mul %[[I]], %{{.*}} : i64
// CHECK:       llvm.intr.fma(
// CHECK:       llvm.store %{{.*}} : vector<16xf32>, !llvm.ptr
// CHECK-NOT:   vit.operand
// CHECK-NOT:   vector.
func.func @kernel(%table: !llvm.ptr, %i: index) {
  %zero = arith.constant 0 : index
  %x = vit.operand %table[1]
      : !llvm.ptr -> memref<?x32xf32, strided<[48, 1]>>
  %v = vector.load %x[%i, %zero]
      : memref<?x32xf32, strided<[48, 1]>>, vector<16xf32>
  %f = math.fma %v, %v, %v : vector<16xf32>
  vector.store %f, %x[%i, %zero]
      : memref<?x32xf32, strided<[48, 1]>>, vector<16xf32>
  return
}
