//===- FoldNormalize.cpp - Pixel normalisation into the patch embedding ---===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/Remarks.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#define DEBUG_TYPE "vit-fold-normalize"

namespace vitc {
#define GEN_PASS_DEF_FOLDNORMALIZEPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// linear(unfold(normalize(x))) -> linear(unfold(x)) with other weights.
struct FoldNormalizeIntoLinear : OpRewritePattern<LinearOp> {
  using Base::Base;
  LogicalResult matchAndRewrite(LinearOp linear,
                                PatternRewriter &rewriter) const override {
    auto unfold = linear.getInput().getDefiningOp<UnfoldOp>();
    auto normalize =
        unfold ? unfold.getInput().getDefiningOp<NormalizeOp>() : NormalizeOp();
    if (!normalize)
      return rewriter.notifyMatchFailure(linear, "reads no normalised image");
    int64_t channels = unfold.getChannels();
    int64_t window = unfold.getKernel()[0] * unfold.getKernel()[1];
    SmallVector<double> factors, shifts, padValues;
    for (auto [mean, std] : llvm::zip(normalize.getMean(), normalize.getStd())) {
      factors.push_back(1 / (255 * std));
      shifts.push_back(-mean / std);
      padValues.push_back(255 * mean);
    }

    Location loc = linear.getLoc();
    auto weightType = linear.getWeight().getType();
    int64_t outputs = weightType.getDimSize(0), columns = channels * window;
    auto rowType = weightType.clone({columns});
    Value factor = WeightConstantOp::create(rewriter, loc, rowType, factors,
                                            window);
    Value shift = WeightConstantOp::create(rewriter, loc, rowType, shifts,
                                           window);
    Value bias = WeightMatvecOp::create(rewriter, loc,
                                        weightType.clone({outputs}),
                                        linear.getWeight(), shift);
    if (linear.getBias())
      bias = WeightAddOp::create(rewriter, loc, bias.getType(),
                                 linear.getBias(), bias);
    // Interleaved pixels give columns (ky, kx, c) instead of (c, ky, kx).
    Value scaled = WeightScaleOp::create(rewriter, loc, weightType,
                                         linear.getWeight(), factor, /*axis=*/1);
    Value planes = WeightReshapeOp::create(
        rewriter, loc, weightType.clone({outputs, channels, window}), scaled);
    Value pixels = WeightTransposeOp::create(
        rewriter, loc, weightType.clone({outputs, window, channels}), planes,
        ArrayRef<int64_t>{0, 2, 1});
    Value weight = WeightReshapeOp::create(rewriter, loc, weightType, pixels);

    bool padded = unfold.getPadding()[0] || unfold.getPadding()[1];
    Value columnsOfBytes = UnfoldOp::create(
        rewriter, unfold.getLoc(), unfold.getType(), normalize.getInput(),
        unfold.getKernelAttr(), unfold.getStrideAttr(), unfold.getPaddingAttr(),
        unfold.getTileAttr(), unfold.getPadAttr(),
        rewriter.getDenseF64ArrayAttr(padded ? padValues
                                             : SmallVector<double>()));
    VITC_REMARK(passed, normalize.getLoc(), "NormalizeFolded")
        << "normalisation of 8-bit pixels folded into the product behind";
    rewriter.modifyOpInPlace(linear, [&] {
      linear.getInputMutable().assign(columnsOfBytes);
      linear.getWeightMutable().assign(weight);
      linear.getBiasMutable().assign(bias);
    });
    return success();
  }
};

struct FoldNormalizePass : vitc::impl::FoldNormalizePassBase<FoldNormalizePass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldNormalizeIntoLinear>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    WalkResult left = getOperation().walk([](NormalizeOp op) {
      op.emitOpError() << "expects only unfolded products to read 8-bit pixels";
      return WalkResult::interrupt();
    });
    if (left.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
