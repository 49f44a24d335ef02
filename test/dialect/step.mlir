// RUN: vit-opt %s --verify-roundtrip | FileCheck %s

func.func private @norm(memref<?x4x8xf32>, memref<?x4x8xf32>, memref<?xf32>,
                        index, index, index, index)
func.func private @norm_table(!llvm.ptr, i64, i64, i64, i64)

// CHECK-LABEL: @run
// CHECK-SAME:  (%[[X:.*]]: memref<?x4x8xf32>, %[[Y:.*]]: memref<?x4x8xf32>)
func.func @run(%x: memref<?x4x8xf32>, %y: memref<?x4x8xf32>) {
  // CHECK: vit.step @norm "blocks.0.norm1"(%[[X]], %[[Y]]) rows 4 grain 2 columns 1 macs 0 : memref<?x4x8xf32>, memref<?x4x8xf32>
  vit.step @norm "blocks.0.norm1" (%x, %y) rows 4 grain 2 columns 1 macs 0
      : memref<?x4x8xf32>, memref<?x4x8xf32>
  // A kernel that finds its buffers in a table.
  // CHECK: vit.step @norm_table "norm"(%[[Y]], %[[X]]) rows 4 grain 14 columns 36 macs 87146496 : memref<?x4x8xf32>, memref<?x4x8xf32>
  vit.step @norm_table "norm" (%y, %x) rows 4 grain 14 columns 36 macs 87146496
      : memref<?x4x8xf32>, memref<?x4x8xf32>
  return
}
