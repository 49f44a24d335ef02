//===- Describe.cpp - Sizes and costs of an imported graph ----------------===//

#include "models/Describe.h"
#include "dialect/VitOps.h"
#include "models/Elaborator.h"
#include "models/NearestName.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace llvm;
using namespace vitc;

namespace {

constexpr int64_t maxSide = 1 << 16; // pixels

/// Reads the fields of a "preprocess" object.
class PreprocessReader {
public:
  PreprocessReader(const PreprocessSpec &spec, DocumentEnvironment &document)
      : spec(spec), document(document) {}

  int64_t integer(const std::optional<Expression> &field, int64_t least,
                  int64_t most, int64_t otherwise) {
    if (!field)
      return otherwise;
    std::optional<Datum> value =
        field->evaluateAs(Datum::Kind::Integer, document);
    if (value && value->integer >= least && value->integer <= most)
      return value->integer;
    if (value)
      field->json->error(document.errors,
                         "expected an integer from " + Twine(least) + " to " +
                             Twine(most) + ", found " + Twine(value->integer));
    return otherwise;
  }

  /// The index in `names` of a name.
  int64_t choice(const std::optional<Expression> &field,
                 ArrayRef<std::string> names, int64_t otherwise) {
    if (!field)
      return otherwise;
    std::optional<Datum> value = field->evaluateAs(Datum::Kind::Name, document);
    if (!value)
      return otherwise;
    const std::string *found = llvm::find(names, value->name);
    if (found != names.end())
      return found - names.begin();
    field->json->error(document.errors, "expected one of " +
                                            quotedChoice(names) + ", found " +
                                            quoteName(value->name) +
                                            suggestNearest(value->name, names));
    return otherwise;
  }

  /// One number for all channels or one for each.
  std::vector<double> perChannel(const std::optional<Expression> &field,
                                 int64_t channels, bool isDivisor) {
    std::vector<double> result(channels, isDivisor ? 1.0 : 0.0);
    if (!field)
      return result;
    std::optional<Datum> value = field->evaluate(document);
    if (!value)
      return result;
    if (value->isNumber())
      value = Datum::ofList(std::vector<Datum>(channels, *value));
    bool fits = value->is(Datum::Kind::List) &&
                static_cast<int64_t>(value->items.size()) == channels;
    for (int64_t i = 0; fits && i < channels; ++i) {
      const Datum &item = value->items[i];
      fits = item.isNumber() && (!isDivisor || item.real > 0);
      result[i] = item.real;
    }
    if (!fits)
      field->json->error(document.errors,
                         Twine("expected a ") + (isDivisor ? "positive " : "") +
                             "number, or one for each of " + Twine(channels) +
                             " channels, found " + value->print());
    return result;
  }

  std::pair<int64_t, int64_t> size(const std::optional<Expression> &field,
                                   std::pair<int64_t, int64_t> otherwise) {
    if (!field)
      return otherwise;
    std::optional<Datum> value = field->evaluateAs(Datum::Kind::Size, document);
    return value ? std::pair(value->integer, value->width) : otherwise;
  }

private:
  const PreprocessSpec &spec;
  DocumentEnvironment &document;
};

int64_t elements(ArrayRef<int64_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1),
                         std::multiplies<>());
}

uint64_t macsOf(mlir::Operation &op) {
  // Of two operands a product over `inner`: rows * inner * columns.
  auto scores = [](auto attention) {
    ArrayRef<int64_t> q = shapeOf(attention.getQuery());
    uint64_t keys = shapeOf(attention.getKey()).drop_front(q.size() - 2)[0];
    return SaturatingMultiply<uint64_t>(elements(q), keys);
  };
  return TypeSwitch<mlir::Operation *, uint64_t>(&op)
      .Case([](vit::LinearOp linear) {
        return SaturatingMultiply<uint64_t>(
            elements(shapeOf(linear.getInput())),
            shapeOf(linear.getWeight())[0]);
      })
      .Case([&](vit::AttentionOp attention) {
        uint64_t keys = shapeOf(attention.getKey()).drop_back().back();
        return SaturatingAdd<uint64_t>(
            scores(attention),
            SaturatingMultiply<uint64_t>(
                elements(shapeOf(attention.getResult())), keys));
      })
      .Case([&](vit::AttentionMapOp map) { return scores(map); })
      .Default(uint64_t(0));
}

} // namespace

