//===- ElaborateWeights.cpp - One function for every weight op ------------===//

#include "dialect/VitOps.h"
#include "models/Elaborator.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace vitc;
using mlir::Value;

Value Elaborator::weight(const NodeContext &node, StringRef field,
                         StringRef otherwise, ArrayRef<int64_t> shape) {
  const FieldSpec *spec = node.op.find(field);
  if (!spec || spec->expression)
    return tensor(node, otherwise, shape);
  Value value = subexpression(node, field, shape.vec());
  if (!value || shapeOf(value) == shape)
    return value;
  error(node, field,
        "expected a weight of shape " + formatShape(shape) + ", found " +
            formatShape(shapeOf(value)));
  return nullptr;
}

Value Elaborator::subexpression(const NodeContext &node, StringRef field,
                                const Expected &expected) {
  const FieldSpec *spec = node.op.find(field);
  if (!spec || spec->operands.empty() || !spec->operands[0].weight)
    return nullptr;
  return expression(
      {node.frame, *spec->operands[0].weight, node.name, node.location},
      expected);
}

Value Elaborator::expression(const NodeContext &node,
                             const Expected &expected) {
  if (!document.spend(4))
    return nullptr;
  switch (node.op.info->kind) {
  case OpKind::Tensor:
    return tensorOf(node, expected);
  case OpKind::WeightAdd:
    return weightAdd(node, expected);
  case OpKind::WeightConcat:
    return weightConcat(node);
  case OpKind::WeightConstant:
    return weightConstant(node, expected);
  case OpKind::WeightMatvec:
    return weightMatvec(node);
  case OpKind::WeightRepeat:
    return weightRepeat(node, expected);
  case OpKind::WeightResample:
    return weightResample(node);
  case OpKind::WeightResampleKernel:
    return weightResampleKernel(node);
  case OpKind::WeightReshape:
    return weightReshape(node, expected);
  case OpKind::WeightScale:
    return weightScale(node, expected);
  case OpKind::WeightSincos:
    return weightSincos(node);
  case OpKind::WeightSlice:
    return weightSlice(node);
  case OpKind::WeightTranspose:
    return weightTranspose(node, expected);
  default:
    return nullptr;
  }
}

std::optional<int64_t> Elaborator::axis(const NodeContext &node, Value input) {
  std::optional<int64_t> axis = integer(node, "axis");
  if (!axis || !input)
    return std::nullopt;
  int64_t rank = shapeOf(input).size();
  if (*axis >= 0 && *axis < rank)
    return axis;
  error(node, "axis",
        "expected an axis from 0 to " + Twine(rank - 1) + ", found " +
            Twine(*axis));
  return std::nullopt;
}

Value Elaborator::weightAdd(const NodeContext &node, const Expected &expected) {
  Value x = subexpression(node, "input", expected);
  Value y =
      subexpression(node, "other", x ? Expected(shapeOf(x).vec()) : expected);
  if (!x || !y)
    return nullptr;
  if (shapeOf(x) != shapeOf(y)) {
    error(node, "other",
          "expected the shape of the input, " + formatShape(shapeOf(x)) +
              ", found " + formatShape(shapeOf(y)));
    return nullptr;
  }
  return vit::WeightAddOp::create(builder, node.location, x.getType(), x, y);
}

