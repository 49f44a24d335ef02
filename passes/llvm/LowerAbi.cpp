//===- LowerAbi.cpp - Kernel functions get their C type -------------------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace vitc {
#define GEN_PASS_DEF_LOWERABIPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// (buffers..., scratch, four indices) -> (table, four indices).
void takeTable(func::FuncOp func) {
  OpBuilder builder(func.getContext());
  Block &entry = func.getBody().front();
  unsigned buffers = entry.getNumArguments() - 4;
  auto pointer = LLVM::LLVMPointerType::get(func.getContext());
  Value table = entry.insertArgument(0u, pointer, func.getLoc());
  builder.setInsertionPointToStart(&entry);
  for (unsigned i = 0; i < buffers; ++i) {
    BlockArgument buffer = entry.getArgument(1);
    buffer.replaceAllUsesWith(
        OperandOp::create(builder, func.getLoc(), buffer.getType(), table, i)
            .getResult());
    entry.eraseArgument(1);
  }
  func.setFunctionType(builder.getFunctionType(entry.getArgumentTypes(), {}));
}

struct LowerAbiPass : vitc::impl::LowerAbiPassBase<LowerAbiPass> {
  void runOnOperation() override {
    for (auto func :
         llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      if (!func.getOps<StepOp>().empty())
        func.erase();
      else if (func->hasAttr("vit.scratch_bytes"))
        takeTable(func);
    }
  }
};

} // namespace
