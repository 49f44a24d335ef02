//===- LowerKernels.cpp - Kernels to loops over register tiles ------------===//

#include "passes/Passes.h"
#include "passes/tiled/KernelLowering.h"

#include "mlir/Dialect/Math/IR/Math.h"

namespace vitc {
#define GEN_PASS_DEF_LOWERKERNELSPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

LogicalResult lower(KernelContext &context) {
  switch (context.kernel.getKind()) {
  case KernelKind::Linear:
    return lowerLinearKernel(context);
  case KernelKind::Attention:
    return lowerAttentionKernel(context);
  case KernelKind::Rows:
    return lowerRowsKernel(context);
  case KernelKind::Pool:
    return lowerPoolKernel(context);
  case KernelKind::Lanes:
    return lowerLanesKernel(context);
  case KernelKind::Transpose:
    return lowerTransposeKernel(context);
  }
  llvm_unreachable("unknown kernel kind");
}

struct LowerKernelsPass : vitc::impl::LowerKernelsPassBase<LowerKernelsPass> {
  void runOnOperation() override {
    func::FuncOp func = getOperation();
    for (auto kernel : llvm::make_early_inc_range(func.getOps<KernelOp>())) {
      if (!kernel.getOuts().empty() || !kernel.getTile()) {
        kernel.emitOpError() << "expects buffers and a tile here";
        return signalPassFailure();
      }
      ValueRange arguments = func.getArguments();
      if (arguments.size() < 5)
        return (void)(kernel.emitOpError()
                      << "expects scratch and four indices as arguments"),
               signalPassFailure();
      ValueRange grid = arguments.take_back(4);
      OpBuilder builder(kernel);
      Emitter emit(builder, kernel.getLoc(), kernel.getTile()->getVector());
      Scratch scratch(emit, arguments[arguments.size() - 5]);
      KernelContext context{kernel,  emit,    scratch, grid[0],
                            grid[1], grid[2], grid[3]};
      if (failed(lower(context)))
        return signalPassFailure();
      func->setAttr("vit.scratch_bytes",
                    builder.getI64IntegerAttr(scratch.bytes()));
      kernel.erase();
    }
  }
};

} // namespace
