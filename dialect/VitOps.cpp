//===- VitOps.cpp - Folders of the vit ops --------------------------------===//

#include "dialect/VitOps.h"

using namespace mlir;
using namespace vitc::vit;

#define GET_OP_CLASSES
#include "dialect/VitOps.cpp.inc"

OpFoldResult ActivationOp::fold(FoldAdaptor) {
  return getKind() == Activation::None ? getInput() : OpFoldResult();
}

OpFoldResult ConcatRowsOp::fold(FoldAdaptor) {
  return getInputs().size() == 1 ? getInputs().front() : OpFoldResult();
}

OpFoldResult SliceRowsOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? getInput() : OpFoldResult();
}

OpFoldResult SliceColumnsOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? getInput() : OpFoldResult();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<ReshapeOp>()) {
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return {};
}
