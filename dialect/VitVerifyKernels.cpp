//===- VitVerifyKernels.cpp - Constraints of the kernel ops ---------------===//
//
// One check per labelled constraint of VitKernelOps.td, in its order.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitOps.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace vitc::vit;

namespace {

LogicalResult verifyOffset(Operation *op, std::optional<uint64_t> offset) {
  int64_t bytes = offset.value_or(0);
  if (bytes < 0)
    return op->emitOpError()
           << "expects an offset of at least 0 bytes, got " << bytes;
  return success();
}

bool isIndexLike(Type type) { return type.isIndex() || type.isInteger(64); }

} // namespace

LogicalResult KernelOp::verify() {
  // C1
  if (getOuts().empty() == getOutputs().empty())
    return emitOpError() << "expects either results or outputs, got "
                         << getOuts().size() << " and " << getOutputs().size();
  if (!getOutputs().empty())
    for (Type type : getInputs().getTypes())
      if (!isa<MemRefType>(type))
        return emitOpError()
               << "expects buffers as inputs beside outputs, got " << type;
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
  auto type = cast<MemRefType>(getResult().getType());
  ArrayRef<int64_t> in = getWeight().getType().getShape();
  ArrayRef<int64_t> out = type.getShape();
  // C1
  if (in.size() == 2 && out.size() == 3) {
    if (out[2] <= 0 || out[0] != (in[0] - 1) / out[2] + 1 || out[1] != in[1])
      return emitOpError() << "expects panels [ceil(N / P), K, P] of "
                           << getWeight().getType() << ", got " << type;
  } else {
    bool holds = in.size() == out.size();
    for (size_t i = 0; holds && i < in.size(); ++i)
      holds = out[i] >= in[i];
    if (!holds)
      return emitOpError() << "expects room for " << getWeight().getType()
                           << ", got " << type;
  }
  // C2
  if (!type.getElementType().isF32() || !type.getLayout().isIdentity())
    return emitOpError() << "expects f32 without gaps as the result, got "
                         << type;
  if (failed(verifyOffset(*this, getOffset())))
    return failure();
  // C3
  return verifyWeightOperands(*this);
}

LogicalResult BufferOp::verify() {
  auto type = cast<MemRefType>(getResult().getType());
  // C1
  if (!type.getRank() || !type.isDynamicDim(0) || type.getNumDynamicDims() != 1)
    return emitOpError() << "expects the first dimension alone to be dynamic, "
                            "got "
                         << type;
  // C2
  return verifyOffset(*this, getOffset());
}

LogicalResult RowRangeOp::verify() {
  auto in = cast<MemRefType>(getInput().getType());
  auto out = cast<MemRefType>(getResult().getType());
  SmallVector<int64_t> inStrides, outStrides;
  int64_t inOffset, outOffset;
  // C1
  if (in.getRank() != 3 || out.getRank() != 3 ||
      in.getElementType() != out.getElementType() || in.isDynamicDim(1) ||
      out.isDynamicDim(1) || in.isDynamicDim(2) ||
      in.getDimSize(0) != out.getDimSize(0) ||
      in.getDimSize(2) != out.getDimSize(2) ||
      failed(in.getStridesAndOffset(inStrides, inOffset)) ||
      failed(out.getStridesAndOffset(outStrides, outOffset)) ||
      inStrides != outStrides || inOffset != outOffset)
    return emitOpError() << "expects a result that differs from the input in "
                            "its static rows only, got "
                         << in << " and " << out;
  // C2
  int64_t begin = getBegin();
  if (begin < 0 || begin > in.getDimSize(1) - out.getDimSize(1))
    return emitOpError() << "expects " << out.getDimSize(1) << " rows from row "
                         << begin << " to lie inside " << in.getDimSize(1)
                         << " rows";
  return success();
}

LogicalResult StepOp::verify() {
  // C2
  int64_t rows = getRows(), grain = getGrain(), columns = getColumns();
  int64_t macs = getMacs();
  if (rows <= 0 || grain <= 0 || columns <= 0 || macs < 0)
    return emitOpError() << "expects positive rows, grain and columns and macs "
                            "of at least 0, got "
                         << rows << ", " << grain << ", " << columns << " and "
                         << macs;
  return success();
}

LogicalResult StepOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto callee = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(
      *this, getCalleeAttr());
  // C1
  if (!callee)
    return emitOpError() << "expects a function named '" << getCallee() << "'";
  ArrayRef<Type> types = callee.getArgumentTypes();
  size_t buffers = getBuffers().size();
  bool fits = types.size() == 5 ||
              (types.size() == buffers + 5 && isa<MemRefType>(types[buffers]));
  if (!fits || !llvm::all_of(types.take_back(4), isIndexLike))
    return (emitOpError() << "expects a function of " << buffers
                          << " buffers and a scratch, or of one table of them, "
                             "and four indices")
               .attachNote(callee->getLoc())
           << "'" << getCallee() << "' takes (" << types << ")";
  return success();
}

LogicalResult OperandOp::verify() {
  // C1
  int64_t index = getIndex();
  if (index < 0)
    return emitOpError() << "expects an index of at least 0, got " << index;
  return success();
}
