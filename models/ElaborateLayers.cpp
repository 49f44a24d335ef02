//===- ElaborateLayers.cpp - One function for every layer op --------------===//
//
// Each checks what the op's verifier would, so that what is wrong is said about
// the spec and at its place.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitOps.h"
#include "models/Elaborator.h"

#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace llvm;
using namespace vitc;
using mlir::Value;

namespace {

SmallVector<int64_t> withLast(ArrayRef<int64_t> shape, int64_t last) {
  SmallVector<int64_t> result(shape.drop_back());
  result.push_back(last);
  return result;
}

} // namespace

Value Elaborator::layer(const NodeContext &node) {
  switch (node.op.info->kind) {
  case OpKind::Activation:
    return activation(node);
  case OpKind::Add:
    return add(node);
  case OpKind::Attention:
    return attention(node, /*map=*/false);
  case OpKind::AttentionMap:
    return attention(node, /*map=*/true);
  case OpKind::ConcatColumns:
    return concat(node, /*columns=*/true);
  case OpKind::ConcatRows:
    return concat(node, /*columns=*/false);
  case OpKind::LayerNorm:
    return layerNorm(node);
  case OpKind::Linear:
    return linear(node);
  case OpKind::Mul:
    return mul(node);
  case OpKind::Pool:
    return pool(node);
  case OpKind::Reshape:
    return reshape(node);
  case OpKind::SliceColumns:
    return sliceColumns(node);
  case OpKind::SliceRows:
    return sliceRows(node);
  case OpKind::Softmax:
    return softmax(node);
  case OpKind::Transpose:
    return transpose(node);
  case OpKind::Unfold:
    return unfold(node);
  default:
    return nullptr;
  }
}

Value Elaborator::activation(const NodeContext &node) {
  Value x = input(node, "input");
  std::optional<std::string> kind = choice(node, "kind");
  if (!x || !kind)
    return nullptr;
  return vit::ActivationOp::create(builder, node.location, x.getType(),
                                   *vit::symbolizeActivation(*kind), x);
}

Value Elaborator::add(const NodeContext &node) {
  Value x = input(node, "input"), y = input(node, "other");
  bool hasRow = node.op.find("row");
  std::optional<int64_t> row = integer(node, "row", 0);
  if (!x || !y || !row)
    return nullptr;
  ArrayRef<int64_t> a = shapeOf(x), b = shapeOf(y);
  if (!hasRow && !isTrailing(b, a)) {
    error(node, "other",
          "expected the shape of the input, " + formatShape(a) +
              ", or a trailing part of it, found " + formatShape(b));
    return nullptr;
  }
  if (hasRow && (a.size() != 2 || b.size() != 2 || a[1] != b[1] || *row < 0 ||
                 *row > a[0] - b[0])) {
    error(node, "other",
          "expected rows that fit at row " + Twine(*row) + " of " +
              formatShape(a) + ", found " + formatShape(b));
    return nullptr;
  }
  return vit::AddOp::create(builder, node.location, x.getType(), x, y,
                            hasRow ? builder.getI64IntegerAttr(*row)
                                   : mlir::IntegerAttr());
}

Value Elaborator::attention(const NodeContext &node, bool map) {
  Value q = input(node, "query"), k = computed(node, "key");
  Value v = map ? k : computed(node, "value");
  std::optional<int64_t> heads = integer(node, "heads");
  if (!q || !k || !v || !heads)
    return nullptr;
  ArrayRef<int64_t> a = shapeOf(q), b = shapeOf(k), c = shapeOf(v);
  if (a.size() < 2) {
    error(node, "query",
          "expected a rank of at least 2, found " + formatShape(a));
    return nullptr;
  }
  if (b.size() != a.size() || a.drop_back(2) != b.drop_back(2) ||
      a.back() != b.back()) {
    error(node, "key",
          "expected the channels of the query, " + formatShape(a) + ", found " +
              formatShape(b));
    return nullptr;
  }
  if (b.drop_back() != c.drop_back()) {
    error(node, "value",
          "expected the tokens of the key, " + formatShape(b) + ", found " +
              formatShape(c));
    return nullptr;
  }
  if (*heads <= 0 || a.back() % *heads || c.back() % *heads) {
    error(node, "heads",
          "expected a number of heads that divides " + Twine(a.back()) +
              " channels" +
              (c.back() == a.back() ? std::string()
                                    : " and " + std::to_string(c.back())) +
              ", found " + Twine(*heads));
    return nullptr;
  }
  std::optional<double> scale =
      real(node, "scale", 1 / std::sqrt(double(a.back() / *heads)));
  if (!scale)
    return nullptr;
  if (*scale == 0) {
    error(node, "scale", "expected a number that is not zero, found 0");
    return nullptr;
  }
  auto scaleAttr = builder.getF64FloatAttr(*scale);
  auto headsAttr = builder.getI64IntegerAttr(*heads);
  if (!map) {
    auto result = type(node, withLast(a, c.back()));
    if (!result)
      return nullptr;
    return vit::AttentionOp::create(builder, node.location, *result, q, k, v,
                                    headsAttr, scaleAttr);
  }
  SmallVector<int64_t> shape(a.drop_back(2));
  shape.append({*heads, a[a.size() - 2], b[b.size() - 2]});
  auto result = type(node, shape);
  if (!result)
    return nullptr;
  return vit::AttentionMapOp::create(builder, node.location, *result, q, k,
                                     headsAttr, scaleAttr);
}

