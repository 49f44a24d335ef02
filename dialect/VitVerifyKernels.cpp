//===- VitVerifyKernels.cpp - Constraints of the kernel ops ---------------===//
//
// One check per labelled constraint of VitKernelOps.td, in its order.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitOps.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace vitc::vit;

LogicalResult KernelOp::verify() {
  // C1
  if (!getOuts().empty() && !getOutputs().empty())
    return emitOpError() << "expects results or outputs, not both";
  // C2
  Block &body = getBody().front();
  auto yield = dyn_cast<YieldOp>(body.back());
  if (!yield)
    return emitOpError() << "expects a body that ends in vit.yield";
  if (body.getNumArguments() != getInputs().size())
    return emitOpError() << "expects a body with " << getInputs().size()
                         << " arguments, got " << body.getNumArguments();
  size_t produced = getOuts().size() + getOutputs().size();
  if (yield.getValues().size() != produced)
    return emitOpError() << "expects a body that yields " << produced
                         << " values, got " << yield.getValues().size();
  // C3
  if (getOuts().empty())
    return success();
  if (body.getArgumentTypes() != getInputs().getTypes() ||
      yield.getValues().getTypes() != getOuts().getTypes())
    return emitOpError() << "expects the body's types to be those of the "
                            "kernel's operands and results";
  return success();
}

LogicalResult PackOp::verify() {
  ArrayRef<int64_t> in = getWeight().getType().getShape();
  ArrayRef<int64_t> out = cast<MemRefType>(getResult().getType()).getShape();
  // C1
  if (in.size() == 2 && out.size() == 3) {
    if (out[2] <= 0 || out[0] != (in[0] + out[2] - 1) / out[2] ||
        out[1] != in[1])
      return emitOpError() << "expects panels [ceil(N / P), K, P] of "
                           << getWeight().getType() << ", got "
                           << getResult().getType();
    return success();
  }
  bool holds = in.size() == out.size();
  for (size_t i = 0; holds && i < in.size(); ++i)
    holds = out[i] >= in[i];
  if (!holds)
    return emitOpError() << "expects room for " << getWeight().getType()
                         << ", got " << getResult().getType();
  return success();
}

LogicalResult BufferOp::verify() {
  auto type = cast<MemRefType>(getResult().getType());
  // C1
  if (!type.getRank() || !type.isDynamicDim(0) || type.getNumDynamicDims() != 1)
    return emitOpError() << "expects the first dimension alone to be dynamic, "
                            "got "
                         << type;
  return success();
}

LogicalResult RowRangeOp::verify() {
  auto in = cast<MemRefType>(getInput().getType());
  auto out = cast<MemRefType>(getResult().getType());
  int64_t begin = getBegin();
  SmallVector<int64_t> inStrides, outStrides;
  int64_t inOffset, outOffset;
  // C1
  if (in.getRank() != 3 || out.getRank() != 3 ||
      failed(in.getStridesAndOffset(inStrides, inOffset)) ||
      failed(out.getStridesAndOffset(outStrides, outOffset)) ||
      inStrides != outStrides || in.getDimSize(2) != out.getDimSize(2) ||
      begin < 0 || begin > in.getDimSize(1) - out.getDimSize(1))
    return emitOpError() << "expects a range of rows with the strides and "
                            "columns of "
                         << in << ", got " << out << " from row " << begin;
  return success();
}

LogicalResult StepOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto callee = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(
      *this, getCalleeAttr());
  // C1
  if (!callee)
    return emitOpError() << "expects a function named '" << getCallee() << "'";
  return success();
}
