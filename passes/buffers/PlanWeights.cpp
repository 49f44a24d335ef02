//===- PlanWeights.cpp - The layout of the weights file -------------------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/buffers/Layout.h"
#include "vitc/model.h"

namespace vitc {
#define GEN_PASS_DEF_PLANWEIGHTSPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

struct PlanWeightsPass : vitc::impl::PlanWeightsPassBase<PlanWeightsPass> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (!func.getOps<StepOp>().empty())
        plan(func);
  }

  void plan(func::FuncOp func) {
    // Names that two packs share (one tensor in two layouts) get a number.
    llvm::StringMap<unsigned> counts;
    Builder builder(func.getContext());
    int64_t offset = sizeof(vitc_weights_header);
    for (auto pack : func.getOps<PackOp>()) {
      std::string name = "weight";
      if (auto given = pack->getAttrOfType<StringAttr>("vit.name"))
        name = given.str();
      if (unsigned count = counts[name]++)
        name += "." + std::to_string(count + 1);
      pack->setAttr("vit.name", builder.getStringAttr(name));
      offset += sizeof(vitc_weights_entry) + name.size() + 1;
    }
    offset = roundUp(offset, kAlignment);
    func->setAttr("vit.weights_data_offset", builder.getI64IntegerAttr(offset));
    for (auto pack : func.getOps<PackOp>()) {
      pack.setOffsetAttr(builder.getI64IntegerAttr(offset));
      auto type = cast<MemRefType>(pack.getResult().getType());
      offset +=
          roundUp(type.getNumElements() * type.getElementTypeBitWidth() / 8,
                  kAlignment);
    }
    func->setAttr("vit.weights_bytes", builder.getI64IntegerAttr(offset));
  }
};

} // namespace
