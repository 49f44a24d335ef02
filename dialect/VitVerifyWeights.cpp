//===- VitVerifyWeights.cpp - Constraints of the weight ops ---------------===//
//
// One check per labelled constraint of VitWeightOps.td, in its order.
//
//===----------------------------------------------------------------------===//

#include "dialect/Shapes.h"
#include "dialect/VitOps.h"

#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

/// True if two shapes have the same rank, which holds `axis`, and agree in
/// every other axis.
bool agreeBut(ArrayRef<int64_t> a, ArrayRef<int64_t> b, int64_t axis) {
  if (a.size() != b.size() || axis < 0 ||
      axis >= static_cast<int64_t>(a.size()))
    return false;
  for (int64_t i = 0, e = a.size(); i < e; ++i)
    if (i != axis && a[i] != b[i])
      return false;
  return true;
}

} // namespace

LogicalResult vitc::vit::verifyWeightOperands(Operation *op) {
  for (Value operand : op->getOperands())
    if (!isWeight(operand))
      return op->emitOpError()
             << "expects operands that weight ops compute, got a value of "
             << operand.getType() << " that "
             << (operand.getDefiningOp() ? "another op computes"
                                         : "is an argument");
  return success();
}

LogicalResult WeightConstantOp::verify() {
  // C1
  if (getValues().empty() ||
      !llvm::all_of(getValues(), [](double v) { return std::isfinite(v); }))
    return emitOpError() << "expects one or more finite values";
  int64_t each = getEach();
  if (each <= 0)
    return emitOpError() << "expects each to be positive, got " << each;
  return success();
}

LogicalResult WeightConcatOp::verify() {
  ArrayRef<int64_t> out = shapeOf(getResult());
  int64_t axis = getAxis(), length = 0;
  // C1
  if (getInputs().empty())
    return emitOpError() << "expects at least one input";
  for (Value input : getInputs()) {
    if (!agreeBut(shapeOf(input), out, axis))
      return emitOpError()
             << "expects inputs that differ from the result along "
                "axis "
             << axis << " only, got " << input.getType() << " and "
             << getResult().getType();
    length += shapeOf(input)[axis];
  }
  // C2
  if (length != out[axis])
    return emitOpError() << "expects a length of " << length << " along axis "
                         << axis << ", got " << out[axis];
  return success();
}

LogicalResult WeightSliceOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), out = shapeOf(getResult());
  int64_t axis = getAxis(), begin = getBegin();
  // C1
  if (!agreeBut(in, out, axis))
    return emitOpError() << "expects input and result to differ along axis "
                         << axis << " only, got " << getInput().getType()
                         << " and " << getResult().getType();
  // C2
  if (begin < 0 || begin > in[axis] - out[axis])
    return emitOpError() << "expects " << out[axis] << " entries from " << begin
                         << " to lie inside " << in[axis];
  return success();
}

LogicalResult WeightTransposeOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), out = shapeOf(getResult());
  ArrayRef<int64_t> permutation = getPermutation();
  // C1
  SmallVector<int64_t> sorted(permutation);
  llvm::sort(sorted);
  if (sorted != llvm::to_vector(llvm::seq<int64_t>(0, in.size())))
    return emitOpError() << "expects a permutation of " << in.size()
                         << " axes, got [" << permutation << "]";
  // C2
  bool fits = out.size() == in.size();
  for (size_t i = 0; fits && i < in.size(); ++i)
    fits = out[i] == in[permutation[i]];
  if (!fits)
    return emitOpError() << "expects the permuted shape as the result, got "
                         << getInput().getType() << " to "
                         << getResult().getType();
  return success();
}

LogicalResult WeightReshapeOp::verify() {
  // C1
  if (getInput().getType().getNumElements() != getType().getNumElements())
    return emitOpError() << "expects as many elements as the input has, got "
                         << getInput().getType() << " and " << getType();
  return success();
}

LogicalResult WeightRepeatOp::verify() {
  int64_t axis = getAxis();
  // C1
  if (!agreeBut(shapeOf(getInput()), shapeOf(getResult()), axis) ||
      shapeOf(getInput())[axis] != 1)
    return emitOpError() << "expects an input of length 1 along axis " << axis
                         << " and like the result elsewhere, got "
                         << getInput().getType() << " and "
                         << getResult().getType();
  return success();
}

LogicalResult WeightScaleOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), factors = shapeOf(getFactors());
  int64_t axis = getAxis();
  // C1
  if (axis < 0 || axis >= static_cast<int64_t>(in.size()) ||
      factors != in.slice(axis, 1))
    return emitOpError() << "expects one factor for every entry along axis "
                         << axis << " of " << getInput().getType() << ", got "
                         << getFactors().getType();
  return success();
}

LogicalResult WeightMatvecOp::verify() {
  ArrayRef<int64_t> m = shapeOf(getMatrix()), v = shapeOf(getVector());
  // C1
  if (m.size() != 2 || v != m.drop_front() ||
      shapeOf(getResult()) != m.drop_back())
    return emitOpError() << "expects [out, in] times [in] to [out], got "
                         << getMatrix().getType() << ", "
                         << getVector().getType() << " and "
                         << getResult().getType();
  return success();
}

LogicalResult WeightResampleOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), out = shapeOf(getResult());
  // C1
  if (in.size() != 3 || out.size() != 3 || in[2] != out[2])
    return emitOpError() << "expects [rows, cols, channels] with the same "
                            "channels, got "
                         << getInput().getType() << " and "
                         << getResult().getType();
  // C2
  double offset = getOffset().convertToDouble();
  if (!std::isfinite(offset) || offset <= -1)
    return emitOpError() << "expects offset to be finite and greater than -1, "
                            "got "
                         << offset;
  return success();
}

LogicalResult WeightResampleKernelOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), out = shapeOf(getResult());
  // C1
  if (in.size() != 4 || out.size() != 4 ||
      in.take_front(2) != out.take_front(2))
    return emitOpError() << "expects [out, in, height, width] with the same "
                            "outputs and inputs, got "
                         << getInput().getType() << " and "
                         << getResult().getType();
  // C2
  for (int64_t side : {in[2], in[3], out[2], out[3]})
    if (side > kMaxWindow)
      return emitOpError() << "expects sides of at most " << kMaxWindow
                           << ", got " << side;
  return success();
}

LogicalResult WeightSincosOp::verify() {
  ArrayRef<int64_t> out = shapeOf(getResult()), grid = getGrid();
  int64_t prefix = getPrefix();
  // C1
  auto fits = [](int64_t least, int64_t value) {
    return value >= least && value <= kMaxGridSide;
  };
  if (grid.size() != 2 || !fits(1, grid[0]) || !fits(1, grid[1]) ||
      !fits(0, prefix))
    return emitOpError() << "expects a grid of two entries from 1 to "
                         << kMaxGridSide << " and a prefix from 0 to "
                         << kMaxGridSide << ", got [" << grid << "] and "
                         << prefix;
  // C2
  if (out.size() != 2 || out[0] != prefix + grid[0] * grid[1] || out[1] % 4)
    return emitOpError() << "expects " << prefix + grid[0] * grid[1]
                         << " rows of a multiple of 4 channels, got "
                         << getResult().getType();
  return success();
}
