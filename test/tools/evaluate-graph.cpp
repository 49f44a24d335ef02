//===- evaluate-graph.cpp - What a model's graph means, in float64 --------===//
//
// Reads a module of stage `graph` and an array of images, executes the layer
// ops one by one as dialect/VitOps.td defines them, and writes all results.
// Shares nothing with the passes: tests compare compiled models with it.
//
//===----------------------------------------------------------------------===//

#include "models/CheckWeights.h"
#include "models/NpyFile.h"
#include "models/WeightProgram.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/WithColor.h"
#include <algorithm>
#include <cmath>
#include <cstring>

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

static llvm::cl::opt<std::string> moduleFile(llvm::cl::Positional,
                                             llvm::cl::Required,
                                             llvm::cl::desc("MODULE"));
static llvm::cl::opt<std::string> weights("weights",
                                          llvm::cl::init("closed-form:random"));
static llvm::cl::opt<std::string>
    images("input", llvm::cl::Required,
           llvm::cl::desc("X.npy, a batch of images"));
static llvm::cl::opt<std::string>
    directory("o", llvm::cl::Required,
              llvm::cl::desc("folder for NAME.npy of every output"));

namespace {

using Numbers = std::vector<double>;

ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}
int64_t sizeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getNumElements();
}
int64_t columnsOf(Value value) { return shapeOf(value).back(); }
int64_t tokensOf(Value value) { return shapeOf(value).drop_back().back(); }