Value Elaborator::weightConcat(const NodeContext &node) {
  SmallVector<Value> inputs;
  bool complete = true;
  const FieldSpec *field = node.op.find("inputs");
  if (!field)
    return nullptr;
  for (const OperandSpec &item : field->operands) {
    Value x = expression({node.frame, *item.weight, node.name, node.location},
                         std::nullopt);
    complete &= static_cast<bool>(x);
    inputs.push_back(x);
  }
  if (!complete || inputs.empty())
    return nullptr;
  std::optional<int64_t> along = axis(node, inputs[0]);
  if (!along)
    return nullptr;
  SmallVector<int64_t> shape(shapeOf(inputs[0]));
  shape[*along] = 0;
  for (auto [index, x] : llvm::enumerate(inputs)) {
    SmallVector<int64_t> other(shapeOf(x));
    bool fits = other.size() == shape.size();
    for (size_t i = 0; fits && i < shape.size(); ++i)
      fits = static_cast<int64_t>(i) == *along || other[i] == shape[i];
    if (!fits) {
      field->operands[index].json->error(
          errors, "expected the shape of the first input, " +
                      formatShape(shapeOf(inputs[0])) + ", but along axis " +
                      Twine(*along) + ", found " + formatShape(other));
      return nullptr;
    }
    shape[*along] += other[*along];
  }
  auto resultType = type(node, shape);
  if (!resultType)
    return nullptr;
  return vit::WeightConcatOp::create(builder, node.location, *resultType,
                                     inputs, builder.getI64IntegerAttr(*along));
}

Elaborator::Expected Elaborator::shapeOr(const NodeContext &node,
                                         const Expected &expected) {
  if (node.op.find("shape"))
    return integers(node, "shape");
  if (!expected)
    node.op.json->error(errors, "expected the key 'shape': it does not follow "
                                "from the context");
  return expected;
}

Value Elaborator::weightConstant(const NodeContext &node,
                                 const Expected &expected) {
  std::optional<std::vector<double>> values = reals(node, "values");
  std::optional<int64_t> each = integer(node, "each", 1);
  Expected shape = shapeOr(node, expected);
  if (!values || !each)
    return nullptr;
  if (*each <= 0) {
    error(node, "each", "expected a positive number, found " + Twine(*each));
    return nullptr;
  }
  if (!shape)
    return nullptr;
  auto resultType = type(node, *shape);
  if (!resultType)
    return nullptr;
  return vit::WeightConstantOp::create(builder, node.location, *resultType,
                                       builder.getDenseF64ArrayAttr(*values),
                                       builder.getI64IntegerAttr(*each));
}

Value Elaborator::weightMatvec(const NodeContext &node) {
  Value matrix = subexpression(node, "matrix", std::nullopt);
  Expected length;
  if (matrix && shapeOf(matrix).size() == 2)
    length = {shapeOf(matrix)[1]};
  Value vector = subexpression(node, "vector", length);
  if (!matrix || !vector)
    return nullptr;
  if (shapeOf(matrix).size() != 2 ||
      shapeOf(vector) != shapeOf(matrix).drop_front()) {
    error(node, "vector",
          "expected [in] for a matrix [out, in], found " +
              formatShape(shapeOf(vector)) + " for " +
              formatShape(shapeOf(matrix)));
    return nullptr;
  }
  auto resultType = type(node, shapeOf(matrix)[0]);
  return vit::WeightMatvecOp::create(builder, node.location, *resultType,
                                     matrix, vector);
}

Value Elaborator::weightRepeat(const NodeContext &node,
                               const Expected &expected) {
  std::optional<int64_t> times = integer(node, "times");
  std::optional<int64_t> along = integer(node, "axis");
  Expected inner = expected;
  if (inner && along && *along >= 0 &&
      *along < static_cast<int64_t>(inner->size()))
    (*inner)[*along] = 1;
  Value x = subexpression(node, "input", inner);
  along = axis(node, x);
  if (!x || !times || !along)
    return nullptr;
  SmallVector<int64_t> shape(shapeOf(x));
  if (shape[*along] != 1) {
    error(node, "input",
          "expected a length of 1 along axis " + Twine(*along) + ", found " +
              formatShape(shape));
    return nullptr;
  }
  shape[*along] = *times;
  auto resultType = type(node, shape);
  if (!resultType)
    return nullptr;
  return vit::WeightRepeatOp::create(builder, node.location, *resultType, x,
                                     builder.getI64IntegerAttr(*along));
}

