//===- Comparison.cpp - Two results of a network --------------------------===//

#include "codegen/driver/Comparison.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"

#include <cmath>

using namespace llvm;
using namespace vitc;

namespace {

/// Rows whose sum is 1 but for rounding.
constexpr double largestSum = 1 + 1e-4;

/// Sums of squares and of products over one image.
struct Angle {
  void add(double a, double b) {
    aa += a * a;
    bb += b * b;
    ab += a * b;
  }
  double cosine() const {
    return aa == bb && aa == ab ? 1 : ab / std::sqrt(aa * bb);
  }
  double aa = 0, bb = 0, ab = 0;
};

} // namespace

double vitc::elementAt(StringRef dtype, const void *data, uint64_t index) {
  auto bytes = static_cast<const uint8_t *>(data);
  if (dtype == "U8")
    return bytes[index];
  if (dtype == "F64")
    return bit_cast<double>(support::endian::read64le(bytes + index * 8));
  return bit_cast<float>(support::endian::read32le(bytes + index * 4));
}

double Comparison::relative() const {
  return absolute == 0 ? 0 : absolute / largest;
}

bool Comparison::isWithin(double tolerance) const {
  return notFinite == 0 && absolute <= tolerance * (areShares ? 1 : largest);
}

Comparison vitc::compareResults(const StoredTensor &recorded,
                                const char *result) {
  uint64_t elements = 1;
  for (int64_t length : recorded.shape)
    elements *= length;
  uint64_t image = elements / recorded.shape.front();
  uint64_t row = recorded.shape.back();
  StringRef resultType = recorded.dtype == "U8" ? "U8" : "F32";

  Comparison comparison;
  bool isNegative = false;
  double highestSum = 0, sum = 0;
  Angle angle;
  for (uint64_t i = 0; i < elements; ++i) {
    double expected = elementAt(recorded.dtype, recorded.data.data(), i);
    double found = elementAt(resultType, result, i);
    comparison.largest = std::max(comparison.largest, std::abs(expected));
    isNegative |= expected < 0;
    sum += expected;
    if ((i + 1) % row == 0)
      highestSum = std::max(highestSum, std::exchange(sum, 0));
    double difference = std::abs(found - expected);
    bool isFinite = std::isfinite(found);
    if ((isFinite && !comparison.notFinite &&
         difference > comparison.absolute) ||
        (!isFinite && !comparison.notFinite)) {
      comparison.worst = i;
      comparison.expected = expected;
      comparison.found = found;
    }
    if (isFinite)
      comparison.absolute = std::max(comparison.absolute, difference);
    else
      ++comparison.notFinite;
    angle.add(expected, found);
    if ((i + 1) % image == 0)
      comparison.cosine =
          std::min(comparison.cosine, std::exchange(angle, Angle()).cosine());
  }
  comparison.areShares =
      !isNegative && highestSum <= largestSum && comparison.largest > 0;
  return comparison;
}
