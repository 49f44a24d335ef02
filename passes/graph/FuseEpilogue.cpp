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
#include <array>
#include <fmt/format.h>

#define DEBUG_TYPE "vit-fuse-epilogue"

namespace vitc {
#define GEN_PASS_DEF_FUSEEPILOGUEPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// Why `linear` can't take `reader` along; empty if it can.
StringRef reasonToKeep(ActivationOp reader, LinearOp linear) {
  if (!linear->hasOneUse())
    return "the product before has other readers";
  if (linear.getResidual() || linear.getActivation() != Activation::None)
    return "the product before has an epilogue";
  return {};
}

StringRef reasonToKeep(AddOp reader, LinearOp linear) {
  if (reader.getRow())
    return "it changes some rows only";
  if (linear.getType() != reader.getType())
    return "the product is repeated over rows";
  if (!linear->hasOneUse())
    return "the product before has other readers";
  if (linear.getResidual())
    return "the product before has a residual";
  return {};
}

/// The operands of `add`, the right one first: a residual stream is written as
/// x + f(x).
std::array<Value, 2> summands(AddOp add) {
  return {add.getRhs(), add.getLhs()};
}

/// activation(linear(x, w, c)) -> linear(x, w, c) activation.
struct FuseActivation : OpRewritePattern<ActivationOp> {
  using Base::Base;
  LogicalResult matchAndRewrite(ActivationOp activation,
                                PatternRewriter &rewriter) const override {
    auto linear = activation.getInput().getDefiningOp<LinearOp>();
    if (!linear)
      return rewriter.notifyMatchFailure(activation, "input is no linear");
    if (StringRef reason = reasonToKeep(activation, linear); !reason.empty())
      return rewriter.notifyMatchFailure(activation, reason);
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
    for (Value summand : summands(add)) {
      auto linear = summand.getDefiningOp<LinearOp>();
      if (!linear || !reasonToKeep(add, linear).empty())
        continue;
      Value residual = summand == add.getRhs() ? add.getLhs() : add.getRhs();
      VITC_REMARK(passed, add.getLoc(), "ResidualFused")
          << "sum fused into the product before";
      rewriter.replaceOpWithNewOp<LinearOp>(
          add, add.getType(), linear.getInput(), linear.getWeight(),
          linear.getBias(), residual, linear.getActivation());
      return success();
    }
    return rewriter.notifyMatchFailure(add, "adds no linear of its own");
  }
};

/// Says why activations and sums behind products are still apart.
void reportKept(func::FuncOp func) {
  func.walk([](ActivationOp activation) {
    if (auto linear = activation.getInput().getDefiningOp<LinearOp>())
      VITC_REMARK(missed, activation.getLoc(), "ActivationKept") << fmt::format(
          "activation kept apart: {}", reasonToKeep(activation, linear).str());
  });
  func.walk([](AddOp add) {
    for (Value summand : summands(add))
      if (auto linear = summand.getDefiningOp<LinearOp>()) {
        VITC_REMARK(missed, add.getLoc(), "SumKept") << fmt::format(
            "sum kept apart: {}", reasonToKeep(add, linear).str());
        return;
      }
  });
}

struct FuseEpiloguePass : vitc::impl::FuseEpiloguePassBase<FuseEpiloguePass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseActivation, FuseResidual>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    reportKept(getOperation());
  }
};

} // namespace
