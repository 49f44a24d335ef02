// RUN: vit-opt %s --split-input-file --vit-plan-arena \
// RUN:   --remarks-filter=vit-plan-arena --verify-diagnostics | FileCheck %s
// RUN: vit-opt %s --split-input-file --vit-plan-arena -o %t.once
// RUN: vit-opt %s --split-input-file --vit-plan-arena --vit-plan-arena -o %t.twice
// RUN: diff %t.once %t.twice

func.func private @f(memref<?x2x16xf32>, memref<?x2x16xf32>, memref<?xf32>,
                     index, index, index, index)

// A chain needs two places: each step reads one and writes the other.
// CHECK-LABEL: @chain
// CHECK-SAME:  vit.arena_image_bytes = 256
// CHECK:       vit.buffer offset 0
// CHECK:       vit.buffer offset 128
// CHECK:       vit.buffer offset 0
// expected-remark @+1 {{256 bytes an image for 3 buffers of 384 bytes together}}
func.func @chain(%x: memref<?x2x16xf32>, %y: memref<?x2x16xf32>) {
  // expected-remark @+1 {{bytes 0 to 128 of the arena, steps 0 to 1}}
  %a = vit.buffer : memref<?x2x16xf32>
  // expected-remark @+1 {{bytes 128 to 256 of the arena, steps 1 to 2}}
  %b = vit.buffer : memref<?x2x16xf32>
  // expected-remark @+1 {{bytes 0 to 128 of the arena, steps 2 to 3}}
  %c = vit.buffer : memref<?x2x16xf32>
  vit.step @f "0" (%x, %a) rows 2 grain 1 columns 1 macs 0 : memref<?x2x16xf32>, memref<?x2x16xf32>
  vit.step @f "1" (%a, %b) rows 2 grain 1 columns 1 macs 0 : memref<?x2x16xf32>, memref<?x2x16xf32>
  vit.step @f "2" (%b, %c) rows 2 grain 1 columns 1 macs 0 : memref<?x2x16xf32>, memref<?x2x16xf32>
  vit.step @f "3" (%c, %y) rows 2 grain 1 columns 1 macs 0 : memref<?x2x16xf32>, memref<?x2x16xf32>
  return
}

// -----

func.func private @f(memref<?x2x16xf32>, memref<?x2x16xf32>, memref<?xf32>,
                     index, index, index, index)
func.func private @g(memref<?x1x5xf32>, memref<?x2x16xf32>, memref<?xf32>,
                     index, index, index, index)

// A view keeps its buffer alive. 20 bytes take a line of 64; the two small ones
// share the gap that the large ones leave.
// CHECK-LABEL: @views
// CHECK-SAME:  vit.arena_image_bytes = 320
// CHECK:       vit.buffer offset 0 : memref<?x2x16xf32>
// CHECK:       vit.buffer offset 128 : memref<?x2x16xf32>
// CHECK:       vit.buffer offset 256 : memref<?x1x5xf32>
// CHECK:       vit.buffer offset 0 : memref<?x1x5xf32>
// expected-remark @+1 {{320 bytes an image for 4 buffers of 384 bytes together}}
func.func @views(%x: memref<?x2x16xf32>, %y: memref<?x2x16xf32>,
                 %z: memref<?x1x5xf32>) {
  // expected-remark @+1 {{bytes 0 to 128 of the arena, steps 0 to 2}}
  %a = vit.buffer : memref<?x2x16xf32>
  // expected-remark @+1 {{bytes 128 to 256 of the arena, steps 1 to 3}}
  %b = vit.buffer : memref<?x2x16xf32>
  // expected-remark @+1 {{bytes 256 to 320 of the arena, steps 2 to 3}}
  %s = vit.buffer : memref<?x1x5xf32>
  // expected-remark @+1 {{bytes 0 to 64 of the arena, steps 3 to 3}}
  %t = vit.buffer : memref<?x1x5xf32>
  %r = vit.row_range %a from 1
      : memref<?x2x16xf32> -> memref<?x1x16xf32, strided<[32, 16, 1]>>
  %q = vit.row_range %r from 0 : memref<?x1x16xf32, strided<[32, 16, 1]>>
      -> memref<?x1x16xf32, strided<[32, 16, 1]>>
  vit.step @f "0" (%x, %a) rows 2 grain 1 columns 1 macs 0 : memref<?x2x16xf32>, memref<?x2x16xf32>
  vit.step @f "1" (%x, %b) rows 2 grain 1 columns 1 macs 0 : memref<?x2x16xf32>, memref<?x2x16xf32>
  vit.step @g "2" (%s, %q) rows 2 grain 1 columns 1 macs 0 : memref<?x1x5xf32>, memref<?x1x16xf32, strided<[32, 16, 1]>>
  vit.step @h "3" (%s, %t, %b) rows 2 grain 1 columns 1 macs 0 : memref<?x1x5xf32>, memref<?x1x5xf32>, memref<?x2x16xf32>
  return
}
func.func private @h(memref<?x1x5xf32>, memref<?x1x5xf32>, memref<?x2x16xf32>,
                     memref<?xf32>, index, index, index, index)

// -----

// Row padding counts, bytes are bytes; kernel functions have no arena.
// CHECK-LABEL: @padded
// CHECK-SAME:  vit.arena_image_bytes = 256
// CHECK-LABEL: @k
// CHECK-NOT:   vit.arena_image_bytes
// expected-remark @+1 {{256 bytes an image for 1 buffers of 256 bytes together}}
func.func @padded(%x: memref<?x2x6xf32, strided<[64, 32, 1]>>) {
  // expected-remark @+1 {{bytes 0 to 256 of the arena, steps 0 to 0}}
  %a = vit.buffer : memref<?x2x6xf32, strided<[64, 32, 1]>>
  vit.step @k "0" (%x, %a) rows 2 grain 1 columns 1 macs 0
      : memref<?x2x6xf32, strided<[64, 32, 1]>>,
        memref<?x2x6xf32, strided<[64, 32, 1]>>
  return
}
func.func private @k(memref<?x2x6xf32, strided<[64, 32, 1]>>,
    memref<?x2x6xf32, strided<[64, 32, 1]>>, memref<?xf32>,
    index, index, index, index)