double activate(Activation kind, double x) {
  auto sigmoid = [](double t) { return 1 / (1 + std::exp(-t)); };
  switch (kind) {
  case Activation::None:
    return x;
  case Activation::Gelu:
    return x / 2 * (1 + std::erf(x / std::sqrt(2.0)));
  case Activation::GeluTanh:
    return x / 2 *
           (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
  case Activation::QuickGelu:
    return x * sigmoid(1.702 * x);
  case Activation::Silu:
    return x * sigmoid(x);
  case Activation::Relu:
    return std::max(x, 0.0);
  case Activation::Tanh:
    return std::tanh(x);
  }
  llvm_unreachable("unknown activation");
}

void softmaxInPlace(MutableArrayRef<double> row) {
  double most = *std::max_element(row.begin(), row.end()), sum = 0;
  for (double &x : row)
    sum += x = std::exp(x - most);
  for (double &x : row)
    x /= sum;
}

class Evaluator {
public:
  Evaluator(func::FuncOp model, const WeightSource &source) : model(model) {
    WeightProgram program(source);
    for (Operation &op : model.getBody().front())
      for (Value operand : op.getOperands())
        if (isWeight(operand) && !op.hasTrait<WeightTrait>()) {
          Numbers all(sizeOf(operand));
          program.read(operand, 0, MutableArrayRef<double>(all));
          numbers[operand] = std::move(all);
        }
  }

  void run(Numbers image) {
    numbers[model.getArgument(0)] = std::move(image);
    for (Operation &op : model.getBody().front().without_terminator())
      if (!op.hasTrait<WeightTrait>()) {
        Numbers found = evaluate(&op);
        numbers[op.getResult(0)] = std::move(found);
      }
  }

  /// The numbers of a value of the model that `run` left.
  const Numbers &get(Value value) { return numbers.find(value)->second; }

private:
  Numbers evaluate(Operation *op) {
    return llvm::TypeSwitch<Operation *, Numbers>(op)
        .Case<NormalizeOp, UnfoldOp, LinearOp, LayerNormOp, ActivationOp,
              AttentionOp, AttentionMapOp, AddOp, MulOp, SoftmaxOp, PoolOp,
              ConcatRowsOp, ConcatColumnsOp, SliceRowsOp, SliceColumnsOp,
              ReshapeOp, TransposeOp>([&](auto op) { return compute(op); })
        .Default([](Operation *op) -> Numbers {
          llvm::report_fatal_error("no meaning for " +
                                   op->getName().getStringRef());
        });
  }

  Numbers compute(NormalizeOp op) {
    ArrayRef<int64_t> shape = shapeOf(op.getResult());
    int64_t channels = shape[0], pixels = shape[1] * shape[2];
    Numbers out(sizeOf(op.getResult()));
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t i = 0; i < pixels; ++i)
        out[c * pixels + i] =
            (get(op.getInput())[i * channels + c] / 255 - op.getMean()[c]) /
            op.getStd()[c];
    return out;
  }

  /// A convolution's window by its definition; interleaved images first occur
  /// behind `vit-fold-normalize`.
  Numbers compute(UnfoldOp op) {
    auto [height, width] = op.getImageSize();
    SmallVector<int64_t> tile{height, width};
    if (op.getTile())
      tile.assign(op.getTile()->begin(), op.getTile()->end());
    ArrayRef<int64_t> kernel = op.getKernel(), stride = op.getStride();
    ArrayRef<int64_t> padding = op.getPadding();
    bool tiled = op.getTile().has_value();
    auto windows = [&](int axis) {
      return tiled ? tile[axis] / stride[axis]
                   : (tile[axis] + 2 * padding[axis] - kernel[axis]) /
                             stride[axis] +
                         1;
    };
    const Numbers &image = get(op.getInput());
    Numbers out;
    for (int64_t top = 0; top + tile[0] <= height; top += tile[0])
      for (int64_t left = 0; left + tile[1] <= width; left += tile[1])
        for (int64_t w = 0; w < windows(0) * windows(1); ++w)
          for (int64_t c = 0; c < op.getChannels(); ++c)
            for (int64_t k = 0; k < kernel[0] * kernel[1]; ++k) {
              int64_t y =
                  w / windows(1) * stride[0] + k / kernel[1] - padding[0];
              int64_t x =
                  w % windows(1) * stride[1] + k % kernel[1] - padding[1];
              bool inTile = y >= 0 && y < tile[0] && x >= 0 && x < tile[1];
              y += top, x += left;
              bool inImage = y >= 0 && y < height && x >= 0 && x < width;
              bool inside = op.getPad() == PadScope::Tile ? inTile : inImage;
              out.push_back(inside ? image[(c * height + y) * width + x] : 0);
            }
    return out;
  }

  Numbers compute(LinearOp op) {
    const Numbers &x = get(op.getInput()), &w = get(op.getWeight());
    int64_t depth = columnsOf(op.getInput()),
            columns = columnsOf(op.getResult());
    Numbers out(sizeOf(op.getResult()));
    for (size_t i = 0; i < out.size(); ++i) {
      int64_t row = i / columns, column = i % columns;
      double sum = op.getBias() ? get(op.getBias())[column] : 0;
      for (int64_t k = 0; k < depth; ++k)
        sum += x[row * depth + k] * w[column * depth + k];
      out[i] = activate(op.getActivation(), sum);
      if (op.getResidual())
        out[i] += get(op.getResidual())[i % sizeOf(op.getResidual())];
    }
    return out;
  }

  Numbers compute(LayerNormOp op) {
    Numbers out = get(op.getInput());
    int64_t columns = columnsOf(op.getInput()) / op.getGroups();
    for (size_t begin = 0; begin < out.size(); begin += columns) {
      MutableArrayRef<double> row(&out[begin], columns);
      double mean = 0, variance = 0;
      for (double x : row)
        mean += x / columns;
      for (double x : row)
        variance += (x - mean) * (x - mean) / columns;
      for (auto [k, x] : llvm::enumerate(row)) {
        x = (x - mean) / std::sqrt(variance + op.getEps().convertToDouble());
        if (op.getScale())
          x = x * get(op.getScale())[k] + get(op.getShift())[k];
      }
    }
    return out;
  }

  Numbers compute(ActivationOp op) {
    Numbers out = get(op.getInput());
    for (double &x : out)
      x = activate(op.getKind(), x);
    return out;
  }

  /// [..., heads, queries, keys]
  Numbers probabilities(Value query, Value key, int64_t heads, double scale) {
    const Numbers &q = get(query), &k = get(key);
    int64_t columns = columnsOf(query), size = columns / heads;
    int64_t queries = tokensOf(query), keys = tokensOf(key);
    Numbers out;
    for (int64_t batch = 0; batch < sizeOf(query) / (queries * columns);
         ++batch)
      for (int64_t head = 0; head < heads; ++head)
        for (int64_t i = 0; i < queries; ++i) {
          for (int64_t j = 0; j < keys; ++j) {
            double sum = 0;
            for (int64_t d = head * size; d < (head + 1) * size; ++d)
              sum += q[(batch * queries + i) * columns + d] *
                     k[(batch * keys + j) * columns + d];
            out.push_back(sum * scale);
          }
          softmaxInPlace(MutableArrayRef(out).take_back(keys));
        }
    return out;
  }

  Numbers compute(AttentionMapOp op) {
    return probabilities(op.getQuery(), op.getKey(), op.getHeads(),
                         op.getScale().convertToDouble());
  }

  Numbers compute(AttentionOp op) {
    Numbers p = probabilities(op.getQuery(), op.getKey(), op.getHeads(),
                              op.getScale().convertToDouble());
    const Numbers &v = get(op.getValue());
    int64_t heads = op.getHeads(), columns = columnsOf(op.getValue());
    int64_t queries = tokensOf(op.getQuery()), keys = tokensOf(op.getKey());
    Numbers out(sizeOf(op.getResult()));
    for (size_t i = 0; i < out.size(); ++i) {
      int64_t column = i % columns, head = column / (columns / heads);
      int64_t row = i / columns, batch = row / queries;
      int64_t line = (batch * heads + head) * queries + row % queries;
      for (int64_t j = 0; j < keys; ++j)
        out[i] += p[line * keys + j] * v[(batch * keys + j) * columns + column];
    }
    return out;
  }

  Numbers compute(AddOp op) {
    Numbers out = get(op.getLhs());
    const Numbers &rhs = get(op.getRhs());
    if (op.getRow())
      for (auto [i, x] : llvm::enumerate(rhs))
        out[*op.getRow() * columnsOf(op.getLhs()) + i] += x;
    else
      for (auto [i, x] : llvm::enumerate(out))
        x += rhs[i % rhs.size()];
    return out;
  }

  Numbers compute(MulOp op) {
    Numbers out = get(op.getLhs());
    const Numbers &rhs = get(op.getRhs());
    for (auto [i, x] : llvm::enumerate(out))
      x *= rhs[i % rhs.size()];
    return out;
  }

  Numbers compute(SoftmaxOp op) {
    Numbers out = get(op.getInput());
    size_t columns = columnsOf(op.getInput());
    for (size_t begin = 0; begin < out.size(); begin += columns)
      softmaxInPlace(MutableArrayRef(out).slice(begin, columns));
    return out;
  }

  Numbers compute(PoolOp op) {
    const Numbers &x = get(op.getInput());
    size_t columns = columnsOf(op.getInput());
    bool mean = op.getKind() == Pooling::Mean;
    Numbers out(x.begin(), x.begin() + columns);
    for (size_t i = columns; i < x.size(); ++i) {
      double &to = out[i % columns];
      to = mean ? to + x[i] : std::max(to, x[i]);
    }
    if (mean)
      for (double &total : out)
        total /= tokensOf(op.getInput());
    return out;
  }

  Numbers compute(ConcatRowsOp op) {
    Numbers out;
    for (Value input : op.getInputs())
      llvm::append_range(out, get(input));
    return out;
  }

  Numbers compute(ConcatColumnsOp op) {
    Numbers out;
    int64_t rows = sizeOf(op.getResult()) / columnsOf(op.getResult());
    for (int64_t row = 0; row < rows; ++row)
      for (Value input : op.getInputs()) {
        int64_t columns = columnsOf(input);
        llvm::append_range(
            out, ArrayRef<double>(get(input)).slice(row * columns, columns));
      }
    return out;
  }

  Numbers compute(SliceRowsOp op) {
    const Numbers &x = get(op.getInput());
    auto begin = x.begin() + op.getBegin() * columnsOf(op.getInput());
    return Numbers(begin, begin + sizeOf(op.getResult()));
  }

  Numbers compute(SliceColumnsOp op) {
    const Numbers &x = get(op.getInput());
    int64_t from = columnsOf(op.getInput()), to = columnsOf(op.getResult());
    Numbers out(sizeOf(op.getResult()));
    for (size_t i = 0; i < out.size(); ++i)
      out[i] = x[i / to * from + op.getBegin() + i % to];
    return out;
  }

  Numbers compute(TransposeOp op) {
    const Numbers &x = get(op.getInput());
    int64_t rows = tokensOf(op.getInput()), columns = columnsOf(op.getInput());
    Numbers out(x.size());
    for (size_t i = 0; i < out.size(); ++i)
      out[i] = x[i % rows * columns + i / rows];
    return out;
  }

  Numbers compute(ReshapeOp op) { return get(op.getInput()); }

  func::FuncOp model;
  DenseMap<Value, Numbers> numbers; ///< of weights and activations
};