Value Elaborator::concat(const NodeContext &node, bool columns) {
  SmallVector<Value> inputs;
  int64_t length = 0;
  bool complete = true;
  const FieldSpec *field = node.op.find("inputs");
  if (!field)
    return nullptr;
  // Rows may be as many, or channels, as each input has.
  auto fits = [&](ArrayRef<int64_t> shape) {
    if (!columns && shape.size() != 2)
      return false;
    if (inputs.empty())
      return true;
    ArrayRef<int64_t> first = shapeOf(inputs[0]);
    return columns ? shape.drop_back() == first.drop_back()
                   : shape[1] == first[1];
  };
  auto expected = [&]() -> std::string {
    if (columns)
      return "the shape of the first input, " +
             formatShape(shapeOf(inputs[0])) + ", but for the channels";
    if (inputs.empty())
      return "[rows, channels]";
    return "[rows, " + std::to_string(shapeOf(inputs[0])[1]) +
           "] like the first input";
  };
  for (const OperandSpec &item : field->operands) {
    std::optional<bool> present = isPresent(item.when, node.frame.environment);
    if (present && !*present)
      continue;
    Value x = present
                  ? operand(item, node.frame, node.name, node.location).value
                  : nullptr;
    if (x && !fits(shapeOf(x))) {
      item.json->error(errors, "expected " + expected() + ", found " +
                                   formatShape(shapeOf(x)));
      x = nullptr;
    }
    complete &= static_cast<bool>(x);
    if (!x)
      continue;
    length += columns ? shapeOf(x).back() : shapeOf(x)[0];
    inputs.push_back(x);
  }
  if (!complete)
    return nullptr;
  if (inputs.empty()) {
    error(node, "inputs", "expected at least one input that is present");
    return nullptr;
  }
  if (inputs.size() == 1)
    return inputs[0];
  SmallVector<int64_t> shape(shapeOf(inputs[0]));
  (columns ? shape.back() : shape.front()) = length;
  auto result = type(node, shape);
  if (!result)
    return nullptr;
  if (columns)
    return vit::ConcatColumnsOp::create(builder, node.location, *result,
                                        inputs);
  return vit::ConcatRowsOp::create(builder, node.location, *result, inputs);
}

Value Elaborator::layerNorm(const NodeContext &node) {
  Value x = input(node, "input");
  std::optional<double> eps = real(node, "eps");
  std::optional<bool> affine = boolean(node, "affine", true);
  if (eps && *eps <= 0) {
    error(node, "eps",
          "expected a positive number, found " + Datum::ofReal(*eps).print());
    return nullptr;
  }
  std::optional<int64_t> groups = integer(node, "groups", 1);
  if (!x || !eps || !affine || !groups)
    return nullptr;
  int64_t width = shapeOf(x).back();
  if (*groups <= 0 || width % *groups) {
    error(node, "groups",
          "expected a number of groups that divides " + Twine(width) +
              " channels, found " + Twine(*groups));
    return nullptr;
  }
  Value scale, shift;
  if (*affine) {
    scale = weight(node, "scale", node.name + ".weight", width / *groups);
    shift = weight(node, "shift", node.name + ".bias", width / *groups);
    if (!scale || !shift)
      return nullptr;
  }
  return vit::LayerNormOp::create(builder, node.location, x.getType(), x, scale,
                                  shift, builder.getF64FloatAttr(*eps),
                                  builder.getI64IntegerAttr(*groups));
}

