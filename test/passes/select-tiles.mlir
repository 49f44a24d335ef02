// RUN: vit-opt %s --vit-select-tiles=level=x86-64-v4 | FileCheck %s --check-prefixes=CHECK,V4
// RUN: vit-opt %s --vit-select-tiles=level=x86-64-v3 | FileCheck %s --check-prefixes=CHECK,V3
// RUN: vit-opt %s --vit-select-tiles --remarks-filter=vit-select-tiles 2>&1 >%t.out \
// RUN:   | FileCheck %s --check-prefix=REMARK
// RUN: vit-opt %s --vit-select-tiles --vit-select-tiles | diff %t.out -

// Registers and caches of the level decide, and the step learns how many rows
// belong together. A long row leaves fewer of them in L2, and its product is cut.
// REMARK: linear: 14 rows x 32 columns, 1036 rows a block
// REMARK: long: 14 rows x 32 columns, 210 rows a block, 384 steps at a time
// REMARK: wide: 14 rows x 32 columns, 1036 rows a block, packed
// REMARK: narrow: 14 rows x 32 columns, 1036 rows a block
// REMARK: rows: 1 rows x 16 columns, 1 rows a block
// CHECK-LABEL: @linear
// V4:          vit.kernel linear tile <vector = 16, rows = 14, columns = 32, block = 1036>
// V3:          vit.kernel linear tile <vector = 8, rows = 6, columns = 16, block = 1026>
func.func private @linear(%x: memref<?x32xf32>, %w: memref<2x32x16xf32>,
    %y: memref<?x32xf32>, %s: memref<?xf32>, %a: index, %b: index, %c: index,
    %d: index) {
  vit.kernel linear ins(%x, %w : memref<?x32xf32>, memref<2x32x16xf32>)
      outs(%y : memref<?x32xf32>) {
  ^bb0(%p: tensor<1x32xf32>, %m: tensor<32x32xf32>):
    %l = vit.linear %p, %m
        : tensor<1x32xf32>, tensor<32x32xf32> -> tensor<1x32xf32>
    vit.yield %l : tensor<1x32xf32>
  }
  return
}

// CHECK-LABEL: @long
// V4:          vit.kernel linear tile <vector = 16, rows = 14, columns = 32, block = 210, depth = 384>
// V3:          vit.kernel linear tile <vector = 8, rows = 6, columns = 16, block = 204, depth = 384>
func.func private @long(%x: memref<?x4608xf32>, %w: memref<2x4608x16xf32>,
    %y: memref<?x32xf32>, %s: memref<?xf32>, %a: index, %b: index, %c: index,
    %d: index) {
  vit.kernel linear ins(%x, %w : memref<?x4608xf32>, memref<2x4608x16xf32>)
      outs(%y : memref<?x32xf32>) {
  ^bb0(%p: tensor<1x4608xf32>, %m: tensor<32x4608xf32>):
    %l = vit.linear %p, %m
        : tensor<1x4608xf32>, tensor<32x4608xf32> -> tensor<1x32xf32>
    vit.yield %l : tensor<1x32xf32>
  }
  return
}

// Rows that many outputs read are packed; for 383 it doesn't pay.
// CHECK-LABEL: @wide
// V4:          vit.kernel linear tile <vector = 16, rows = 14, columns = 32, block = 1036, packed = true>
// V3:          vit.kernel linear tile <vector = 8, rows = 6, columns = 16, block = 1026, packed = true>
func.func private @wide(%x: memref<?x32xf32>, %w: memref<24x32x16xf32>,
    %y: memref<?x384xf32>, %s: memref<?xf32>, %a: index, %b: index, %c: index,
    %d: index) {
  vit.kernel linear ins(%x, %w : memref<?x32xf32>, memref<24x32x16xf32>)
      outs(%y : memref<?x384xf32>) {
  ^bb0(%p: tensor<1x32xf32>, %m: tensor<384x32xf32>):
    %l = vit.linear %p, %m
        : tensor<1x32xf32>, tensor<384x32xf32> -> tensor<1x384xf32>
    vit.yield %l : tensor<1x384xf32>
  }
  return
}

// CHECK-LABEL: @narrow
// CHECK:       vit.kernel linear tile
// CHECK-NOT:   packed
// CHECK-SAME:  ins(
func.func private @narrow(%x: memref<?x32xf32>, %w: memref<24x32x16xf32>,
    %y: memref<?x383xf32>, %s: memref<?xf32>, %a: index, %b: index, %c: index,
    %d: index) {
  vit.kernel linear ins(%x, %w : memref<?x32xf32>, memref<24x32x16xf32>)
      outs(%y : memref<?x383xf32>) {
  ^bb0(%p: tensor<1x32xf32>, %m: tensor<383x32xf32>):
    %l = vit.linear %p, %m
        : tensor<1x32xf32>, tensor<383x32xf32> -> tensor<1x383xf32>
    vit.yield %l : tensor<1x383xf32>
  }
  return
}

// What multiplies nothing goes row by row.
// CHECK-LABEL: @rows
// V4:          vit.kernel rows tile <vector = 16, rows = 1, columns = 16, block = 1>
// V3:          vit.kernel rows tile <vector = 8, rows = 1, columns = 8, block = 1>
func.func private @rows(%x: memref<?x32xf32>, %y: memref<?x32xf32>,
    %s: memref<?xf32>, %a: index, %b: index, %c: index, %d: index) {
  vit.kernel rows ins(%x : memref<?x32xf32>) outs(%y : memref<?x32xf32>) {
  ^bb0(%p: tensor<1x32xf32>):
    %l = vit.softmax %p : tensor<1x32xf32>
    vit.yield %l : tensor<1x32xf32>
  }
  return
}

// CHECK-LABEL: @model
// V4:          vit.step @linear "l"({{.*}}) rows 197 grain 14
// V3:          vit.step @linear "l"({{.*}}) rows 197 grain 6
// CHECK:       vit.step @rows "r"({{.*}}) rows 197 grain 1
func.func @model(%x: memref<?x32xf32>, %y: memref<?x32xf32>) {
  %w = vit.weight "w" : tensor<32x32xf32>
  %p = vit.pack %w : tensor<32x32xf32> -> memref<2x32x16xf32>
  vit.step @linear "l" (%x, %p, %y) rows 197 grain 1 columns 1 macs 201728
      : memref<?x32xf32>, memref<2x32x16xf32>, memref<?x32xf32>
  vit.step @rows "r" (%x, %y) rows 197 grain 1 columns 1 macs 0
      : memref<?x32xf32>, memref<?x32xf32>
  return
}
