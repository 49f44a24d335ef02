//===- SinkAdd.cpp - Position tables into the parts of a concatenation ----===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/Remarks.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include <fmt/format.h>

#define DEBUG_TYPE "vit-sink-add"

namespace vitc {
#define GEN_PASS_DEF_SINKADDPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// Why a table can't be added before `concat`, the left side of `add`; empty if
/// it can.
StringRef reasonToKeep(AddOp add, ConcatRowsOp concat) {
  if (add.getRow())
    return "it changes some rows only";
  if (add.getRhs().getType() != add.getType())
    return "the table is repeated over rows";
  if (!concat->hasOneUse())
    return "the concatenation has other readers";
  return {};
}

/// add(concat_rows(a, b), t) -> concat_rows(add(a, t[:n]), add(b, t[n:])).
struct SinkAddIntoConcat : OpRewritePattern<AddOp> {
  using Base::Base;
  LogicalResult matchAndRewrite(AddOp add,
                                PatternRewriter &rewriter) const override {
    auto concat = add.getLhs().getDefiningOp<ConcatRowsOp>();
    if (!concat || !isWeight(add.getRhs()))
      return rewriter.notifyMatchFailure(add, "adds no table to a concat");
    if (StringRef reason = reasonToKeep(add, concat); !reason.empty())
      return rewriter.notifyMatchFailure(add, reason);
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
    VITC_REMARK(passed, add.getLoc(), "SumSunk")
        << "sum moved to the parts of the concatenation";
    rewriter.replaceOpWithNewOp<ConcatRowsOp>(add, add.getType(), parts);
    return success();
  }
};

struct SinkAddPass : vitc::impl::SinkAddPassBase<SinkAddPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<SinkAddIntoConcat>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    getOperation().walk([](AddOp add) {
      auto concat = add.getLhs().getDefiningOp<ConcatRowsOp>();
      if (concat && isWeight(add.getRhs()))
        VITC_REMARK(missed, add.getLoc(), "SumKept")
            << fmt::format("sum kept behind the concatenation: {}",
                           reasonToKeep(add, concat).str());
    });
  }
};

} // namespace
