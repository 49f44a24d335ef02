//===- FuseEpilogue.cpp - Activation and residual into the linear ---------===//
//
// A linear's results are in registers when they are complete: what follows
// elementwise is then almost free.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/Remarks.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#define DEBUG_TYPE "vit-fuse-epilogue"

namespace vitc {
#define GEN_PASS_DEF_FUSEEPILOGUEPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// activation(linear(x, w, c)) -> linear(x, w, c) activation.
struct FuseActivation : OpRewritePattern<ActivationOp> {
  using Base::Base;
  LogicalResult matchAndRewrite(ActivationOp activation,
                                PatternRewriter &rewriter) const override {
    auto linear = activation.getInput().getDefiningOp<LinearOp>();
    if (!linear)
      return rewriter.notifyMatchFailure(activation, "input is no linear");
    if (!linear->hasOneUse()) {
      VITC_REMARK(missed, activation.getLoc(), "LinearHasOtherReaders")
          << "kept activation apart: its linear has other readers";
      return rewriter.notifyMatchFailure(activation, "linear is shared");
    }
    if (linear.getResidual() || linear.getActivation() != Activation::None)
      return rewriter.notifyMatchFailure(activation, "linear has an epilogue");
    VITC_REMARK(passed, activation.getLoc(), "ActivationFused")
        << "activation fused into the product before";
    rewriter.replaceOpWithNewOp<LinearOp>(
        activation, activation.getType(), linear.getInput(), linear.getWeight(),
        linear.getBias(), Value(), activation.getKind());
    return success();
  }
};

/// add(r, linear(x, w, c)) -> linear(x, w, c) residual(r).
struct FuseResidual : OpRewritePattern<AddOp> {
  using Base::Base;
  LogicalResult matchAndRewrite(AddOp add,
                                PatternRewriter &rewriter) const override {
    if (add.getRow())
      return rewriter.notifyMatchFailure(add, "adds to some rows only");
    LinearOp linear;
    Value residual;
    bool shared = false;
    // The right side first: a residual stream is written as x + f(x).
    for (auto [candidate, other] : {std::pair(add.getRhs(), add.getLhs()),
                                    std::pair(add.getLhs(), add.getRhs())}) {
      auto op = candidate.getDefiningOp<LinearOp>();
      if (!op || op.getResidual() || op.getType() != add.getType())
        continue;
      if (!op->hasOneUse()) {
        shared = true;
        continue;
      }
      linear = op;
      residual = other;
      break;
    }
    if (!linear) {
      if (shared)
        VITC_REMARK(missed, add.getLoc(), "LinearHasOtherReaders")
            << "kept sum apart: its linear has other readers";
      return rewriter.notifyMatchFailure(add, "adds no linear of its own");
    }
    VITC_REMARK(passed, add.getLoc(), "ResidualFused")
        << "sum fused into the product before";
    rewriter.replaceOpWithNewOp<LinearOp>(
        add, add.getType(), linear.getInput(), linear.getWeight(),
        linear.getBias(), residual, linear.getActivation());
    return success();
  }
};

struct FuseEpiloguePass : vitc::impl::FuseEpiloguePassBase<FuseEpiloguePass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseActivation, FuseResidual>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
