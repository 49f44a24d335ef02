//===- Layout.h - How tensors lie in memory --------------------*- C++ -*-===//
//
// The memref types of the buffers stage. Every activation has the image as its
// first, dynamic dimension.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_PASSES_BUFFERS_LAYOUT_H
#define VITC_PASSES_BUFFERS_LAYOUT_H

#include "mlir/IR/BuiltinTypes.h"

namespace vitc {

/// Units of a lanes kernel that lie side by side: one cache line of f32.
constexpr int64_t kLaneCount = 16;

/// Columns of the right operand of a product that lie together: a step of K
/// moves on by a cache line, and a strip fills the cache's sets evenly.
constexpr int64_t kStripColumns = 16;

/// Columns of a weight panel, the unit of work across columns. Levels share
/// strips and panels, so that one weights file serves them all.
constexpr int64_t kPanelColumns = 2 * kStripColumns;

/// Alignment in bytes of buffers and packed weights.
constexpr int64_t kAlignment = 64;

inline int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }
inline int64_t roundUp(int64_t a, int64_t b) { return ceilDiv(a, b) * b; }

/// Elements from one row to the next: whole cache lines, and never a multiple
/// of 4 KiB, which would put a column's neighbours into one set of the cache.
int64_t paddedRow(int64_t columns);

/// Outputs of a weight panel of lanes kernels: the accumulators of a few words
/// must fit into the registers.
int64_t lanesPanel(int64_t outputs);

/// [rows, columns] of an image as padded rows: memref<?x rows x columns>.
mlir::MemRefType rowsLayout(mlir::RankedTensorType type);

/// [units, ...] as groups of `kLaneCount` units:
/// memref<? x groups x elements of a unit x 16>.
mlir::MemRefType lanesLayout(mlir::RankedTensorType type);

/// A tensor without padding, as the caller sees it: memref<? x ...>.
mlir::MemRefType denseLayout(mlir::RankedTensorType type);

/// True for the layout of groups.
inline bool isLanes(mlir::MemRefType type) {
  return type.getRank() == 4 && type.getDimSize(3) == kLaneCount &&
         type.isDynamicDim(0) && type.getElementType().isF32();
}

/// Rows of all images as one run of rows, if they are evenly spaced:
/// memref<? x columns>; null otherwise.
mlir::MemRefType flattenRows(mlir::MemRefType type);

/// Bytes of one image, padding included.
int64_t imageBytes(mlir::MemRefType type);

} // namespace vitc

#endif // VITC_PASSES_BUFFERS_LAYOUT_H