Value Elaborator::weightResample(const NodeContext &node) {
  Value x = subexpression(node, "input", std::nullopt);
  auto grid = size(node, "size");
  std::optional<std::string> filter = choice(node, "filter");
  std::optional<double> offset = real(node, "offset", 0);
  if (!x || !grid || !filter || !offset)
    return nullptr;
  if (shapeOf(x).size() != 3) {
    error(node, "input",
          "expected [rows, columns, channels], found " +
              formatShape(shapeOf(x)));
    return nullptr;
  }
  if (*offset <= -1) {
    error(node, "offset",
          "expected a number greater than -1, found " +
              Datum::ofReal(*offset).print());
    return nullptr;
  }
  auto resultType = type(node, {(*grid)[0], (*grid)[1], shapeOf(x)[2]});
  if (!resultType)
    return nullptr;
  if (*resultType == x.getType() && *offset == 0)
    return x; // every filter passes the samples of its own grid through
  return vit::WeightResampleOp::create(
      builder, node.location, *resultType, x,
      vit::FilterAttr::get(builder.getContext(),
                           *vit::symbolizeFilter(*filter)),
      builder.getF64FloatAttr(*offset));
}

Value Elaborator::weightResampleKernel(const NodeContext &node) {
  Value x = subexpression(node, "input", std::nullopt);
  auto patch = size(node, "size");
  std::optional<std::string> filter = choice(node, "filter");
  if (!x || !patch || !filter)
    return nullptr;
  ArrayRef<int64_t> in = shapeOf(x);
  if (in.size() != 4) {
    error(node, "input",
          "expected [out, in, height, width], found " + formatShape(in));
    return nullptr;
  }
  auto isTooLarge = [](int64_t side) { return side > vit::kMaxWindow; };
  bool isInput = any_of(in.take_back(2), isTooLarge);
  if (isInput || any_of(*patch, isTooLarge)) {
    error(node, isInput ? "input" : "size",
          "expected sides of at most " + Twine(vit::kMaxWindow) + ", found " +
              formatShape(isInput ? in.take_back(2) : ArrayRef(*patch)));
    return nullptr;
  }
  auto resultType = type(node, {in[0], in[1], (*patch)[0], (*patch)[1]});
  if (!resultType)
    return nullptr;
  if (*resultType == x.getType())
    return x;
  return vit::WeightResampleKernelOp::create(
      builder, node.location, *resultType, x,
      vit::FilterAttr::get(builder.getContext(),
                           *vit::symbolizeFilter(*filter)));
}

Value Elaborator::weightReshape(const NodeContext &node,
                                const Expected &expected) {
  Value x = subexpression(node, "input", std::nullopt);
  Expected shape = shapeOr(node, expected);
  if (!x || !shape)
    return nullptr;
  auto resultType = type(node, *shape);
  if (!resultType)
    return nullptr;
  auto from = cast<mlir::RankedTensorType>(x.getType());
  if (from.getNumElements() != resultType->getNumElements()) {
    error(node, node.op.find("shape") ? "shape" : "input",
          "expected as many elements as " + formatShape(from.getShape()) +
              " has, found " + formatShape(*shape));
    return nullptr;
  }
  // One reshape does what several in a row do.
  if (auto inner = x.getDefiningOp<vit::WeightReshapeOp>())
    x = inner.getInput();
  if (*resultType == x.getType())
    return x;
  return vit::WeightReshapeOp::create(builder, node.location, *resultType, x);
}

Value Elaborator::weightScale(const NodeContext &node,
                              const Expected &expected) {
  Value x = subexpression(node, "input", expected);
  std::optional<int64_t> along = axis(node, x);
  if (!along)
    return nullptr;
  int64_t length = shapeOf(x)[*along];
  Value factors = subexpression(node, "factors", std::vector<int64_t>{length});
  if (!factors)
    return nullptr;
  if (shapeOf(factors) != ArrayRef(length)) {
    error(node, "factors",
          "expected [" + Twine(length) +
              "], a factor for every entry along axis " + Twine(*along) +
              ", found " + formatShape(shapeOf(factors)));
    return nullptr;
  }
  return vit::WeightScaleOp::create(builder, node.location, x.getType(), x,
                                    factors, builder.getI64IntegerAttr(*along));
}

