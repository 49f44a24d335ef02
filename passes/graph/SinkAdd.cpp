//===- SinkAdd.cpp - Position tables into the parts of a concatenation ----===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#define DEBUG_TYPE "vit-sink-add"

namespace vitc {
#define GEN_PASS_DEF_SINKADDPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// add(concat_rows(a, b), t) -> concat_rows(add(a, t[:n]), add(b, t[n:])).
struct SinkAddIntoConcat : OpRewritePattern<AddOp> {
  using Base::Base;
  LogicalResult matchAndRewrite(AddOp add,
                                PatternRewriter &rewriter) const override {
    auto concat = add.getLhs().getDefiningOp<ConcatRowsOp>();
    if (!concat || !concat->hasOneUse() || add.getRow() ||
        !isWeight(add.getRhs()) || add.getRhs().getType() != add.getType())
      return rewriter.notifyMatchFailure(add, "adds no table to a concat");
    SmallVector<Value> parts;
    int64_t begin = 0;
    for (Value part : concat.getInputs()) {
      auto type = cast<RankedTensorType>(part.getType());
      Value table = WeightSliceOp::create(rewriter, add.getLoc(), type,
                                          add.getRhs(), /*axis=*/0, begin);
      begin += type.getDimSize(0);
      parts.push_back(
          isWeight(part)
              ? WeightAddOp::create(rewriter, add.getLoc(), type, part, table)
                    .getResult()
              : AddOp::create(rewriter, add.getLoc(), type, part, table,
                              IntegerAttr())
                    .getResult());
    }
    rewriter.replaceOpWithNewOp<ConcatRowsOp>(add, add.getType(), parts);
    return success();
  }
};

struct SinkAddPass : vitc::impl::SinkAddPassBase<SinkAddPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<SinkAddIntoConcat>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
