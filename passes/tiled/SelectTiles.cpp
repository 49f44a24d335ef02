//===- SelectTiles.cpp - Tiles for a CPU level ----------------------------===//
//
// Runs on kernel functions: a kernel that many layers share is decided once.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/Remarks.h"
#include "passes/buffers/Layout.h"
#include "passes/tiled/TileModel.h"

#include <fmt/format.h>

#define DEBUG_TYPE "vit-select-tiles"

namespace vitc {
#define GEN_PASS_DEF_SELECTTILESPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

/// All keys of a head pass at once: a few queries' scores stay in L1.
TilePlan planScores(const LevelModel &level, TypedValue<RankedTensorType> key) {
  int64_t keys = key.getType().getDimSize(0);
  TilePlan plan = planProduct(level, kPanelColumns, keys, keys);
  plan.depth = 0;
  plan.packed = false;
  return plan;
}

TilePlan planKernel(const LevelModel &level, KernelOp kernel) {
  TilePlan plan{level.vectorWidth, 1, level.vectorWidth, 1};
  for (Operation &op : kernel.getBody().front()) {
    if (auto linear = dyn_cast<LinearOp>(op)) {
      auto weight = linear.getWeight().getType();
      if (kernel.getKind() == KernelKind::Linear)
        return planProduct(level, kPanelColumns, weight.getDimSize(0),
                           weight.getDimSize(1));
      // Every product of a lanes kernel must manage with the same words.
      auto result = linear.getType();
      TilePlan lanes = planLanes(level, lanesPanel(weight.getDimSize(0)),
                                 result.getDimSize(result.getRank() - 2));
      bool first = plan.block == 1 && plan.rows == 1;
      plan.rows = first ? lanes.rows : std::min(plan.rows, lanes.rows);
      plan.columns = lanes.columns;
    } else if (auto attention = dyn_cast<AttentionOp>(op);
               attention && kernel.getKind() == KernelKind::Attention) {
      return planScores(level, attention.getKey());
    } else if (auto map = dyn_cast<AttentionMapOp>(op);
               map && kernel.getKind() == KernelKind::Attention) {
      return planScores(level, map.getKey());
    }
  }
  return plan;
}

struct SelectTilesPass : vitc::impl::SelectTilesPassBase<SelectTilesPass> {
  using Base::Base;

  void runOnOperation() override {
    std::optional<LevelModel> model = lookupLevelModel(level);
    if (!model) {
      getOperation().emitError()
          << "expects level to be x86-64-v3 or x86-64-v4, got '" << level
          << "'";
      return signalPassFailure();
    }
    llvm::StringMap<TilePlan> plans;
    for (auto func : getOperation().getOps<func::FuncOp>())
      for (auto kernel : func.getOps<KernelOp>()) {
        TilePlan plan = planKernel(*model, kernel);
        kernel.setTileAttr(TileAttr::get(&getContext(), plan.vector, plan.rows,
                                         plan.columns, plan.block, plan.depth,
                                         plan.packed));
        plans[func.getName()] = plan;
        VITC_REMARK(analysis, kernel.getLoc(), "TileSelected") << fmt::format(
            "{}: {} rows x {} columns, {} rows a block{}{}",
            func.getName().str(), plan.rows, plan.columns, plan.block,
            plan.depth ? fmt::format(", {} steps at a time", plan.depth) : "",
            plan.packed ? ", packed" : "");
      }
    getOperation().walk([&](StepOp step) {
      auto found = plans.find(step.getCallee());
      if (found != plans.end() && found->second.block > 1)
        step.setGrain(found->second.rows);
    });
  }
};

} // namespace
