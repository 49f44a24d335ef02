//===- LowerPool.cpp - A reduction over the rows --------------------------===//

#include "passes/tiled/KernelLowering.h"
#include "passes/tiled/RowLoops.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

LogicalResult vitc::lowerPoolKernel(KernelContext &context) {
  auto pool = context.yielded().getDefiningOp<PoolOp>();
  if (!pool)
    return context.kernel.emitOpError() << "expects to yield a vit.pool";
  Emitter &emit = context.emit;
  Value in = context.buffer(pool.getInput());
  Value out = context.kernel.getOutputs()[0];
  int64_t tokens = pool.getInput().getType().getDimSize(0);
  int64_t columns = pool.getType().getDimSize(1);
  bool mean = pool.getKind() == Pooling::Mean;
  emit.loop(context.rowBegin, context.rowEnd, 1, [&](Value image) {
    overRow(emit, columns, {}, [&](Value k, int64_t active, ValueRange) {
      Value first = emit.loadVector(in, {image, emit.index(0), k}, active);
      Value total = emit.loop(
          emit.index(1), emit.index(tokens), 1, {first},
          [&](Value row, ValueRange carried) {
            Value next = emit.loadVector(in, {image, row, k}, active);
            return Emitter::Values{mean ? emit.addf(carried[0], next)
                                        : emit.maxf(carried[0], next)};
          })[0];
      if (mean)
        total = emit.mulf(total, emit.splat(static_cast<float>(1.0 / tokens)));
      emit.storeVector(total, out, {image, emit.index(0), k}, active);
      return Emitter::Values();
    });
  });
  return success();
}
