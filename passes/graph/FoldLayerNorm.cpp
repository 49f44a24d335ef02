//===- FoldLayerNorm.cpp - LayerNorm's affine part into weights -----------===//
//
// Runs on the graph, where the products behind a norm are still apart, so that
// each consumer decides for itself.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/Remarks.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#define DEBUG_TYPE "vit-fold-layer-norm"

namespace vitc {
#define GEN_PASS_DEF_FOLDLAYERNORMPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// `vector` repeated until it has `length` entries.
Value tileVector(PatternRewriter &rewriter, Location loc, Value vector,
                 int64_t length) {
  auto type = cast<RankedTensorType>(vector.getType());
  int64_t width = type.getDimSize(0);
  if (width == length)
    return vector;
  Value row = WeightReshapeOp::create(rewriter, loc, type.clone({1, width}),
                                      vector);
  Value rows = WeightRepeatOp::create(
      rewriter, loc, type.clone({length / width, width}), row, /*axis=*/0);
  return WeightReshapeOp::create(rewriter, loc, type.clone({length}), rows);
}

/// linear(norm(x, g, b), w, c) -> linear(norm(x), w diag(g), c + w b), also
/// through a reshape that joins whole normalised rows.
struct FoldAffineIntoLinear : OpRewritePattern<LinearOp> {
  using Base::Base;
  LogicalResult matchAndRewrite(LinearOp linear,
                                PatternRewriter &rewriter) const override {
    Value input = linear.getInput();
    auto reshape = input.getDefiningOp<ReshapeOp>();
    auto norm = (reshape ? reshape.getInput() : input).getDefiningOp<LayerNormOp>();
    if (!norm || !norm.getScale())
      return rewriter.notifyMatchFailure(linear, "input is no affine norm");
    auto weightType = linear.getWeight().getType();
    int64_t width = weightType.getDimSize(1);
    if (width % norm.getType().getShape().back())
      return rewriter.notifyMatchFailure(linear, "reshape splits the norm");

    Location loc = linear.getLoc();
    Value scale = tileVector(rewriter, loc, norm.getScale(), width);
    Value shift = tileVector(rewriter, loc, norm.getShift(), width);
    Value weight = WeightScaleOp::create(rewriter, loc, weightType,
                                         linear.getWeight(), scale, /*axis=*/1);
    Value bias = WeightMatvecOp::create(
        rewriter, loc, weightType.clone({weightType.getDimSize(0)}),
        linear.getWeight(), shift);
    if (linear.getBias())
      bias = WeightAddOp::create(rewriter, loc, bias.getType(),
                                 linear.getBias(), bias);
    rewriter.setInsertionPoint(norm);
    Value plain = LayerNormOp::create(rewriter, norm.getLoc(), norm.getType(),
                                      norm.getInput(), Value(), Value(),
                                      norm.getEpsAttr());
    rewriter.setInsertionPoint(linear);
    if (reshape)
      plain = ReshapeOp::create(rewriter, reshape.getLoc(), reshape.getType(),
                                plain);
    VITC_REMARK(passed, norm.getLoc(), "AffineFolded")
        << "scale and shift folded into the product behind";
    rewriter.modifyOpInPlace(linear, [&] {
      linear.getInputMutable().assign(plain);
      linear.getWeightMutable().assign(weight);
      linear.getBiasMutable().assign(bias);
    });
    return success();
  }
};

struct FoldLayerNormPass : vitc::impl::FoldLayerNormPassBase<FoldLayerNormPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldAffineIntoLinear>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    getOperation().walk([](LayerNormOp norm) {
      if (norm.getScale())
        VITC_REMARK(missed, norm.getLoc(), "AffineKept")
            << "scale and shift kept: the result is read as it is";
    });
  }
};

} // namespace
