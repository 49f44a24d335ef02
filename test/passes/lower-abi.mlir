// RUN: vit-opt %s --vit-lower-abi | FileCheck %s

// Buffers and scratch come from the table, in their order; the model function
// goes.
// CHECK-NOT:   @model
// CHECK-LABEL: func.func private @copy
// CHECK-SAME:  (%[[TABLE:.*]]: !llvm.ptr, %[[A:.*]]: index, %{{.*}}: index, %{{.*}}: index, %{{.*}}: index)
// CHECK:       %[[X:.*]] = vit.operand %[[TABLE]][0] : !llvm.ptr -> memref<?x4xf32>
// CHECK:       %[[Y:.*]] = vit.operand %[[TABLE]][1] : !llvm.ptr -> memref<?x4xf32>
// CHECK:       %[[S:.*]] = vit.operand %[[TABLE]][2] : !llvm.ptr -> memref<?xf32>
// CHECK:       %[[V:.*]] = memref.load %[[X]][%[[A]], %[[A]]]
// CHECK:       memref.store %[[V]], %[[Y]]
// CHECK:       memref.store %[[V]], %[[S]]
// CHECK-NOT:   @model
func.func private @copy(%x: memref<?x4xf32>, %y: memref<?x4xf32>,
    %s: memref<?xf32>, %a: index, %b: index, %c: index, %d: index)
    attributes {vit.scratch_bytes = 64 : i64} {
  %v = memref.load %x[%a, %a] : memref<?x4xf32>
  memref.store %v, %y[%b, %c] : memref<?x4xf32>
  memref.store %v, %s[%d] : memref<?xf32>
  return
}

func.func @model(%x: memref<?x4xf32>, %y: memref<?x4xf32>) {
  vit.step @copy "s" (%x, %y) rows 4 grain 1 columns 1 macs 0
      : memref<?x4xf32>, memref<?x4xf32>
  return
}

// CHECK-LABEL: func.func @other(%{{.*}}: memref<?x4xf32>)
func.func @other(%x: memref<?x4xf32>) {
  return
}
