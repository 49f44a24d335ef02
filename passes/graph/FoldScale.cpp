//===- FoldScale.cpp - Factors per channel into the product before --------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/Remarks.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include <fmt/format.h>

#define DEBUG_TYPE "vit-fold-scale"

namespace vitc {
#define GEN_PASS_DEF_FOLDSCALEPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// Why the factors of `mul` can't move into `linear` before it; empty if they
/// can.
StringRef reasonToKeep(MulOp mul, LinearOp linear) {
  if (!isWeight(mul.getRhs()) || mul.getRhs().getType().getRank() != 1)
    return "they are no weight with a number a channel";
  if (!linear.hasPackableWeights())
    return "an operand of the product before is no weight";
  if (!linear->hasOneUse())
    return "the product before has other readers";
  if (linear.getResidual() || linear.getActivation() != Activation::None)
    return "the product before has an epilogue";
  return {};
}

/// mul(linear(x, w, c), g) -> linear(x, diag(g) w, g c).
struct FoldMulIntoLinear : OpRewritePattern<MulOp> {
  using Base::Base;
  LogicalResult matchAndRewrite(MulOp mul,
                                PatternRewriter &rewriter) const override {
    auto linear = mul.getLhs().getDefiningOp<LinearOp>();
    if (!linear)
      return rewriter.notifyMatchFailure(mul, "multiplies no product");
    if (StringRef reason = reasonToKeep(mul, linear); !reason.empty())
      return rewriter.notifyMatchFailure(mul, reason);
    Location loc = linear.getLoc();
    Value factors = mul.getRhs();
    rewriter.setInsertionPoint(mul);
    Value weight =
        WeightScaleOp::create(rewriter, loc, linear.getWeight().getType(),
                              linear.getWeight(), factors, /*axis=*/0);
    Value bias;
    if (linear.getBias())
      bias = WeightScaleOp::create(rewriter, loc, linear.getBias().getType(),
                                   linear.getBias(), factors, /*axis=*/0);
    VITC_REMARK(passed, mul.getLoc(), "ScaleFolded")
        << "factors folded into the product before";
    rewriter.replaceOpWithNewOp<LinearOp>(mul, mul.getType(), linear.getInput(),
                                          weight, bias, Value(),
                                          linear.getActivation());
    return success();
  }
};

struct FoldScalePass : vitc::impl::FoldScalePassBase<FoldScalePass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldMulIntoLinear>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    getOperation().walk([](MulOp mul) {
      if (auto linear = mul.getLhs().getDefiningOp<LinearOp>())
        VITC_REMARK(missed, mul.getLoc(), "ScaleKept") << fmt::format(
            "factors kept apart: {}", reasonToKeep(mul, linear).str());
    });
  }
};

} // namespace
