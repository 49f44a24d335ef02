//===- FoldNormalize.cpp - Pixel normalisation into the patch embedding ---===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/Remarks.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include <cmath>
#include <limits>

#define DEBUG_TYPE "vit-fold-normalize"

namespace vitc {
#define GEN_PASS_DEF_FOLDNORMALIZEPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// What takes the place of `mean` and `std`, one number a channel.
struct Folded {
  SmallVector<double> factors, shifts, padValues;

  explicit Folded(NormalizeOp normalize) {
    for (auto [mean, std] :
         llvm::zip(normalize.getMean(), normalize.getStd())) {
      factors.push_back(1 / (255 * std));
      shifts.push_back(-mean / std);
      padValues.push_back(255 * mean);
    }
  }

  /// The first channel with a number that f32 can't hold, if there is one.
  std::optional<unsigned> overflow() const {
    constexpr double limit = std::numeric_limits<float>::max();
    for (unsigned i = 0; i < factors.size(); ++i)
      for (double value : {factors[i], shifts[i], padValues[i]})
        if (!(std::abs(value) <= limit))
          return i;
    return std::nullopt;
  }
};

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
    if (!linear.hasPackableWeights())
      return rewriter.notifyMatchFailure(linear, "an operand is no weight");
    Folded folded(normalize);
    if (folded.overflow())
      return rewriter.notifyMatchFailure(linear, "mean or std out of range");
    int64_t channels = unfold.getChannels();
    int64_t window = unfold.getKernel()[0] * unfold.getKernel()[1];

    Location loc = linear.getLoc();
    auto weightType = linear.getWeight().getType();
    int64_t outputs = weightType.getDimSize(0), columns = channels * window;
    auto rowType = weightType.clone({columns});
    Value factor = WeightConstantOp::create(rewriter, loc, rowType,
                                            folded.factors, window);
    Value shift =
        WeightConstantOp::create(rewriter, loc, rowType, folded.shifts, window);
    Value bias = WeightMatvecOp::create(
        rewriter, loc, weightType.clone({outputs}), linear.getWeight(), shift);
    if (linear.getBias())
      bias = WeightAddOp::create(rewriter, loc, bias.getType(),
                                 linear.getBias(), bias);
    // Interleaved pixels give columns (ky, kx, c) instead of (c, ky, kx).
    Value scaled = WeightScaleOp::create(
        rewriter, loc, weightType, linear.getWeight(), factor, /*axis=*/1);
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
        rewriter.getDenseF64ArrayAttr(padded ? folded.padValues
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

/// Says why `normalize` is still there behind the pass.
void reportKept(NormalizeOp normalize) {
  if (std::optional<unsigned> channel = Folded(normalize).overflow()) {
    normalize.emitOpError()
        << "expects 1 / (255 std), mean / std and 255 mean in the range of "
           "f32, got mean "
        << normalize.getMean()[*channel] << " and std "
        << normalize.getStd()[*channel] << " of channel " << *channel;
    return;
  }
  InFlightDiagnostic error = normalize.emitOpError()
                             << "expects only unfolded products with weights "
                                "of the checkpoint to read 8-bit pixels";
  for (Operation *reader : normalize->getUsers()) {
    auto unfold = dyn_cast<UnfoldOp>(reader);
    if (!unfold)
      error.attachNote(reader->getLoc()) << "reads them here";
    else
      for (Operation *other : unfold->getUsers())
        error.attachNote(other->getLoc()) << "reads their windows here";
  }
}

struct FoldNormalizePass
    : vitc::impl::FoldNormalizePassBase<FoldNormalizePass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldNormalizeIntoLinear>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    getOperation().walk([&](NormalizeOp normalize) {
      reportKept(normalize);
      signalPassFailure();
    });
  }
};

} // namespace