int fail(const llvm::Twine &text) {
  llvm::WithColor::error(llvm::errs()) << text << '\n';
  return 1;
}

/// Image `index` of the file, widened.
Numbers imageOf(const NpyFile &file, int64_t index, int64_t size) {
  Numbers image(size);
  bool bytes = file.type() == NpyType::U8;
  const uint8_t *from = file.data().data() + index * size * (bytes ? 1 : 4);
  for (int64_t i = 0; i < size; ++i) {
    float number;
    if (bytes)
      number = from[i];
    else
      std::memcpy(&number, from + 4 * i, sizeof number);
    image[i] = number;
  }
  return image;
}

llvm::Error writeResult(func::FuncOp model, unsigned index, Value value,
                        int64_t batch, const Numbers &numbers) {
  auto name = model.getResultAttrOfType<StringAttr>(index, "vit.name");
  SmallVector<int64_t> shape{batch};
  // Users see a single row as a vector.
  bool isVector = shapeOf(value).size() > 1 && shapeOf(value)[0] == 1;
  llvm::append_range(shape, shapeOf(value).drop_front(isVector));
  ArrayRef<uint8_t> bytes(reinterpret_cast<const uint8_t *>(numbers.data()),
                          numbers.size() * sizeof(double));
  return writeNpy(directory + "/" + name.str() + ".npy", NpyType::F64, shape,
                  bytes);
}

} // namespace

