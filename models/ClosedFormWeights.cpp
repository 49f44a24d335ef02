//===- ClosedFormWeights.cpp - Weights from a formula ---------------------===//

#include "models/ClosedFormWeights.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"
#include <cmath>

using namespace llvm;
using namespace vitc;

namespace {

/// A source that has every tensor; `Formula` computes elements in float64.
template <typename Formula>
class ClosedFormWeights final : public WeightSource {
public:
  std::string describe() const override { return Formula::name; }
  Error check(StringRef, ArrayRef<int64_t>) const override {
    return Error::success();
  }
  std::vector<std::string> names() const override { return {}; }
  void read(StringRef name, ArrayRef<int64_t> shape, int64_t begin,
            MutableArrayRef<float> out) const override {
    Formula formula(name, shape);
    for (size_t i = 0; i < out.size(); ++i)
      out[i] = static_cast<float>(formula(begin + static_cast<int64_t>(i)));
  }
  Digest digest() const override {
    return SHA256::hash(arrayRefFromStringRef(Formula::name));
  }
};

bool isScale(StringRef name, ArrayRef<int64_t> shape) {
  return shape.size() == 1 && name.ends_with(".weight");
}

struct Sine {
  static constexpr const char *name = "closed-form";

  Sine(StringRef tensor, ArrayRef<int64_t> shape)
      : shift(isScale(tensor, shape) ? 1.0 : 0.0) {
    unsigned hash = 0;
    for (unsigned char c : tensor)
      hash = (31 * hash + c) % 9973;
    phase = 0.01 * hash;
  }
  double operator()(int64_t i) const {
    return 0.05 * std::sin(0.37 * static_cast<double>(i) + phase) + shift;
  }

  double phase, shift;
};

struct Random {
  static constexpr const char *name = "closed-form:random";

  Random(StringRef tensor, ArrayRef<int64_t> shape) {
    for (unsigned char c : tensor)
      hash = (hash ^ c) * 0x100000001b3;
    if (isScale(tensor, shape)) {
      scale = 0.1;
      shift = 1.0;
    } else if (shape.size() > 1) {
      double fanIn = 1;
      for (int64_t length : shape.drop_front())
        fanIn *= static_cast<double>(length);
      scale = std::sqrt(3.0 / fanIn);
    }
  }
  double operator()(int64_t i) const {
    uint64_t z = hash + static_cast<uint64_t>(i) + 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    z ^= z >> 31;
    double uniform = static_cast<double>(z >> 40) * 0x1p-23 - 1.0;
    return scale * uniform + shift;
  }

  uint64_t hash = 0xcbf29ce484222325;
  double scale = 0.02, shift = 0.0;
};

} // namespace

std::unique_ptr<WeightSource> vitc::makeClosedFormWeights(StringRef name) {
  if (name == Sine::name)
    return std::make_unique<ClosedFormWeights<Sine>>();
  if (name == Random::name)
    return std::make_unique<ClosedFormWeights<Random>>();
  return nullptr;
}
