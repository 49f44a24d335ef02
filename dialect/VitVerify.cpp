//===- VitVerify.cpp - Constraints of the layer ops -----------------------===//
//
// One check per labelled constraint of VitOps.td, in its order.
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

bool isPositiveFinite(double value) {
  return std::isfinite(value) && value > 0;
}

/// Heads and scale mean the same in both attention ops.
LogicalResult verifyHeads(Operation *op, int64_t heads, double scale,
                          ArrayRef<int64_t> widths) {
  // C2
  for (int64_t width : widths)
    if (heads <= 0 || width % heads)
      return op->emitOpError() << "expects heads to be positive and to divide "
                               << width << " channels, got " << heads;
  // C3
  if (!std::isfinite(scale) || scale == 0)
    return op->emitOpError()
           << "expects scale to be finite and not zero, got " << scale;
  return success();
}

} // namespace

LogicalResult NormalizeOp::verify() {
  auto in = getInput().getType(), out = getResult().getType();
  // C1
  if (in.getRank() != 3 || !in.getElementType().isInteger(8) ||
      out.getShape() != ArrayRef<int64_t>{in.getDimSize(2), in.getDimSize(0),
                                          in.getDimSize(1)})
    return emitOpError() << "expects i8 [height, width, channels] to f32 "
                            "[channels, height, width], got "
                         << in << " to " << out;
  // C2
  auto channels = static_cast<size_t>(in.getDimSize(2));
  if (getMean().size() != channels || getStd().size() != channels)
    return emitOpError() << "expects mean and std of " << channels
                         << " channels, got " << getMean().size() << " and "
                         << getStd().size();
  for (auto [mean, std] : llvm::zip(getMean(), getStd()))
    if (!std::isfinite(mean) || !isPositiveFinite(std))
      return emitOpError() << "expects finite means and positive finite "
                              "deviations, got "
                           << mean << " and " << std;
  return success();
}

LogicalResult UnfoldOp::verify() {
  auto in = getInput().getType();
  // C1
  if (in.getRank() != 3)
    return emitOpError() << "expects an image of rank 3, got " << in;
  // C2
  for (ArrayRef<int64_t> pair : {getKernel(), getStride(), getPadding()})
    if (pair.size() != 2)
      return emitOpError() << "expects kernel, stride and padding of two "
                              "entries, got "
                           << pair.size();
  for (int axis = 0; axis < 2; ++axis)
    if (getKernel()[axis] <= 0 || getKernel()[axis] > kMaxWindow ||
        getStride()[axis] <= 0 || getStride()[axis] > kMaxWindow ||
        getPadding()[axis] < 0 || getPadding()[axis] >= getKernel()[axis])
      return emitOpError() << "expects a kernel and a stride from 1 to "
                           << kMaxWindow
                           << " and a padding from 0 to kernel - 1, got "
                           << getKernel()[axis] << ", " << getStride()[axis]
                           << " and " << getPadding()[axis];
  auto [height, width] = getImageSize();
  int64_t size[2] = {height, width};
  int64_t windows = 1, tiles = 1;
  for (int axis = 0; axis < 2; ++axis) {
    if (std::optional<ArrayRef<int64_t>> tile = getTile()) {
      // C3
      if (tile->size() != 2 || (*tile)[axis] <= 0 ||
          size[axis] % (*tile)[axis] || (*tile)[axis] % getStride()[axis])
        return emitOpError()
               << "expects a tile of two entries that divide the image's "
               << height << " x " << width
               << " pixels and are multiples of the stride, got [" << *tile
               << "]";
      tiles *= size[axis] / (*tile)[axis];
      windows *= (*tile)[axis] / getStride()[axis];
    } else {
      int64_t span = size[axis] + 2 * getPadding()[axis] - getKernel()[axis];
      windows *= span < 0 ? 0 : span / getStride()[axis] + 1;
    }
  }
  // C4
  int64_t columns = getChannels() * getKernel()[0] * getKernel()[1];
  SmallVector<int64_t> expected{windows, columns};
  if (getTile())
    expected.insert(expected.begin(), tiles);
  if (getResult().getType().getShape() != ArrayRef<int64_t>(expected))
    return emitOpError() << "expects a result of shape [" << expected
                         << "], got " << getResult().getType();
  // C5
  if (!getPadValues().empty() &&
      static_cast<int64_t>(getPadValues().size()) != getChannels())
    return emitOpError() << "expects no pad values or one for each of "
                         << getChannels() << " channels, got "
                         << getPadValues().size();
  if (!llvm::all_of(getPadValues(), [](double v) { return std::isfinite(v); }))
    return emitOpError() << "expects finite pad values";
  return success();
}

