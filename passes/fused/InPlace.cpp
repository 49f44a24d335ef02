//===- InPlace.cpp - Results in the place of what they read ---------------===//

#include "passes/fused/InPlace.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

bool vitc::mayReplace(KernelOp kernel, unsigned input) {
  BlockArgument arg = kernel.getBody().front().getArgument(input);
  switch (kernel.getKind()) {
  case KernelKind::Rows:
    // Columns that a concatenation moves would be overwritten unread.
    return llvm::none_of(arg.getUsers(),
                         llvm::IsaPred<SliceColumnsOp, ConcatColumnsOp>);
  case KernelKind::Lanes:
    return true;
  case KernelKind::Linear:
    return arg.hasOneUse() &&
           cast<LinearOp>(*arg.user_begin()).getResidual() == arg;
  case KernelKind::Attention:
  case KernelKind::Pool:
  case KernelKind::Transpose:
    return false;
  }
  return false;
}

/// True if `writer`, whose result is rows from `row` on of what replaces the
/// rows of `view`, reads those very rows, and no element of them behind the
/// task that replaces it.
static bool readsWhatItReplaces(Operation *writer, int64_t row, Value view) {
  auto kernel = dyn_cast<KernelOp>(writer);
  auto slice = view.getDefiningOp<SliceRowsOp>();
  if (!kernel || !slice || static_cast<int64_t>(slice.getBegin()) != row ||
      view.getType() != kernel->getResult(0).getType() ||
      llvm::count(kernel.getInputs(), view) != 1)
    return false;
  auto inputs = kernel.getInputs();
  return mayReplace(kernel, llvm::find(inputs, view) - inputs.begin());
}

Value vitc::findOverwritten(ConcatRowsOp concat) {
  Value source;
  int64_t row = 0, writtenRow = 0;
  Operation *firstWriter = concat;
  for (Value input : concat.getInputs()) {
    auto slice = input.getDefiningOp<SliceRowsOp>();
    if (slice && static_cast<int64_t>(slice.getBegin()) == row &&
        slice.getInput().getType() == concat.getType() &&
        (!source || source == slice.getInput())) {
      source = slice.getInput();
    } else if (Operation *writer = input.getDefiningOp();
               writer && writer->isBeforeInBlock(firstWriter)) {
      firstWriter = writer;
      writtenRow = row;
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
  // Nobody reads a row once it is replaced.
  SmallVector<Value> views{source};
  while (!views.empty()) {
    Value view = views.pop_back_val();
    for (Operation *user : view.getUsers()) {
      if (user == concat)
        continue;
      if (isa<SliceRowsOp, SliceColumnsOp, ReshapeOp>(user))
        views.push_back(user->getResult(0));
      else if (user == firstWriter
                   ? !readsWhatItReplaces(user, writtenRow, view)
                   : !user->isBeforeInBlock(firstWriter))
        return {};
    }
  }
  return source;
}
