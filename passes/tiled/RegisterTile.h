//===- RegisterTile.h - The inner loop of every product --------*- C++ -*-===//

#ifndef VITC_PASSES_TILED_REGISTERTILE_H
#define VITC_PASSES_TILED_REGISTERTILE_H

#include "passes/tiled/Emitter.h"

namespace vitc {

/// A tile's left operand: where its first element lies, how far the next row
/// lies behind it, and how many steps of a row lie side by side, before those
/// of the other rows: a group, or all of them (0).
struct LeftOperand {
  mlir::Value buffer; ///< flat
  mlir::Value start;
  int64_t row, group;
};

/// A block of `rows` x `vectors` accumulators that stay in registers while the
/// depth of a product passes. Both operands are read at positions that the loop
/// carries along: an address that is recomputed from row and image in every
/// step would cost more than the products.
struct RegisterTile {
  int64_t rows;
  /// Steps of the product.
  int64_t depth;
  LeftOperand left;
  /// Position of the right operand's first step; it moves on by `rightStride`.
  /// Vector v of a step lies `vectors[v]` behind its position.
  mlir::Value right;
  mlir::Value rightStart;
  int64_t rightStride;
  llvm::SmallVector<int64_t> vectors;
};

/// Where the vectors of `columns` columns lie in a right operand in strips of
/// `depth` steps.
llvm::SmallVector<int64_t> stripVectors(Emitter &emit, int64_t columns,
                                        int64_t depth);

/// `buffer` as one run of elements.
mlir::Value flatten(Emitter &emit, mlir::Value buffer);

/// The position of an element in that run.
mlir::Value flatPosition(Emitter &emit, mlir::Value buffer,
                         mlir::ValueRange indices);

/// Elements between neighbours of dimension `dimension`.
int64_t strideOf(mlir::Value buffer, int64_t dimension);

/// The sum over k of left(row, k) * right(k, v) on top of `init`, in the order
/// of k and with one rounding a step, whatever the tile's shape. `right` of the
/// tile is flat. Accumulators are row-major.
Emitter::Values emitProduct(Emitter &emit, const RegisterTile &tile,
                            Emitter::Values init);

/// Cuts rows [begin, end) into tiles of nearly equal height, at most `most`,
/// and calls `body(row, height)` for each.
void coverRows(
    Emitter &emit, mlir::Value begin, mlir::Value end, int64_t most,
    llvm::function_ref<void(mlir::Value row, mlir::Value height)> body);

} // namespace vitc

#endif // VITC_PASSES_TILED_REGISTERTILE_H