Value Elaborator::linear(const NodeContext &node) {
  Value x = input(node, "input");
  std::optional<int64_t> features = integer(node, "features");
  const FieldSpec *biasField = node.op.find("bias");
  std::optional<bool> hasBias =
      !biasField || biasField->expression ? boolean(node, "bias", true)
      : biasField->operands.empty()
          ? std::nullopt
          : isPresent(biasField->operands[0].when, node.frame.environment);
  if (!x || !features || !hasBias)
    return nullptr;
  auto result = type(node, withLast(shapeOf(x), *features));
  if (!result)
    return nullptr;
  Value w = weight(node, "weight", node.name + ".weight",
                   {*features, shapeOf(x).back()});
  Value b;
  if (*hasBias && !(b = weight(node, "bias", node.name + ".bias", *features)))
    return nullptr;
  if (!w)
    return nullptr;
  if (node.op.find("parts")) {
    linearParts(node, x, w, b);
    return nullptr;
  }
  return vit::LinearOp::create(builder, node.location, *result, x, w, b,
                               /*residual=*/nullptr, vit::Activation::None);
}

void Elaborator::linearParts(const NodeContext &node, Value x, Value w,
                             Value b) {
  const FieldSpec &field = *node.op.find("parts");
  int64_t rows = shapeOf(w)[0], count = field.parts.size();
  if (count == 0 || rows % count)
    return error(node, "features",
                 "expected a multiple of " + Twine(count) + " parts, found " +
                     Twine(rows));
  int64_t share = rows / count, channels = shapeOf(w)[1];
  auto tensorType = [&](ArrayRef<int64_t> shape) {
    return mlir::RankedTensorType::get(shape, builder.getF32Type());
  };
  auto zero = builder.getI64IntegerAttr(0);
  for (int64_t i = 0; i < count; ++i) {
    auto begin = builder.getI64IntegerAttr(i * share);
    Value partWeight = vit::WeightSliceOp::create(
        builder, node.location, tensorType({share, channels}), w, zero, begin);
    Value partBias;
    if (b)
      partBias = vit::WeightSliceOp::create(
          builder, node.location, tensorType({share}), b, zero, begin);
    Value part = vit::LinearOp::create(
        builder, node.location, tensorType(withLast(shapeOf(x), share)), x,
        partWeight, partBias, /*residual=*/nullptr, vit::Activation::None);
    define(node.name + "." + field.parts[i], {GraphValue::Ready, part},
           *field.json);
  }
  define(node.name + ".", {GraphValue::InParts, nullptr}, *field.json);
}

Value Elaborator::mul(const NodeContext &node) {
  Value x = input(node, "input"), y = input(node, "other");
  if (!x || !y)
    return nullptr;
  if (!isTrailing(shapeOf(y), shapeOf(x))) {
    error(node, "other",
          "expected the shape of the input, " + formatShape(shapeOf(x)) +
              ", or a trailing part of it, found " + formatShape(shapeOf(y)));
    return nullptr;
  }
  return vit::MulOp::create(builder, node.location, x.getType(), x, y);
}

Value Elaborator::pool(const NodeContext &node) {
  Value x = computed(node, "input");
  std::optional<std::string> kind = choice(node, "kind");
  if (!x || !kind)
    return nullptr;
  if (shapeOf(x).size() != 2) {
    error(node, "input",
          "expected [tokens, channels], found " + formatShape(shapeOf(x)));
    return nullptr;
  }
  auto result = type(node, {1, shapeOf(x)[1]});
  return vit::PoolOp::create(builder, node.location, *result,
                             *vit::symbolizePooling(*kind), x);
}

Value Elaborator::reshape(const NodeContext &node) {
  Value x = computed(node, "input");
  std::optional<std::vector<int64_t>> shape = integers(node, "shape");
  if (!x || !shape)
    return nullptr;
  auto result = type(node, *shape);
  if (!result)
    return nullptr;
  auto from = cast<mlir::RankedTensorType>(x.getType());
  if (from.getNumElements() != result->getNumElements()) {
    error(node, "shape",
          "expected as many elements as " + formatShape(from.getShape()) +
              " has, found " + formatShape(*shape));
    return nullptr;
  }
  return vit::ReshapeOp::create(builder, node.location, *result, x);
}

Value Elaborator::sliceColumns(const NodeContext &node) {
  Value x = input(node, "input");
  std::optional<int64_t> begin = integer(node, "begin");
  std::optional<int64_t> columns = integer(node, "columns");
  if (!x || !begin || !columns)
    return nullptr;
  int64_t width = shapeOf(x).back();
  if (*columns <= 0 || *columns > width || *begin < 0 ||
      *begin > width - *columns) {
    error(node, "begin",
          "expected a range inside " + Twine(width) + " channels, found " +
              Twine(*columns) + " from " + Twine(*begin));
    return nullptr;
  }
  auto result = type(node, withLast(shapeOf(x), *columns));
  return vit::SliceColumnsOp::create(builder, node.location, *result, x,
                                     builder.getI64IntegerAttr(*begin));
}

