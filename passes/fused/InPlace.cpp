//===- InPlace.cpp - When a concatenation may overwrite its source --------===//

#include "passes/fused/InPlace.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

Value vitc::findOverwritten(ConcatRowsOp concat) {
  Value source;
  int64_t row = 0;
  Operation *firstWriter = concat;
  for (Value input : concat.getInputs()) {
    auto slice = input.getDefiningOp<SliceRowsOp>();
    if (slice && static_cast<int64_t>(slice.getBegin()) == row &&
        slice.getInput().getType() == concat.getType() &&
        (!source || source == slice.getInput())) {
      source = slice.getInput();
    } else if (Operation *writer = input.getDefiningOp()) {
      if (!writer->isBeforeInBlock(firstWriter))
        writer = firstWriter;
      firstWriter = writer;
    }
    row += cast<RankedTensorType>(input.getType()).getDimSize(0);
  }
  if (!source || !source.getDefiningOp() || isWeight(source) ||
      !source.getDefiningOp()->isBeforeInBlock(firstWriter))
    return {};
  // A result or a part of something larger has its place there.
  if (llvm::any_of(concat->getUsers(), [](Operation *user) {
        return isa<ConcatRowsOp>(user) ||
               user->hasTrait<OpTrait::IsTerminator>();
      }))
    return {};
  // A writer reads the rows that it replaces before it writes them; anybody
  // else must be done by then.
  SmallVector<Value> views{source};
  while (!views.empty())
    for (Operation *user : views.pop_back_val().getUsers()) {
      if (user == concat)
        continue;
      if (isa<SliceRowsOp, SliceColumnsOp, ReshapeOp>(user))
        views.push_back(user->getResult(0));
      else if (user != firstWriter && !user->isBeforeInBlock(firstWriter))
        return {};
    }
  return source;
}
