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
#include <fmt/format.h>

#define DEBUG_TYPE "vit-fold-layer-norm"

namespace vitc {
#define GEN_PASS_DEF_FOLDLAYERNORMPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// The norm that `linear` reads, directly or through a reshape.
LayerNormOp normBefore(LinearOp linear) {
  Value input = linear.getInput();
  if (auto reshape = input.getDefiningOp<ReshapeOp>())
    input = reshape.getInput();
  return input.getDefiningOp<LayerNormOp>();
}

/// Why scale and shift of `norm` can't move into `linear` behind it; empty if
/// they can.
StringRef reasonToKeep(LayerNormOp norm, LinearOp linear) {
  if (!isWeight(norm.getScale()) || !isWeight(norm.getShift()))
    return "they are no weights";
  if (!linear.hasPackableWeights())
    return "an operand of the product behind is no weight";
  if (linear.getWeight().getType().getDimSize(1) % norm.getGroupSize())
    return "a reshape splits the normalised rows";
  return {};
}

/// `vector` repeated until it has `length` entries.
Value tileVector(PatternRewriter &rewriter, Location loc, Value vector,
                 int64_t length) {
  auto type = cast<RankedTensorType>(vector.getType());
  int64_t width = type.getDimSize(0);
  if (width == length)
    return vector;
  Value row =
      WeightReshapeOp::create(rewriter, loc, type.clone({1, width}), vector);
  Value rows = WeightRepeatOp::create(
      rewriter, loc, type.clone({length / width, width}), row, /*axis=*/0);
  return WeightReshapeOp::create(rewriter, loc, type.clone({length}), rows);
}

/// linear(norm(x, g, b), w, c) -> linear(norm(x), w diag(g), c + w b), also
/// through a reshape to rows of whole groups. Each group has the same scale and
/// shift, so these repeat along a row of the product.
struct FoldAffineIntoLinear : OpRewritePattern<LinearOp> {
  using Base::Base;
  LogicalResult matchAndRewrite(LinearOp linear,
                                PatternRewriter &rewriter) const override {
    LayerNormOp norm = normBefore(linear);
    if (!norm || !norm.getScale())
      return rewriter.notifyMatchFailure(linear, "input is no affine norm");
    if (StringRef reason = reasonToKeep(norm, linear); !reason.empty())
      return rewriter.notifyMatchFailure(linear, reason);
    auto reshape = linear.getInput().getDefiningOp<ReshapeOp>();
    auto weightType = linear.getWeight().getType();
    int64_t width = weightType.getDimSize(1);

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
                                      norm.getEpsAttr(), norm.getGroupsAttr());
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

/// Why `norm` still has scale and shift behind the pass.
StringRef reasonKept(LayerNormOp norm) {
  SmallVector<Operation *> readers(norm->getUsers());
  for (Operation *reader : norm->getUsers())
    if (isa<ReshapeOp>(reader))
      llvm::append_range(readers, reader->getUsers());
  for (Operation *reader : readers)
    if (auto linear = dyn_cast<LinearOp>(reader);
        linear && normBefore(linear) == norm)
      return reasonToKeep(norm, linear);
  return "the result is read as it is";
}

struct FoldLayerNormPass
    : vitc::impl::FoldLayerNormPassBase<FoldLayerNormPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldAffineIntoLinear>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    getOperation().walk([](LayerNormOp norm) {
      if (norm.getScale())
        VITC_REMARK(missed, norm.getLoc(), "AffineKept")
            << fmt::format("scale and shift kept: {}", reasonKept(norm).str());
    });
  }
};

} // namespace
