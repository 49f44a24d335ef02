//===- WeightProgram.cpp - Evaluate the weight ops ------------------------===//

#include "models/WeightProgram.h"

#include "dialect/Shapes.h"
#include "models/Resample.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

/// Elements that are converted at a time; they stay in the L1 cache.
constexpr size_t chunk = 512;

/// Calls `part(index, at, piece)` for the pieces of `out` that lie in one run
/// of `length` elements each: elements `at`... of run `index`.
template <typename T, typename Part>
void forEachRun(int64_t begin, MutableArrayRef<T> out, int64_t length,
                Part part) {
  while (!out.empty()) {
    int64_t index = begin / length, at = begin % length;
    auto piece = out.take_front(static_cast<size_t>(length - at));
    part(index, at, piece);
    begin += static_cast<int64_t>(piece.size());
    out = out.drop_front(piece.size());
  }
}

/// Copies elements [begin, ...) of the transposed `input`.
template <typename T>
void readTransposed(ArrayRef<double> input, ArrayRef<int64_t> inShape,
                    ArrayRef<int64_t> permutation, int64_t begin,
                    MutableArrayRef<T> out) {
  size_t rank = inShape.size();
  SmallVector<int64_t> strides(rank), lengths(rank), index(rank);
  for (size_t i = 0; i < rank; ++i) {
    strides[i] = elementsOf(inShape.drop_front(permutation[i] + 1));
    lengths[i] = inShape[permutation[i]];
  }
  int64_t at = 0;
  for (size_t i = rank; i-- > 0; begin /= lengths[i]) {
    index[i] = begin % lengths[i];
    at += index[i] * strides[i];
  }
  for (T &element : out) {
    element = static_cast<T>(input[at]);
    // Count up the index like an odometer.
    for (size_t i = rank; i-- > 0;) {
      at += strides[i];
      if (++index[i] < lengths[i])
        break;
      at -= strides[i] * lengths[i];
      index[i] = 0;
    }
  }
}

double sincosElement(WeightSincosOp op, int64_t at) {
  int64_t channels = op.getType().getDimSize(1), width = op.getGrid()[1];
  int64_t row = at / channels - static_cast<int64_t>(op.getPrefix());
  if (row < 0)
    return 0;
  int64_t channel = at % channels, quarter = channels / 4;
  int64_t coordinate = channel < 2 * quarter ? row % width : row / width;
  double frequency = std::pow(10000.0, -static_cast<double>(channel % quarter) /
                                           static_cast<double>(quarter));
  double angle = static_cast<double>(coordinate) * frequency;
  return channel / quarter % 2 ? std::cos(angle) : std::sin(angle);
}

/// The dot product as eight interleaved partial sums, which are added in pairs:
/// the order never depends on anything but the length.
double dot(ArrayRef<double> a, ArrayRef<double> b) {
  double sums[8] = {};
  size_t i = 0;
  for (; i + 8 <= a.size(); i += 8)
    for (size_t lane = 0; lane < 8; ++lane)
      sums[lane] += a[i + lane] * b[i + lane];
  for (; i < a.size(); ++i)
    sums[i % 8] += a[i] * b[i];
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) +
         ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

std::vector<double> resampleValue(WeightResampleOp op, ArrayRef<double> input) {
  ArrayRef<int64_t> in = shapeOf(op.getInput()), out = shapeOf(op.getResult());
  return resample(input, in[0], in[1], in[2], out[0], out[1],
                  static_cast<ResampleFilter>(op.getFilter()),
                  op.getOffset().convertToDouble());
}

std::vector<double> resampleKernelsValue(WeightResampleKernelOp op,
                                         ArrayRef<double> input) {
  ArrayRef<int64_t> in = shapeOf(op.getInput()), out = shapeOf(op.getResult());
  return resampleKernels(input, in[0] * in[1], in[2], in[3], out[2], out[3],
                         static_cast<ResampleFilter>(op.getFilter()));
}

} // namespace

void WeightProgram::read(Value value, int64_t begin,
                         MutableArrayRef<float> out) {
  pull(value, begin, out);
}

void WeightProgram::read(Value value, int64_t begin,
                         MutableArrayRef<double> out) {
  pull(value, begin, out);
}

std::vector<float> WeightProgram::evaluate(Value value) {
  std::vector<float> elements(static_cast<size_t>(elementsOf(shapeOf(value))));
  pull(value, 0, MutableArrayRef<float>(elements));
  dropKept();
  return elements;
}

ArrayRef<double> WeightProgram::keep(Value value) {
  auto found = kept.find(value);
  if (found != kept.end())
    return *found->second;
  auto elements = std::make_unique<std::vector<double>>();
  if (auto op = value.getDefiningOp<WeightResampleOp>()) {
    *elements = resampleValue(op, keep(op.getInput()));
  } else if (auto op = value.getDefiningOp<WeightResampleKernelOp>()) {
    *elements = resampleKernelsValue(op, keep(op.getInput()));
  } else {
    elements->resize(static_cast<size_t>(elementsOf(shapeOf(value))));
    pull(value, 0, MutableArrayRef<double>(*elements));
  }
  return *(kept[value] = std::move(elements));
}

