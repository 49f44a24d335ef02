//===- FoldScale.cpp - Factors per channel into the product before --------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/Remarks.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#define DEBUG_TYPE "vit-fold-scale"

namespace vitc {
#define GEN_PASS_DEF_FOLDSCALEPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// mul(linear(x, w, c), g) -> linear(x, diag(g) w, g c).
struct FoldMulIntoLinear : OpRewritePattern<MulOp> {
  using Base::Base;
  LogicalResult matchAndRewrite(MulOp mul,
                                PatternRewriter &rewriter) const override {
    auto linear = mul.getLhs().getDefiningOp<LinearOp>();
    if (!linear || !isWeight(mul.getRhs()) ||
        mul.getRhs().getType().getRank() != 1)
      return rewriter.notifyMatchFailure(mul, "no product by a vector");
    if (!linear->hasOneUse() || linear.getResidual() ||
        linear.getActivation() != Activation::None) {
      VITC_REMARK(missed, mul.getLoc(), "LinearDoesMore")
          << "kept factors apart: the product before them is not theirs alone";
      return rewriter.notifyMatchFailure(mul, "linear does more");
    }
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
    rewriter.replaceOpWithNewOp<LinearOp>(
        mul, mul.getType(), linear.getInput(), weight, bias, Value(),
        linear.getActivation());
    return success();
  }
};

struct FoldScalePass : vitc::impl::FoldScalePassBase<FoldScalePass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldMulIntoLinear>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
