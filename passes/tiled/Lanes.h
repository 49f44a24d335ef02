//===- Lanes.h - Layers on units that lie side by side ---------*- C++ -*-===//
//
// A lanes kernel keeps one small matrix [words, channels] for each unit (a
// patch) and works on a vector of units at a time: what is a number in the
// layer is a vector here, so nothing is ever reduced over lanes.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_PASSES_TILED_LANES_H
#define VITC_PASSES_TILED_LANES_H

#include "passes/tiled/KernelLowering.h"

namespace vitc {

/// Where a value of the body lies: a buffer of vectors of lanes, element
/// (word, channel) in line word * stride + offset + channel; or a table of the
/// weights, the same for all units.
struct LanesPlace {
  mlir::Value buffer;
  int64_t stride = 0, offset = 0;
  bool table = false;
};

/// The places of a kernel's values and the units that the code being emitted
/// works on.
struct LanesState {
  LanesState(KernelContext &context, Emitter &emit)
      : context(context), emit(emit) {}

  KernelContext &context;
  Emitter &emit;
  llvm::DenseMap<mlir::Value, LanesPlace> places;
  /// Scores of one query; null without attention.
  mlir::Value scores;
  mlir::Value image, group, lane;

  mlir::Value load(mlir::Value value, mlir::Value word, mlir::Value channel);
  void store(mlir::Value vector, mlir::Value value, mlir::Value word,
             mlir::Value channel);

private:
  Emitter::Values indices(const LanesPlace &place, mlir::Value word,
                          mlir::Value channel);
};

/// The words of a unit, [units, words, channels]; of an attention map, [units,
/// heads, queries, keys], the queries of all heads.
int64_t lanesWords(mlir::Value value);

/// Covers [0, count) by blocks of nearly equal size, at most `most`, and calls
/// `body(first, size)`, at most twice.
void coverStatic(
    Emitter &emit, int64_t count, int64_t most,
    llvm::function_ref<void(mlir::Value first, int64_t size)> body);

/// Independent chains of additions that keep the units busy.
constexpr int64_t kLanesChains = 6;

/// The terms of the softmax of scale * x over the `count` vectors x that `load`
/// gives, lane by lane, which go to `store`; returns 1 / their sums.
mlir::Value emitLanesSoftmax(
    Emitter &emit, int64_t count, double scale,
    llvm::function_ref<mlir::Value(mlir::Value k)> load,
    llvm::function_ref<void(mlir::Value k, mlir::Value term)> store);

/// Emits an attention, or the map of one, on `state.scores`.
void emitLanesAttention(LanesState &state, vit::AttentionOp op);
void emitLanesAttentionMap(LanesState &state, vit::AttentionMapOp op);

/// Emits a layer. Everything but a slice has code.
mlir::LogicalResult emitLanesLayer(LanesState &state, mlir::Operation *op);

} // namespace vitc

#endif // VITC_PASSES_TILED_LANES_H