Value Elaborator::sliceRows(const NodeContext &node) {
  Value x = computed(node, "input");
  std::optional<int64_t> begin = integer(node, "begin");
  std::optional<int64_t> rows = integer(node, "rows");
  if (!x || !begin || !rows)
    return nullptr;
  ArrayRef<int64_t> shape = shapeOf(x);
  if (shape.size() != 2) {
    error(node, "input",
          "expected [rows, channels], found " + formatShape(shape));
    return nullptr;
  }
  if (*rows <= 0 || *rows > shape[0] || *begin < 0 ||
      *begin > shape[0] - *rows) {
    error(node, "begin",
          "expected a range inside " + Twine(shape[0]) + " rows, found " +
              Twine(*rows) + " from " + Twine(*begin));
    return nullptr;
  }
  auto result = type(node, {*rows, shape[1]});
  return vit::SliceRowsOp::create(builder, node.location, *result, x,
                                  builder.getI64IntegerAttr(*begin));
}

Value Elaborator::softmax(const NodeContext &node) {
  Value x = input(node, "input");
  if (!x)
    return nullptr;
  return vit::SoftmaxOp::create(builder, node.location, x.getType(), x);
}

Value Elaborator::transpose(const NodeContext &node) {
  Value x = computed(node, "input");
  if (!x)
    return nullptr;
  ArrayRef<int64_t> shape = shapeOf(x);
  if (shape.size() != 2) {
    error(node, "input",
          "expected [rows, columns], found " + formatShape(shape));
    return nullptr;
  }
  auto result = type(node, {shape[1], shape[0]});
  return vit::TransposeOp::create(builder, node.location, *result, x);
}

Value Elaborator::unfold(const NodeContext &node) {
  Value x = computed(node, "input");
  auto kernel = size(node, "kernel"), stride = size(node, "stride");
  auto padding = size(node, "padding", 0);
  std::optional<std::string> pad = choice(node, "pad", "image");
  bool hasTile = node.op.find("tile");
  auto tile = size(node, "tile", 0);
  if (!x || !kernel || !stride || !padding || !pad || !tile)
    return nullptr;
  ArrayRef<int64_t> image = shapeOf(x);
  if (image.size() != 3) {
    error(node, "input",
          "expected [channels, height, width], found " + formatShape(image));
    return nullptr;
  }
  int64_t windows = 1, tiles = 1;
  for (int i : {0, 1}) {
    int64_t side = image[i + 1], step = (*stride)[i], window = (*kernel)[i];
    auto isOutside = [](int64_t size) {
      return size <= 0 || size > vit::kMaxWindow;
    };
    if (isOutside(window) || isOutside(step)) {
      error(node, isOutside(window) ? "kernel" : "stride",
            "expected a size from 1 to " + Twine(vit::kMaxWindow) + ", found " +
                Twine(isOutside(window) ? window : step));
      return nullptr;
    }
    if ((*padding)[i] < 0 || (*padding)[i] >= window) {
      error(node, "padding",
            "expected a padding from 0 to " + Twine(window - 1) + ", found " +
                Twine((*padding)[i]));
      return nullptr;
    }
    if (!hasTile) {
      int64_t span = side + 2 * (*padding)[i] - window;
      if (span < 0) {
        error(node, "kernel",
              "expected a window that fits the padded image "
              "of " +
                  Twine(side + 2 * (*padding)[i]) + " pixels, found " +
                  Twine(window));
        return nullptr;
      }
      windows *= span / step + 1;
      continue;
    }
    if ((*tile)[i] <= 0 || side % (*tile)[i] || (*tile)[i] % step) {
      error(node, "tile",
            "expected tiles that divide " + Twine(side) +
                " pixels and are a multiple of the stride " + Twine(step) +
                ", found " + Twine((*tile)[i]));
      return nullptr;
    }
    tiles *= side / (*tile)[i];
    windows *= (*tile)[i] / step;
  }
  SmallVector<int64_t> shape{windows, image[0] * (*kernel)[0] * (*kernel)[1]};
  if (hasTile)
    shape.insert(shape.begin(), tiles);
  auto result = type(node, shape);
  if (!result)
    return nullptr;
  return vit::UnfoldOp::create(
      builder, node.location, *result, x, builder.getDenseI64ArrayAttr(*kernel),
      builder.getDenseI64ArrayAttr(*stride),
      builder.getDenseI64ArrayAttr(*padding),
      hasTile ? builder.getDenseI64ArrayAttr(*tile) : nullptr,
      vit::PadScopeAttr::get(builder.getContext(),
                             *vit::symbolizePadScope(*pad)),
      builder.getDenseF64ArrayAttr({}));
}
