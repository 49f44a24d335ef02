//===- RowLoops.h - Statistics and softmax of a row ------------*- C++ -*-===//
//
// Loops over a row whose elements lie side by side, a vector at a time.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_PASSES_TILED_ROWLOOPS_H
#define VITC_PASSES_TILED_ROWLOOPS_H

#include "passes/tiled/Emitter.h"
#include "passes/tiled/VectorMath.h"

namespace vitc {

/// Calls `body(k, active)` for every vector of a row of `depth` elements,
/// carrying `init` along.
Emitter::Values
overRow(Emitter &emit, int64_t depth, Emitter::Values init,
        llvm::function_ref<Emitter::Values(mlir::Value k, int64_t active,
                                           mlir::ValueRange carried)>
            body);

/// Calls `body(first)` for the first channel of every group of `norm`.
void overGroups(Emitter &emit, vit::LayerNormOp norm,
                llvm::function_ref<void(mlir::Value first)> body);

/// A vector of a row from element `k` on, of which `active` lanes count.
using RowLoader =
    llvm::function_ref<mlir::Value(mlir::Value k, int64_t active)>;

/// Mean and 1 / sqrt(variance + eps) of a row of `depth` elements: two passes,
/// the second over the centred values.
std::pair<mlir::Value, mlir::Value>
emitRowStatistics(Emitter &emit, int64_t depth, double eps, RowLoader load);

/// The softmax of a row: term(x) * inverse.
struct RowSoftmax {
  SoftmaxTerms term;
  mlir::Value inverse; ///< 1 / the sum of all terms, a scalar
};

/// The softmax of scale * x over the `depth` elements x of a row: two passes,
/// the second of which hands every term to `visit`.
RowSoftmax
emitRowSoftmax(Emitter &emit, int64_t depth, double scale, RowLoader load,
               llvm::function_ref<void(mlir::Value k, mlir::Value term)> visit);

} // namespace vitc

#endif // VITC_PASSES_TILED_ROWLOOPS_H
