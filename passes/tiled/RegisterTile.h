//===- RegisterTile.h - The inner loop of every product --------*- C++ -*-===//

#ifndef VITC_PASSES_TILED_REGISTERTILE_H
#define VITC_PASSES_TILED_REGISTERTILE_H

#include "passes/tiled/Emitter.h"

namespace vitc {

/// A block of `rows` x `vectors` accumulators that stay in registers while the
/// depth of a product passes. Both operands are read at positions that the loop
/// carries along: an address that is recomputed from row and image in every
/// step would cost more than the products.
struct RegisterTile {
  int64_t rows;
  /// Steps of the product.
  int64_t depth;
  /// Position of the left operand's first element, in elements; it moves on by
  /// one a step. Row i lies `leftStride` behind row i - 1.
  mlir::Value left;
  mlir::Value leftStart;
  int64_t leftStride;
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
/// of k and with one rounding a step, whatever the tile's shape. `left` and
/// `right` of the tile are flat. Accumulators are row-major.
Emitter::Values emitProduct(Emitter &emit, const RegisterTile &tile,
                            Emitter::Values init);

/// Cuts rows [begin, end) into tiles of nearly equal height, at most `most`,
/// and calls `body(row, height)` for each.
void coverRows(
    Emitter &emit, mlir::Value begin, mlir::Value end, int64_t most,
    llvm::function_ref<void(mlir::Value row, mlir::Value height)> body);

} // namespace vitc

#endif // VITC_PASSES_TILED_REGISTERTILE_H
