//===- MergeLinears.cpp - One product for all linears of an input ---------===//
//
// Reading the input once for q, k and v also lets their kernel normalise it
// once.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/Remarks.h"

#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/MapVector.h"
#include <fmt/format.h>

#define DEBUG_TYPE "vit-merge-linears"

namespace vitc {
#define GEN_PASS_DEF_MERGELINEARSPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

/// The biases of `linears` one after the other, zero where one has none; null
/// if none has.
Value concatBiases(OpBuilder &builder, Location loc, ArrayRef<LinearOp> linears,
                   int64_t outputs) {
  if (llvm::none_of(linears, [](LinearOp op) { return op.getBias(); }))
    return {};
  SmallVector<Value> biases;
  for (LinearOp linear : linears) {
    Value bias = linear.getBias();
    if (!bias)
      bias = WeightConstantOp::create(
          builder, loc,
          RankedTensorType::get(linear.getWeight().getType().getDimSize(0),
                                builder.getF32Type()),
          ArrayRef<double>{0.0}, /*each=*/1);
    biases.push_back(bias);
  }
  return WeightConcatOp::create(
      builder, loc, RankedTensorType::get(outputs, builder.getF32Type()),
      biases, /*axis=*/0);
}

void merge(ArrayRef<LinearOp> linears) {
  OpBuilder builder(linears.back());
  Location loc = builder.getFusedLoc(llvm::map_to_vector(
      linears, [](LinearOp op) { return Location(op.getLoc()); }));
  int64_t outputs = 0;
  for (LinearOp linear : linears)
    outputs += linear.getWeight().getType().getDimSize(0);
  LinearOp first = linears.front();
  int64_t inputs = first.getWeight().getType().getDimSize(1);
  Value weight = WeightConcatOp::create(
      builder, loc,
      RankedTensorType::get({outputs, inputs}, builder.getF32Type()),
      llvm::map_to_vector(linears,
                          [](LinearOp op) { return Value(op.getWeight()); }),
      /*axis=*/0);
  Value bias = concatBiases(builder, loc, linears, outputs);
  SmallVector<int64_t> shape(first.getType().getShape());
  shape.back() = outputs;
  Value merged = LinearOp::create(
      builder, loc, RankedTensorType::get(shape, builder.getF32Type()),
      first.getInput(), weight, bias, Value(), Activation::None);
  int64_t begin = 0;
  for (LinearOp linear : linears) {
    Value slice = SliceColumnsOp::create(builder, linear.getLoc(),
                                         linear.getType(), merged, begin);
    begin += linear.getType().getShape().back();
    linear.replaceAllUsesWith(slice);
    linear.erase();
  }
  VITC_REMARK(passed, loc, "LinearsMerged")
      << fmt::format("{} products of one input merged", linears.size());
}

/// Why `linear` can't be merged at the place of `last`, which reads the same
/// input; empty if it can.
StringRef reasonToKeep(LinearOp linear, Operation *last) {
  if (!linear.hasPackableWeights())
    return "an operand is no weight";
  if (linear.getResidual() || linear.getActivation() != Activation::None)
    return "it has an epilogue";
  // The merged product stands where the last one stood.
  if (llvm::any_of(linear->getUsers(), [&](Operation *user) {
        return user->isBeforeInBlock(last);
      }))
    return "its result is needed before the last of them";
  // A range of columns can be read in place, but an activation would no longer
  // be an epilogue.
  if (linear.getType().getRank() == 2 &&
      llvm::any_of(linear->getUsers(), [](Operation *user) {
        return isa<ActivationOp, MulOp>(user);
      }))
    return "elementwise ops read its result";
  return {};
}

struct MergeLinearsPass : vitc::impl::MergeLinearsPassBase<MergeLinearsPass> {
  void runOnOperation() override {
    llvm::MapVector<Value, SmallVector<LinearOp>> byInput;
    for (auto linear : getOperation().getOps<LinearOp>())
      byInput[linear.getInput()].push_back(linear);
    for (auto &[input, linears] : byInput)
      if (linears.size() > 1)
        mergeSome(linears);
  }

  static void mergeSome(ArrayRef<LinearOp> linears) {
    // The last that can be merged at all decides the place.
    LinearOp last;
    for (LinearOp linear : linears)
      if (reasonToKeep(linear, linear).empty())
        last = linear;
    SmallVector<LinearOp> mergeable;
    for (LinearOp linear : linears) {
      StringRef reason = reasonToKeep(linear, last ? last : linear);
      if (reason.empty())
        mergeable.push_back(linear);
      else
        VITC_REMARK(missed, linear.getLoc(), "LinearKept") << fmt::format(
            "product kept apart from others of its input: {}", reason.str());
    }
    if (mergeable.size() > 1)
      merge(mergeable);
  }
};

} // namespace