LogicalResult LinearOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), weight = shapeOf(getWeight());
  ArrayRef<int64_t> out = shapeOf(getResult());
  // C1
  if (weight.size() != 2 || weight[1] != in.back())
    return emitOpError() << "expects a weight [out, " << in.back()
                         << "] for the input's last dimension, got "
                         << getWeight().getType();
  // C2
  if (out.size() != in.size() || out.drop_back() != in.drop_back() ||
      out.back() != weight[0])
    return emitOpError() << "expects the input's shape with " << weight[0]
                         << " channels as the result, got "
                         << getResult().getType();
  // C3
  if (getBias() && shapeOf(getBias()) != weight.take_front(1))
    return emitOpError() << "expects a bias of shape [" << weight[0]
                         << "], got " << getBias().getType();
  // C4
  if (getResidual() && !isTrailing(shapeOf(getResidual()), out))
    return emitOpError() << "expects a residual of the result's shape or a "
                            "trailing part of it, got "
                         << getResidual().getType();
  return success();
}

LogicalResult LayerNormOp::verify() {
  // C1
  int64_t width = shapeOf(getInput()).back();
  auto groups = static_cast<int64_t>(getGroups());
  if (groups <= 0 || width % groups)
    return emitOpError() << "expects a number of groups that divides " << width
                         << " channels, got " << groups;
  // C2
  int64_t length = getGroupSize();
  if (!getScale() != !getShift())
    return emitOpError() << "expects scale and shift together or neither";
  if (getScale() && (shapeOf(getScale()) != ArrayRef(length) ||
                     shapeOf(getShift()) != ArrayRef(length)))
    return emitOpError() << "expects scale and shift of shape [" << length
                         << "] to match "
                         << (groups == 1 ? "the last input dimension"
                                         : "a group")
                         << ", got " << getScale().getType() << " and "
                         << getShift().getType();
  // C3
  double eps = getEps().convertToDouble();
  if (!isPositiveFinite(eps))
    return emitOpError() << "expects eps to be positive and finite, got "
                         << eps;
  return success();
}

LogicalResult AttentionOp::verify() {
  ArrayRef<int64_t> q = shapeOf(getQuery()), k = shapeOf(getKey());
  ArrayRef<int64_t> v = shapeOf(getValue()), out = shapeOf(getResult());
  // C1
  if (q.size() < 2 || k.size() != q.size() || v.size() != q.size() ||
      q.drop_back(2) != k.drop_back(2) || k.drop_back() != v.drop_back() ||
      q.back() != k.back())
    return emitOpError() << "expects queries and keys of the same channels and "
                            "keys and values of the same tokens, got "
                         << getQuery().getType() << ", " << getKey().getType()
                         << " and " << getValue().getType();
  if (failed(verifyHeads(*this, getHeads(), getScale().convertToDouble(),
                         {q.back(), v.back()})))
    return failure();
  // C4
  if (out.size() != q.size() || out.drop_back() != q.drop_back() ||
      out.back() != v.back())
    return emitOpError() << "expects the queries' tokens with " << v.back()
                         << " channels as the result, got "
                         << getResult().getType();
  return success();
}

LogicalResult AttentionMapOp::verify() {
  ArrayRef<int64_t> q = shapeOf(getQuery()), k = shapeOf(getKey());
  // C1
  if (q.size() < 2 || k.size() != q.size() ||
      q.drop_back(2) != k.drop_back(2) || q.back() != k.back())
    return emitOpError()
           << "expects queries and keys of the same channels, got "
           << getQuery().getType() << " and " << getKey().getType();
  if (failed(verifyHeads(*this, getHeads(), getScale().convertToDouble(),
                         {q.back()})))
    return failure();
  // C4
  SmallVector<int64_t> expected(q.drop_back(2));
  expected.append(
      {static_cast<int64_t>(getHeads()), q[q.size() - 2], k[k.size() - 2]});
  if (shapeOf(getResult()) != ArrayRef<int64_t>(expected))
    return emitOpError() << "expects a result of shape [" << expected
                         << "], got " << getResult().getType();
  return success();
}