int main(int argc, char **argv) {
  llvm::cl::ParseCommandLineOptions(argc, argv);
  MLIRContext context;
  context.loadDialect<VitDialect, func::FuncDialect>();
  auto module = parseSourceFile<ModuleOp>(moduleFile, &context);
  if (!module)
    return 1;
  auto source = openWeights(weights);
  if (!source)
    return fail(llvm::toString(source.takeError()));
  if (failed(checkWeights(*module, **source, llvm::errs())))
    return 1;
  auto file = NpyFile::open(images);
  if (!file)
    return fail(llvm::toString(file.takeError()));
  func::FuncOp model = *module->getOps<func::FuncOp>().begin();
  OperandRange results = model.getBody().front().getTerminator()->getOperands();
  Evaluator evaluator(model, **source);
  std::vector<Numbers> all(results.size());
  int64_t batch = file->shape()[0], size = sizeOf(model.getArgument(0));
  for (int64_t i = 0; i < batch; ++i) {
    evaluator.run(imageOf(*file, i, size));
    for (auto [numbers, result] : llvm::zip(all, results))
      llvm::append_range(numbers, evaluator.get(result));
  }
  for (auto [i, result] : llvm::enumerate(results))
    if (llvm::Error error = writeResult(model, i, result, batch, all[i]))
      return fail(llvm::toString(std::move(error)));
  return 0;
}
