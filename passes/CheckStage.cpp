//===- CheckStage.cpp - What each stage promises --------------------------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"

namespace vitc {
#define GEN_PASS_DEF_CHECKSTAGEPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

bool isVit(Operation *op) {
  return isa_and_present<VitDialect>(op->getDialect());
}

/// Ops that only arrange what kernels make.
bool isArrangement(Operation *op) {
  return op->hasTrait<WeightTrait>() ||
         isa<KernelOp, ConcatRowsOp, SliceRowsOp, SliceColumnsOp, ReshapeOp>(
             op);
}

LogicalResult checkFused(Operation *op) {
  if (isVit(op) && !isArrangement(op) && !op->getParentOfType<KernelOp>())
    return op->emitOpError() << "is in no kernel at the end of stage fused";
  return success();
}

LogicalResult checkBuffers(Operation *op) {
  if (op->getParentOfType<KernelOp>())
    return success();
  if (auto pack = dyn_cast<PackOp>(op); pack && !pack.getOffset())
    return op->emitOpError() << "has no offset at the end of stage buffers";
  if (auto buffer = dyn_cast<BufferOp>(op); buffer && !buffer.getOffset())
    return op->emitOpError() << "has no offset at the end of stage buffers";
  if (auto kernel = dyn_cast<KernelOp>(op); kernel && !kernel.getTile())
    return op->emitOpError() << "has no tile at the end of stage buffers";
  for (Value result : op->getResults())
    if (isa<TensorType>(result.getType()) && !op->hasTrait<WeightTrait>())
      return op->emitOpError() << "makes a tensor at the end of stage buffers";
  return success();
}

LogicalResult checkTiled(Operation *op) {
  auto func = op->getParentOfType<func::FuncOp>();
  if (isVit(op) && func && func.isPrivate())
    return op->emitOpError()
           << "is left in a kernel function at the end of stage tiled";
  return success();
}

struct CheckStagePass : vitc::impl::CheckStagePassBase<CheckStagePass> {
  using Base::Base;

  void runOnOperation() override {
    LogicalResult (*check)(Operation *) = nullptr;
    if (stage == "fused")
      check = checkFused;
    else if (stage == "buffers")
      check = checkBuffers;
    else if (stage == "tiled")
      check = checkTiled;
    if (!check) {
      getOperation().emitError()
          << "expects stage to be fused, buffers or tiled, got '" << stage
          << "'";
      return signalPassFailure();
    }
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (succeeded(check(op)))
        return WalkResult::advance();
      signalPassFailure();
      return WalkResult::skip();
    });
  }
};

} // namespace
