// RUN: vit-opt %s --vit-lower-kernels | FileCheck %s

// Only loops and vectors are left. Lanes kernels have a file of their own.
// CHECK-LABEL: func.func private @softmax
// CHECK-SAME:  vit.scratch_bytes
// CHECK:       scf.for
// CHECK-NOT:   vit.
func.func private @softmax(%x: memref<?x32xf32>, %y: memref<?x32xf32>,
    %scratch: memref<?xf32>, %rowBegin: index, %rowEnd: index,
    %columnBegin: index, %columnEnd: index) {
  vit.kernel rows tile <vector = 16, rows = 1, columns = 16, block = 1>
      ins(%x : memref<?x32xf32>) outs(%y : memref<?x32xf32>) {
  ^bb0(%p: tensor<1x32xf32>):
    %s = vit.softmax %p : tensor<1x32xf32>
    vit.yield %s : tensor<1x32xf32>
  }
  return
}

// A function without a kernel is none of ours.
// CHECK-LABEL: func.func @model
// CHECK-NOT:   vit.scratch_bytes
// CHECK:       vit.step
func.func @model(%x: memref<?x32xf32>, %y: memref<?x32xf32>) {
  vit.step @softmax "s" (%x, %y) rows 4 grain 1 columns 1 macs 0
      : memref<?x32xf32>, memref<?x32xf32>
  return
}

// 33 rows of 24 columns in blocks of 8: a task has the 16 columns of a cache
// line, the last one only 8, and one row is left over.
// CHECK-LABEL: func.func private @transpose
// CHECK-SAME:  %[[X:[a-z0-9]+]]: memref<?x33x24xf32>, %[[Y:[a-z0-9]+]]: memref<?x24x33xf32>
// CHECK-SAME:  vit.scratch_bytes = 0
// CHECK:       scf.for
// CHECK:         scf.for
// CHECK:           scf.for
// CHECK-COUNT-8:     vector.load %[[X]]
// CHECK-COUNT-8:     vector.store {{.*}} %[[Y]]
// CHECK:           vector.load %[[X]]
// CHECK-COUNT-8:   vector.maskedstore %[[Y]]
// CHECK-NOT:   vit.
func.func private @transpose(%x: memref<?x33x24xf32>, %y: memref<?x24x33xf32>,
    %scratch: memref<?xf32>, %rowBegin: index, %rowEnd: index,
    %columnBegin: index, %columnEnd: index) {
  vit.kernel transpose tile <vector = 8, rows = 1, columns = 8, block = 1>
      ins(%x : memref<?x33x24xf32>) outs(%y : memref<?x24x33xf32>) {
  ^bb0(%p: tensor<33x24xf32>):
    %t = vit.transpose %p : tensor<33x24xf32> -> tensor<24x33xf32>
    vit.yield %t : tensor<24x33xf32>
  }
  return
}

// 16 steps in pieces of 8, the rows packed for tiles of two: four steps of a row
// side by side, then those of the next. A tile reads one run, and its sums wait
// behind the 4 rows of 8 steps of a piece.
// CHECK-LABEL: func.func private @packed_pieces
// CHECK-SAME:  %[[X:[a-z0-9]+]]: memref<?x16xf32>, %[[W:[a-z0-9]+]]: memref<2x16x16xf32>
// CHECK-SAME:  %[[SCRATCH:[a-z0-9]+]]: memref<?xf32>
// CHECK-SAME:  vit.scratch_bytes = 640
// CHECK-DAG:   %[[PACKED:.*]] = memref.reinterpret_cast %[[SCRATCH]] {{.*}} sizes: [32]
// CHECK-DAG:   memref.reinterpret_cast %[[SCRATCH]] {{.*}} sizes: [2, 4, 16]
// CHECK:       %[[ROWS:.*]] = memref.reinterpret_cast %[[X]]
// CHECK:       %[[TO:.*]] = memref.reinterpret_cast %[[PACKED]]
// CHECK:       %[[STEPS:.*]] = vector.load %[[ROWS]]
// CHECK:       %[[LOW:.*]] = vector.shuffle %[[STEPS]], %[[STEPS]] [0, 1, 2, 3]
// CHECK:       vector.store %[[LOW]], %[[TO]]
// CHECK:       %[[HIGH:.*]] = vector.shuffle %[[STEPS]], %[[STEPS]] [4, 5, 6, 7]
// CHECK:       vector.store %[[HIGH]], %[[TO]]
// CHECK-NOT:   vector.load
// CHECK-NOT:   vector.store
// CHECK:       memref.prefetch
// CHECK:       scf.index_switch
// CHECK:         %[[LEFT:.*]] = memref.reinterpret_cast %[[PACKED]]
// CHECK:         scf.for
// CHECK:           memref.load %[[LEFT]]
// CHECK-NOT:   vit.
func.func private @packed_pieces(%x: memref<?x16xf32>, %w: memref<2x16x16xf32>,
    %y: memref<?x32xf32>, %scratch: memref<?xf32>, %rowBegin: index,
    %rowEnd: index, %columnBegin: index, %columnEnd: index) {
  vit.kernel linear
      tile <vector = 8, rows = 2, columns = 16, block = 4, depth = 8, packed = true>
      ins(%x, %w : memref<?x16xf32>, memref<2x16x16xf32>)
      outs(%y : memref<?x32xf32>) {
  ^bb0(%p: tensor<1x16xf32>, %m: tensor<32x16xf32>):
    %l = vit.linear %p, %m
        : tensor<1x16xf32>, tensor<32x16xf32> -> tensor<1x32xf32>
    vit.yield %l : tensor<1x32xf32>
  }
  return
}