/// Ops that only move numbers hand the request on in the element type that was
/// asked for; the others compute in float64.
template <typename T>
void WeightProgram::pull(Value value, int64_t begin, MutableArrayRef<T> out) {
  if (out.empty())
    return;
  auto move = [&](ArrayRef<double> elements, MutableArrayRef<T> to) {
    llvm::transform(elements, to.begin(),
                    [](double x) { return static_cast<T>(x); });
  };
  llvm::TypeSwitch<Operation *>(value.getDefiningOp())
      .Case([&](WeightTensorOp op) {
        ArrayRef<int64_t> shape = shapeOf(value);
        if constexpr (std::is_same_v<T, float>) {
          source.read(op.getName(), shape, begin, out);
        } else {
          float elements[chunk];
          forEachRun(0, out, chunk, [&](int64_t i, int64_t, auto piece) {
            MutableArrayRef<float> part(elements, piece.size());
            source.read(op.getName(), shape, begin + i * int64_t(chunk), part);
            llvm::copy(part, piece.begin());
          });
        }
      })
      .Case([&](WeightConstantOp op) {
        ArrayRef<double> values = op.getValues();
        forEachRun(begin, out, op.getEach(),
                   [&](int64_t i, int64_t, MutableArrayRef<T> piece) {
                     llvm::fill(piece,
                                static_cast<T>(values[i % values.size()]));
                   });
      })
      .Case([&](WeightReshapeOp op) { pull(op.getInput(), begin, out); })
      .Case([&](WeightSliceOp op) {
        ArrayRef<int64_t> in = shapeOf(op.getInput()), shape = shapeOf(value);
        int64_t axis = op.getAxis(),
                inner = elementsOf(in.drop_front(axis + 1));
        forEachRun(begin, out, shape[axis] * inner,
                   [&](int64_t i, int64_t at, MutableArrayRef<T> piece) {
                     int64_t from = i * in[axis] + int64_t(op.getBegin());
                     pull(op.getInput(), from * inner + at, piece);
                   });
      })
      .Case([&](WeightConcatOp op) {
        ArrayRef<int64_t> shape = shapeOf(value);
        int64_t axis = op.getAxis();
        int64_t inner = elementsOf(shape.drop_front(axis + 1));
        auto row = [&](int64_t i, int64_t at, MutableArrayRef<T> piece) {
          for (Value input : op.getInputs()) {
            int64_t length = shapeOf(input)[axis] * inner;
            if (at < length) {
              auto part = piece.take_front(static_cast<size_t>(length - at));
              pull(input, i * length + at, part);
              piece = piece.drop_front(part.size());
              at += static_cast<int64_t>(part.size());
            }
            at -= length;
          }
        };
        forEachRun(begin, out, shape[axis] * inner, row);
      })
      .Case([&](WeightRepeatOp op) {
        ArrayRef<int64_t> shape = shapeOf(value);
        int64_t axis = op.getAxis();
        int64_t inner = elementsOf(shape.drop_front(axis + 1));
        ArrayRef<double> input = keep(op.getInput());
        forEachRun(begin, out, inner,
                   [&](int64_t i, int64_t at, MutableArrayRef<T> piece) {
                     int64_t from = i / shape[axis] * inner + at;
                     move(input.slice(from, piece.size()), piece);
                   });
      })
      .Case([&](WeightTransposeOp op) {
        readTransposed(keep(op.getInput()), shapeOf(op.getInput()),
                       op.getPermutation(), begin, out);
      })
      .Case([&](WeightResampleKernelOp) {
        move(keep(value).slice(begin, out.size()), out);
      })
      .Case([&](WeightResampleOp) {
        move(keep(value).slice(begin, out.size()), out);
      })
      .Default([&](Operation *op) {
        if constexpr (std::is_same_v<T, double>) {
          compute(op, begin, out);
        } else {
          double elements[chunk];
          forEachRun(0, out, chunk, [&](int64_t i, int64_t, auto piece) {
            MutableArrayRef<double> part(elements, piece.size());
            compute(op, begin + i * int64_t(chunk), part);
            move(part, piece);
          });
        }
      });
}

/// The ops that do arithmetic.
void WeightProgram::compute(Operation *op, int64_t begin,
                            MutableArrayRef<double> out) {
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](WeightSincosOp sincos) {
        for (auto [i, element] : enumerate(out))
          element = sincosElement(sincos, begin + static_cast<int64_t>(i));
      })
      .Case([&](WeightAddOp add) {
        pull(add.getLhs(), begin, out);
        double elements[chunk];
        forEachRun(0, out, chunk, [&](int64_t i, int64_t, auto piece) {
          MutableArrayRef<double> part(elements, piece.size());
          pull(add.getRhs(), begin + i * int64_t(chunk), part);
          for (auto [to, addend] : zip_equal(piece, part))
            to += addend;
        });
      })
      .Case([&](WeightScaleOp scale) {
        pull(scale.getInput(), begin, out);
        ArrayRef<double> factors = keep(scale.getFactors());
        ArrayRef<int64_t> shape = shapeOf(scale.getResult());
        int64_t inner = elementsOf(shape.drop_front(scale.getAxis() + 1));
        auto length = static_cast<int64_t>(factors.size());
        if (inner == 1) {
          forEachRun(begin, out, length, [&](int64_t, int64_t at, auto piece) {
            for (auto [to, factor] :
                 zip_equal(piece, factors.slice(at, piece.size())))
              to *= factor;
          });
          return;
        }
        forEachRun(begin, out, inner, [&](int64_t i, int64_t, auto piece) {
          for (double &to : piece)
            to *= factors[i % length];
        });
      })
      .Case([&](WeightMatvecOp matvec) {
        ArrayRef<double> vector = keep(matvec.getVector());
        std::vector<double> row(vector.size());
        for (auto [i, element] : enumerate(out)) {
          int64_t at = begin + static_cast<int64_t>(i);
          pull(matvec.getMatrix(), at * static_cast<int64_t>(row.size()),
               MutableArrayRef<double>(row));
          element = dot(row, vector);
        }
      })
      .Default([](Operation *) {
        llvm_unreachable("a weight op that WeightProgram does not know");
      });
}
