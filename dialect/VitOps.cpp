//===- VitOps.cpp - Folders of the vit ops --------------------------------===//

#include "dialect/VitOps.h"

using namespace mlir;
using namespace vitc::vit;

/// The format of a list of f64. Unlike the attribute's own, it prints enough
/// digits to read the same numbers back: passes write quotients into the weight
/// program, and a dumped stage must mean what the compiler meant.
static ParseResult parseNumbers(OpAsmParser &parser,
                                DenseF64ArrayAttr &numbers) {
  numbers = dyn_cast_or_null<DenseF64ArrayAttr>(
      DenseF64ArrayAttr::parse(parser, Type()));
  return success(numbers != nullptr);
}

static void printNumbers(OpAsmPrinter &printer, Operation *,
                         DenseF64ArrayAttr numbers) {
  printer << '[';
  llvm::interleaveComma(numbers.asArrayRef(), printer, [&](double number) {
    printer.printFloat(APFloat(number));
  });
  printer << ']';
}

#define GET_OP_CLASSES
#include "dialect/VitOps.cpp.inc"

OpFoldResult ActivationOp::fold(FoldAdaptor) {
  return getKind() == Activation::None ? getInput() : OpFoldResult();
}

OpFoldResult ConcatRowsOp::fold(FoldAdaptor) {
  return getInputs().size() == 1 ? getInputs().front() : OpFoldResult();
}

OpFoldResult ConcatColumnsOp::fold(FoldAdaptor) {
  return getInputs().size() == 1 ? getInputs().front() : OpFoldResult();
}

OpFoldResult SliceRowsOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? getInput() : OpFoldResult();
}

OpFoldResult SliceColumnsOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? getInput() : OpFoldResult();
}

OpFoldResult TransposeOp::fold(FoldAdaptor) {
  auto inner = getInput().getDefiningOp<TransposeOp>();
  return inner ? inner.getInput() : OpFoldResult();
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