Value Elaborator::weightSincos(const NodeContext &node) {
  auto grid = size(node, "grid");
  std::optional<int64_t> width = integer(node, "width");
  std::optional<int64_t> prefix = integer(node, "prefix", 0);
  if (!grid || !width || !prefix)
    return nullptr;
  for (int64_t side : *grid)
    if (side <= 0 || side > vit::kMaxGridSide) {
      error(node, "grid",
            "expected sides from 1 to " + Twine(vit::kMaxGridSide) +
                ", found " + Twine(side));
      return nullptr;
    }
  if (*width <= 0 || *width % 4) {
    error(node, "width",
          "expected a positive multiple of 4, found " + Twine(*width));
    return nullptr;
  }
  if (*prefix < 0 || *prefix > vit::kMaxGridSide) {
    error(node, "prefix",
          "expected 0 to " + Twine(vit::kMaxGridSide) + " rows, found " +
              Twine(*prefix));
    return nullptr;
  }
  auto resultType = type(node, {*prefix + (*grid)[0] * (*grid)[1], *width});
  if (!resultType)
    return nullptr;
  return vit::WeightSincosOp::create(builder, node.location, *resultType,
                                     builder.getDenseI64ArrayAttr(*grid),
                                     builder.getI64IntegerAttr(*prefix));
}

Value Elaborator::weightSlice(const NodeContext &node) {
  Value x = subexpression(node, "input", std::nullopt);
  std::optional<int64_t> along = axis(node, x);
  std::optional<int64_t> begin = integer(node, "begin");
  std::optional<int64_t> length = integer(node, "length");
  if (!along || !begin || !length)
    return nullptr;
  SmallVector<int64_t> shape(shapeOf(x));
  int64_t whole = shape[*along];
  if (*length <= 0 || *length > whole || *begin < 0 ||
      *begin > whole - *length) {
    error(node, "begin",
          "expected a range inside " + Twine(whole) + " entries, found " +
              Twine(*length) + " from " + Twine(*begin));
    return nullptr;
  }
  shape[*along] = *length;
  auto resultType = type(node, shape);
  return vit::WeightSliceOp::create(builder, node.location, *resultType, x,
                                    builder.getI64IntegerAttr(*along),
                                    builder.getI64IntegerAttr(*begin));
}

Value Elaborator::weightTranspose(const NodeContext &node,
                                  const Expected &expected) {
  std::optional<std::vector<int64_t>> permutation =
      integers(node, "permutation");
  if (!permutation)
    return nullptr;
  std::vector<int64_t> sorted = *permutation;
  llvm::sort(sorted);
  bool valid = !sorted.empty();
  for (size_t i = 0; i < sorted.size(); ++i)
    valid &= sorted[i] == static_cast<int64_t>(i);
  if (!valid) {
    error(node, "permutation",
          "expected each axis once, found " + formatShape(*permutation));
    return nullptr;
  }
  Expected inner;
  if (expected && expected->size() == sorted.size()) {
    inner = *expected;
    for (size_t i = 0; i < sorted.size(); ++i)
      (*inner)[(*permutation)[i]] = (*expected)[i];
  }
  Value x = subexpression(node, "input", inner);
  if (!x)
    return nullptr;
  if (shapeOf(x).size() != permutation->size()) {
    error(node, "permutation",
          "expected " + Twine(shapeOf(x).size()) + " axes, found " +
              Twine(permutation->size()));
    return nullptr;
  }
  SmallVector<int64_t> shape;
  for (int64_t from : *permutation)
    shape.push_back(shapeOf(x)[from]);
  auto resultType = type(node, shape);
  return vit::WeightTransposeOp::create(
      builder, node.location, *resultType, x,
      builder.getDenseI64ArrayAttr(*permutation));
}
