//===- NominalMacs.cpp - The model's multiply-adds, kernel by kernel ------===//

#include "codegen/driver/NominalMacs.h"

#include "dialect/VitOps.h"
#include "passes/buffers/KernelFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

/// Sources of multiply-adds and how much of each an op uses.
using Shares = SmallVector<std::pair<std::string, double>>;

/// The checkpoint tensors that `weight` is made of, `elements` of it in all.
void addTensors(Value weight, double elements, Shares &shares) {
  Operation *op = weight.getDefiningOp();
  if (auto tensor = dyn_cast_or_null<WeightTensorOp>(op)) {
    shares.emplace_back(tensor.getName().str(), elements);
    return;
  }
  if (!op || !op->getNumOperands()) {
    shares.emplace_back("", elements);
    return;
  }
  // Factors and shifts stand behind the matrix that they change.
  auto concat = dyn_cast<WeightConcatOp>(op);
  auto count = [](Value value) {
    return double(cast<RankedTensorType>(value.getType()).getNumElements());
  };
  for (Value operand :
       concat ? op->getOperands() : op->getOperands().take_front(1))
    addTensors(operand,
               concat ? elements * count(operand) / count(weight) : elements,
               shares);
}

/// What an op that multiplies reads; nothing for others. Inside a kernel,
/// weights are looked up among its inputs.
Shares sharesOf(Operation &op, KernelOp kernel) {
  Shares shares;
  if (auto linear = dyn_cast<LinearOp>(op)) {
    Value weight = linear.getWeight();
    if (kernel)
      weight = kernel.getInputs()[cast<BlockArgument>(weight).getArgNumber()];
    addTensors(weight, linear.getWeight().getType().getNumElements(), shares);
  } else if (isa<AttentionOp, AttentionMapOp>(op)) {
    shares.emplace_back(
        (op.getName().getStringRef() + " " + nodeName(op.getLoc())).str(), 1);
  }
  return shares;
}

} // namespace

void NominalMacs::readGraph(ModuleOp module) {
  module.walk([&](Operation *op) {
    Shares shares = sharesOf(*op, KernelOp());
    double all = 0;
    for (auto &[source, share] : shares)
      all += share;
    for (auto &[source, share] : shares)
      bySource[source] += double(countMacs(op)) * share / all;
  });
}

void NominalMacs::readKernels(ModuleOp module) {
  SmallVector<Shares> ofKernels;
  llvm::StringMap<double> used;
  module.walk([&](KernelOp kernel) {
    Shares &shares = ofKernels.emplace_back();
    for (Operation &op : kernel.getBody().front())
      llvm::append_range(shares, sharesOf(op, kernel));
    for (auto &[source, share] : shares)
      used[source] += share;
  });
  for (const Shares &shares : ofKernels) {
    double macs = 0;
    for (auto &[source, share] : shares)
      macs += bySource.lookup(source) * share / used.lookup(source);
    kernels.push_back(macs);
  }
}