LogicalResult AddOp::verify() {
  ArrayRef<int64_t> lhs = shapeOf(getLhs()), rhs = shapeOf(getRhs());
  if (!getRow()) {
    // C1
    if (!isTrailing(rhs, lhs))
      return emitOpError() << "expects a right side of the left one's shape or "
                              "a trailing part of it, got "
                           << getLhs().getType() << " and "
                           << getRhs().getType();
    return success();
  }
  // C2
  int64_t row = *getRow();
  if (lhs.size() != 2 || rhs.size() != 2 || lhs[1] != rhs[1] || row < 0 ||
      row > lhs[0] - rhs[0])
    return emitOpError() << "expects the rows of the right side to fit at row "
                         << row << " of the left one, got "
                         << getLhs().getType() << " and " << getRhs().getType();
  return success();
}

LogicalResult MulOp::verify() {
  // C1
  if (!isTrailing(shapeOf(getRhs()), shapeOf(getLhs())))
    return emitOpError() << "expects a right side of the left one's shape or a "
                            "trailing part of it, got "
                         << getLhs().getType() << " and " << getRhs().getType();
  return success();
}

LogicalResult PoolOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), out = shapeOf(getResult());
  // C1
  if (in.size() != 2 || out.size() != 2 || out[0] != 1 || out[1] != in[1])
    return emitOpError() << "expects [tokens, channels] to [1, channels], got "
                         << getInput().getType() << " to "
                         << getResult().getType();
  return success();
}

LogicalResult ConcatRowsOp::verify() {
  ArrayRef<int64_t> out = shapeOf(getResult());
  int64_t rows = 0;
  // C1
  if (getInputs().empty())
    return emitOpError() << "expects at least one input";
  for (Value input : getInputs()) {
    ArrayRef<int64_t> in = shapeOf(input);
    if (in.size() != 2 || out.size() != 2 || in[1] != out[1])
      return emitOpError() << "expects inputs of rank 2 and the channels of "
                           << getResult().getType() << ", got "
                           << input.getType();
    rows += in[0];
  }
  // C2
  if (rows != out[0])
    return emitOpError() << "expects a result of " << rows << " rows, got "
                         << out[0];
  return success();
}

LogicalResult ConcatColumnsOp::verify() {
  ArrayRef<int64_t> out = shapeOf(getResult());
  int64_t columns = 0;
  // C1
  if (getInputs().empty())
    return emitOpError() << "expects at least one input";
  for (Value input : getInputs()) {
    ArrayRef<int64_t> in = shapeOf(input);
    if (in.size() != out.size() || in.drop_back() != out.drop_back())
      return emitOpError() << "expects inputs that differ from "
                           << getResult().getType()
                           << " in the last dimension at most, got "
                           << input.getType();
    columns += in.back();
  }
  // C2
  if (columns != out.back())
    return emitOpError() << "expects a result of " << columns
                         << " channels, got " << out.back();
  return success();
}

LogicalResult SliceRowsOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), out = shapeOf(getResult());
  // C1
  if (in.size() != 2 || out.size() != 2 || in[1] != out[1])
    return emitOpError() << "expects input and result of rank 2 and the same "
                            "channels, got "
                         << getInput().getType() << " and "
                         << getResult().getType();
  // C2
  int64_t begin = getBegin();
  if (begin < 0 || begin > in[0] - out[0])
    return emitOpError() << "expects " << out[0] << " rows from row " << begin
                         << " to lie inside " << in[0] << " rows";
  return success();
}

LogicalResult SliceColumnsOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), out = shapeOf(getResult());
  // C1
  if (in.size() != out.size() || in.drop_back() != out.drop_back())
    return emitOpError() << "expects input and result to differ in the last "
                            "dimension at most, got "
                         << getInput().getType() << " and "
                         << getResult().getType();
  // C2
  int64_t begin = getBegin();
  if (begin < 0 || begin > in.back() - out.back())
    return emitOpError() << "expects " << out.back()
                         << " channels from channel " << begin
                         << " to lie inside " << in.back() << " channels";
  return success();
}

LogicalResult TransposeOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), out = shapeOf(getResult());
  // C1
  if (in.size() != 2 || out.size() != 2 || in[0] != out[1] || in[1] != out[0])
    return emitOpError() << "expects [rows, columns] to [columns, rows], got "
                         << getInput().getType() << " to " << getType();
  return success();
}

LogicalResult ReshapeOp::verify() {
  // C1
  if (getInput().getType().getNumElements() != getType().getNumElements())
    return emitOpError() << "expects as many elements as the input has, got "
                         << getInput().getType() << " and " << getType();
  return success();
}
