//===- RegisterTile.h - The inner loop of every product --------*- C++ -*-===//

#ifndef VITC_PASSES_TILED_REGISTERTILE_H
#define VITC_PASSES_TILED_REGISTERTILE_H

#include "passes/tiled/Emitter.h"

namespace vitc {

/// A block of `rows` x `vectors` accumulators that stay in registers while the
/// depth of a product passes.
struct RegisterTile {
  int64_t rows, vectors;
  /// Steps of the depth: a constant where `staticDepth` is positive.
  mlir::Value depth;
  int64_t staticDepth;
  /// Element (row, k) of the left operand, a scalar.
  llvm::function_ref<mlir::Value(int64_t row, mlir::Value k)> left;
  /// Vector `v` of row k of the right operand.
  llvm::function_ref<mlir::Value(mlir::Value k, int64_t v)> right;
};

/// sum over k of left(row, k) * right(k, v) on top of `init`, in the order of k
/// and with one rounding a step, whatever the tile's shape. Accumulators are
/// row-major.
Emitter::Values emitProduct(Emitter &emit, const RegisterTile &tile,
                            Emitter::Values init);

/// Cuts rows [begin, end) into tiles of nearly equal height, at most `most`,
/// and calls `body(row, height)` with a constant height for each.
void coverRows(Emitter &emit, mlir::Value begin, mlir::Value end, int64_t most,
               llvm::function_ref<void(mlir::Value row, int64_t height)> body);

} // namespace vitc

#endif // VITC_PASSES_TILED_REGISTERTILE_H
