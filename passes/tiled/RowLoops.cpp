//===- RowLoops.cpp - Statistics and softmax of a row ---------------------===//

#include "passes/tiled/RowLoops.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

Emitter::Values vitc::overRow(
    Emitter &emit, int64_t depth, Emitter::Values init,
    llvm::function_ref<Emitter::Values(Value, int64_t, ValueRange)> body) {
  int64_t whole = depth - depth % emit.width;
  Emitter::Values carried = emit.loop(
      emit.index(0), emit.index(whole), emit.width, init,
      [&](Value k, ValueRange args) { return body(k, emit.width, args); });
  if (whole < depth)
    carried = body(emit.index(whole), depth - whole, carried);
  return carried;
}

void vitc::overGroups(Emitter &emit, LayerNormOp norm,
                      llvm::function_ref<void(Value)> body) {
  if (norm.getGroups() == 1)
    return body(emit.index(0));
  emit.loop(emit.index(0), emit.index(norm.getType().getShape().back()),
            norm.getGroupSize(), body);
}

std::pair<Value, Value> vitc::emitRowStatistics(Emitter &emit, int64_t depth,
                                                double eps, RowLoader load) {
  float inverse = static_cast<float>(1.0 / depth);
  Value sums =
      overRow(emit, depth, {emit.splat(0.0f)},
              [&](Value k, int64_t active, ValueRange carried) {
                return Emitter::Values{emit.addf(carried[0], load(k, active))};
              })[0];
  Value mean = emit.mulf(emit.sumLanes(sums), emit.scalar(inverse));
  Value means = emit.splat(mean);
  Value squares =
      overRow(emit, depth, {emit.splat(0.0f)},
              [&](Value k, int64_t active, ValueRange carried) {
                Value centred = emit.subf(load(k, active), means);
                if (active < emit.width)
                  centred = emit.select(emit.firstLanes(active), centred,
                                        emit.splat(0.0f));
                return Emitter::Values{emit.fma(centred, centred, carried[0])};
              })[0];
  Value variance = emit.mulf(emit.sumLanes(squares), emit.scalar(inverse));
  Value deviation =
      emit.sqrt(emit.addf(variance, emit.scalar(static_cast<float>(eps))));
  return {mean, emit.divf(emit.scalar(1.0f), deviation)};
}

RowSoftmax vitc::emitRowSoftmax(Emitter &emit, int64_t depth, double scale,
                                RowLoader load,
                                llvm::function_ref<void(Value, Value)> visit) {
  auto select = [&](Value vector, int64_t active, float rest) {
    return active == emit.width
               ? vector
               : emit.select(emit.firstLanes(active), vector, emit.splat(rest));
  };
  // A negative scale would turn the maximum into the minimum.
  auto element = [&](Value k, int64_t active) {
    Value vector = load(k, active);
    if (scale < 0)
      vector = emit.subf(emit.splat(0.0f), vector);
    return select(vector, active, std::numeric_limits<float>::lowest());
  };
  Value most = overRow(
      emit, depth, {emit.splat(std::numeric_limits<float>::lowest())},
      [&](Value k, int64_t active, ValueRange carried) {
        return Emitter::Values{emit.maxf(element(k, active), carried[0])};
      })[0];
  SoftmaxTerms term(emit, emit.splat(emit.maxLanes(most)), std::abs(scale));
  Value total = overRow(emit, depth, {emit.splat(0.0f)},
                        [&](Value k, int64_t active, ValueRange carried) {
                          Value power =
                              select(term(element(k, active)), active, 0.0f);
                          visit(k, power);
                          return Emitter::Values{emit.addf(carried[0], power)};
                        })[0];
  return {term, emit.divf(emit.scalar(1.0f), emit.sumLanes(total))};
}