Preprocessing vitc::describePreprocessing(const Spec &spec,
                                          DocumentEnvironment &document,
                                          int64_t channels, int64_t height,
                                          int64_t width) {
  Preprocessing result;
  result.channels = channels;
  result.cropHeight = height;
  result.cropWidth = width;
  result.mean.assign(channels, 0.0);
  result.std.assign(channels, 1.0);
  if (!spec.input.preprocess)
    return result;

  const PreprocessSpec &fields = *spec.input.preprocess;
  Diagnostics &errors = document.errors;
  if (channels != 1 && channels != 3) {
    fields.json->error(errors, "expected 1 or 3 channels for an image, found " +
                                   Twine(channels));
    return result;
  }
  PreprocessReader reader(fields, document);
  result.resize = static_cast<Preprocessing::Resize>(
      reader.choice(fields.resize, {"none", "exact", "shorter"}, 0));
  result.filter = static_cast<Preprocessing::Filter>(
      reader.choice(fields.filter, {"bilinear", "bicubic"}, 1));
  result.pad = reader.integer(fields.pad, 0, maxSide, 0);
  result.padValue = reader.integer(fields.padValue, 0, 255, 0);
  result.mean = reader.perChannel(fields.mean, channels, false);
  result.std = reader.perChannel(fields.std, channels, true);
  std::pair<int64_t, int64_t> crop = reader.size(
      fields.crop, {height - 2 * result.pad, width - 2 * result.pad});
  std::tie(result.cropHeight, result.cropWidth) = crop;
  const JsonValue &cropJson = fields.crop ? *fields.crop->json : *fields.json;
  if (crop.first <= 0 || crop.second <= 0 || crop.first > maxSide ||
      crop.second > maxSide || crop.first + 2 * result.pad != height ||
      crop.second + 2 * result.pad != width)
    cropJson.error(errors, "expected crop and padding to give the input's " +
                               Datum::ofSize(height, width).print() +
                               " pixels, found a crop of " +
                               Datum::ofSize(crop.first, crop.second).print() +
                               " and a padding of " + Twine(result.pad));
  if (result.resize != Preprocessing::Resize::Shorter)
    return result;
  int64_t shorter = std::min(crop.first, crop.second);
  if (!fields.size)
    fields.json->error(errors, "expected the key 'size', the shorter side "
                               "after resizing");
  else
    result.resizeSize =
        reader.integer(fields.size, std::clamp<int64_t>(shorter, 1, maxSide),
                       maxSide, shorter);
  return result;
}

std::vector<Setting> vitc::describeSettings(const Spec &spec,
                                            DocumentEnvironment &document) {
  std::vector<Setting> settings;
  for (const Parameter &parameter : spec.parameters)
    if (std::optional<Datum> value = document.lookup(parameter.name))
      settings.push_back(
          {parameter.name, describeType(parameter),
           value->is(Datum::Kind::Name) ? value->name : value->print(),
           parameter.doc});
  return settings;
}

void vitc::describeLayers(mlir::func::FuncOp function,
                          ModelDescription &description) {
  DenseSet<mlir::Operation *> counted;
  // Parameters of the tensors below `value` that no layer before has used.
  auto parametersOf = [&](mlir::Value value) {
    uint64_t sum = 0;
    SmallVector<mlir::Value> worklist{value};
    while (!worklist.empty()) {
      mlir::Operation *op = worklist.pop_back_val().getDefiningOp();
      if (!op || !vit::isWeight(op->getResult(0)) || !counted.insert(op).second)
        continue;
      if (isa<vit::WeightTensorOp>(op))
        sum += elements(shapeOf(op->getResult(0)));
      llvm::append_range(worklist, op->getOperands());
    }
    return sum;
  };

  for (mlir::Operation &op : function.getBody().front()) {
    if (op.getNumResults() != 1 || vit::isWeight(op.getResult(0)))
      continue;
    LayerSummary layer;
    if (auto name = dyn_cast<mlir::NameLoc>(op.getLoc()))
      layer.name = name.getName().str();
    layer.op = op.getName().stripDialect().str();
    layer.shape = shapeOf(op.getResult(0)).vec();
    layer.macs = macsOf(op);
    for (mlir::Value operand : op.getOperands())
      layer.parameters += parametersOf(operand);
    description.parameters += layer.parameters;
    description.macs = SaturatingAdd(description.macs, layer.macs);
    // The parts of a linear are one layer to a reader.
    LayerSummary *last =
        description.layers.empty() ? nullptr : &description.layers.back();
    if (last && last->name == layer.name && last->op == layer.op) {
      last->shape.back() += layer.shape.back();
      last->parameters += layer.parameters;
      last->macs = SaturatingAdd(last->macs, layer.macs);
    } else {
      description.layers.push_back(std::move(layer));
    }
  }
}
