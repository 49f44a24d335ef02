//===- Resample.cpp - Interpolate a grid onto another grid ----------------===//

#include "models/Resample.h"

#include "llvm/ADT/STLExtras.h"
#include <Eigen/QR>
#include <algorithm>
#include <cmath>

using namespace vitc;

namespace {

double triangle(double x) { return std::max(0.0, 1.0 - std::abs(x)); }

/// Keys' cubic; `a` is its slope at distance 1.
double cubic(double x, double a) {
  x = std::abs(x);
  if (x <= 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2)
    return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return 0;
}

/// Adds `weight` at source position `index`, clamped to [0, in - 1]. Positions
/// arrive in ascending order.
void addClamped(ResampleTaps &taps, int64_t index, int64_t in, double weight) {
  index = std::clamp<int64_t>(index, 0, in - 1);
  if (taps.weights.empty())
    taps.begin = index;
  size_t at = static_cast<size_t>(index - taps.begin);
  if (at >= taps.weights.size())
    taps.weights.resize(at + 1);
  taps.weights[at] += weight;
}

/// Taps around source position `x`; those beyond the border count for it.
ResampleTaps interpolate(double x, int64_t in, bool isCubic) {
  ResampleTaps taps;
  // Beyond this range all taps are on the border; an int64_t must hold it.
  x = std::clamp(x, -2.0, static_cast<double>(in) + 1.0);
  double floor = std::floor(x), t = x - floor;
  auto first = static_cast<int64_t>(floor);
  for (int64_t k = isCubic ? -1 : 0, end = isCubic ? 2 : 1; k <= end; ++k) {
    double distance = static_cast<double>(k) - t;
    addClamped(taps, first + k, in,
               isCubic ? cubic(distance, -0.75) : triangle(distance));
  }
  return taps;
}

/// Taps of target position `i` with a filter that widens with the step.
ResampleTaps antialias(int64_t i, double step, int64_t in, bool isCubic) {
  double width = std::max(step, 1.0);
  double support = (isCubic ? 2.0 : 1.0) * width;
  double centre = step * (static_cast<double>(i) + 0.5);
  // An offset can move the centre past the border: keep one position at least.
  auto last = static_cast<double>(in - 1);
  auto begin = static_cast<int64_t>(
      std::clamp(std::floor(centre - support + 0.5), 0.0, last));
  auto end = static_cast<int64_t>(std::clamp(std::floor(centre + support + 0.5),
                                             static_cast<double>(begin + 1),
                                             last + 1.0));
  ResampleTaps taps;
  taps.begin = begin;
  double sum = 0;
  for (int64_t j = begin; j < end; ++j) {
    double distance = (static_cast<double>(j) - centre + 0.5) / width;
    taps.weights.push_back(isCubic ? cubic(distance, -0.5)
                                   : triangle(distance));
    sum += taps.weights.back();
  }
  if (sum == 0) // nothing under the filter: the border alone
    taps.weights.front() = sum = 1;
  for (double &weight : taps.weights)
    weight /= sum;
  return taps;
}

/// Resamples the middle dimension of `input`, [outer, in, inner].
std::vector<double> resampleAxis(llvm::ArrayRef<double> input, int64_t outer,
                                 int64_t in, int64_t inner,
                                 llvm::ArrayRef<ResampleTaps> taps) {
  auto out = static_cast<int64_t>(taps.size());
  std::vector<double> result(static_cast<size_t>(outer * out * inner));
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < out; ++i) {
      double *to = result.data() + (o * out + i) * inner;
      const double *from = input.data() + (o * in + taps[i].begin) * inner;
      for (double weight : taps[i].weights) {
        for (int64_t c = 0; c < inner; ++c)
          to[c] += weight * from[c];
        from += inner;
      }
    }
  return result;
}

using Matrix =
    Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// [out, in]: the transposed inverse of what resamples `in` positions to `out`.
Matrix inverseTaps(int64_t in, int64_t out, ResampleFilter filter) {
  if (in == out)
    return Matrix::Identity(out, in);
  Matrix taps = Matrix::Zero(out, in);
  for (auto [i, tap] :
       llvm::enumerate(vitc::resampleTaps(in, out, filter, /*offset=*/0)))
    for (auto [k, weight] : llvm::enumerate(tap.weights))
      taps(i, tap.begin + k) = weight;
  return taps.completeOrthogonalDecomposition().pseudoInverse().transpose();
}

} // namespace

std::vector<ResampleTaps> vitc::resampleTaps(int64_t in, int64_t out,
                                             ResampleFilter filter,
                                             double offset) {
  bool isCubic = filter == ResampleFilter::Bicubic ||
                 filter == ResampleFilter::BicubicAntialias;
  double target = static_cast<double>(out) + offset;
  double step = static_cast<double>(in) / target;
  std::vector<ResampleTaps> taps;
  for (int64_t i = 0; i < out; ++i) {
    auto at = static_cast<double>(i);
    switch (filter) {
    case ResampleFilter::Bilinear:
    case ResampleFilter::Bicubic:
      taps.push_back(interpolate((at + 0.5) * step - 0.5, in, isCubic));
      break;
    case ResampleFilter::BilinearAntialias:
    case ResampleFilter::BicubicAntialias:
      taps.push_back(antialias(i, step, in, isCubic));
      break;
    case ResampleFilter::BilinearCorners: {
      double x = i ? at * static_cast<double>(in - 1) / (target - 1) : 0.0;
      x = std::clamp(x, 0.0, static_cast<double>(in - 1));
      taps.push_back(interpolate(x, in, /*isCubic=*/false));
      break;
    }
    }
  }
  return taps;
}

std::vector<double> vitc::resample(llvm::ArrayRef<double> input, int64_t rows,
                                   int64_t columns, int64_t channels,
                                   int64_t outRows, int64_t outColumns,
                                   ResampleFilter filter, double offset) {
  std::vector<double> wide =
      resampleAxis(input, rows, columns, channels,
                   resampleTaps(columns, outColumns, filter, offset));
  return resampleAxis(wide, 1, rows, outColumns * channels,
                      resampleTaps(rows, outRows, filter, offset));
}

std::vector<double> vitc::resampleKernels(llvm::ArrayRef<double> input,
                                          int64_t kernels, int64_t rows,
                                          int64_t columns, int64_t outRows,
                                          int64_t outColumns,
                                          ResampleFilter filter) {
  Matrix left = inverseTaps(rows, outRows, filter);
  Matrix right = inverseTaps(columns, outColumns, filter).transpose();
  std::vector<double> result(
      static_cast<size_t>(kernels * outRows * outColumns));
  for (int64_t i = 0; i < kernels; ++i) {
    Eigen::Map<const Matrix> from(input.data() + i * rows * columns, rows,
                                  columns);
    Eigen::Map<Matrix> to(result.data() + i * outRows * outColumns, outRows,
                          outColumns);
    to.noalias() = left * from * right;
  }
  return result;
}