// Of one row of a map only columns 3 and on are written.
// CHECK-LABEL: func.func private @shown_keys
// CHECK-SAME:  %[[QKV:[a-z0-9]+]]: memref<?x20x48xf32>, %[[Y:[a-z0-9]+]]: memref<?x2x1x17xf32>
// CHECK:       memref.reinterpret_cast %[[QKV]]
// CHECK:       vector.store {{.*}} %[[Y]]
// CHECK:       vector.maskedstore %[[Y]]
// CHECK-NOT:   vit.
func.func private @shown_keys(%x: memref<?x20x48xf32>, %y: memref<?x2x1x17xf32>,
    %scratch: memref<?xf32>, %rowBegin: index, %rowEnd: index,
    %columnBegin: index, %columnEnd: index) {
  vit.kernel attention tile <vector = 16, rows = 1, columns = 32, block = 1>
      ins(%x : memref<?x20x48xf32>) outs(%y : memref<?x2x1x17xf32>) {
  ^bb0(%p: tensor<20x48xf32>):
    %r = vit.slice_rows %p from 2 : tensor<20x48xf32> -> tensor<1x48xf32>
    %q = vit.slice_columns %r from 0 : tensor<1x48xf32> -> tensor<1x16xf32>
    %k = vit.slice_columns %p from 16 : tensor<20x48xf32> -> tensor<20x16xf32>
    %m = vit.attention_map %q, %k heads 2 scale 0.25
        : tensor<1x16xf32>, tensor<20x16xf32> -> tensor<2x1x20xf32>
    %c = vit.slice_columns %m from 3 : tensor<2x1x20xf32> -> tensor<2x1x17xf32>
    vit.yield %c : tensor<2x1x17xf32>
  }
  return
}

// Windows of an image: a line of a window at a time, then to the result's row.
// CHECK-LABEL: func.func private @windows
// CHECK-SAME:  vit.scratch_bytes = 64
// CHECK:       vector.maskedload %{{.*}} : memref<?x1x4x4xf32>
// CHECK:       vector.maskedstore %{{.*}} : memref<1x16xf32
// CHECK:       vector.maskedstore %{{.*}} : memref<?x4x4xf32>
// CHECK-NOT:   vit.
func.func private @windows(%x: memref<?x1x4x4xf32>, %y: memref<?x4x4xf32>,
    %scratch: memref<?xf32>, %rowBegin: index, %rowEnd: index,
    %columnBegin: index, %columnEnd: index) {
  vit.kernel rows tile <vector = 8, rows = 1, columns = 16, block = 1>
      ins(%x : memref<?x1x4x4xf32>) outs(%y : memref<?x4x4xf32>) {
  ^bb0(%p: tensor<1x4x4xf32>):
    %u = vit.unfold %p kernel [2, 2] stride [2, 2] padding [0, 0]
        : tensor<1x4x4xf32> -> tensor<4x4xf32>
    vit.yield %u : tensor<4x4xf32>
  }
  return
}

// 20 keys are a tile of two vectors and one of a single vector: scores of
// 24 columns.
// CHECK-LABEL: func.func private @attention_20_keys
// CHECK:       memref.reinterpret_cast %{{.*}} sizes: [1, 24]
func.func private @attention_20_keys(%q: memref<?x20x8xf32>,
    %k: memref<?x20x8xf32>, %v: memref<?x20x8xf32>, %y: memref<?x20x8xf32>,
    %scratch: memref<?xf32>, %rowBegin: index, %rowEnd: index,
    %columnBegin: index, %columnEnd: index) {
  vit.kernel attention tile <vector = 8, rows = 1, columns = 16, block = 1>
      ins(%q, %k, %v : memref<?x20x8xf32>, memref<?x20x8xf32>, memref<?x20x8xf32>)
      outs(%y : memref<?x20x8xf32>) {
  ^bb0(%a: tensor<20x8xf32>, %b: tensor<20x8xf32>, %c: tensor<20x8xf32>):
    %o = vit.attention %a, %b, %c heads 1 scale 1.0
        : tensor<20x8xf32>, tensor<20x8xf32>, tensor<20x8xf32> -> tensor<20x8xf32>
    vit.yield %o : tensor<20x8xf32>
  }
  return
}
