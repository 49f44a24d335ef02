//===- CheckWeights.cpp - Does a checkpoint fit a model? ------------------===//

#include "models/CheckWeights.h"

#include "dialect/VitOps.h"
#include "models/MessageText.h"
#include "models/NamePattern.h"
#include "models/NearestName.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/bit.h"

using namespace llvm;
using namespace mlir;
using namespace vitc;

namespace {

/// A hostile file may have a million tensors: list and compare this many.
constexpr size_t maxListed = 200;
constexpr size_t maxCompared = 4000;

/// "deit.json:12:5: error: blocks.3.attn.qkv: ", as far as it is known.
std::string describe(Location location) {
  std::string text;
  if (auto file = location->findInstanceOf<FileLineColLoc>())
    text = file.getFilename().str() + ":" + std::to_string(file.getLine()) +
           ":" + std::to_string(file.getColumn()) + ": ";
  text += "error: ";
  if (auto name = location->findInstanceOf<NameLoc>())
    text += name.getName().str() + ": ";
  return text;
}

class WeightChecker {
public:
  WeightChecker(const WeightSource &source, raw_ostream &errors)
      : source(source), errors(errors) {}

  void add(vit::WeightTensorOp op);
  LogicalResult check(ArrayRef<StringRef> unused);

private:
  void report(const std::string &text);
  void checkFinite(StringRef name, vit::WeightTensorOp op);

  const WeightSource &source;
  raw_ostream &errors;
  MapVector<StringRef, vit::WeightTensorOp> weights;
  size_t reported = 0;
};

void WeightChecker::report(const std::string &text) {
  if (++reported <= maxListed)
    errors << text << '\n';
}

/// Notes `op`'s tensor; two ops of one name must agree on the shape.
void WeightChecker::add(vit::WeightTensorOp op) {
  auto [it, isNew] = weights.insert({op.getName(), op});
  ArrayRef<int64_t> before = it->second.getType().getShape();
  if (!isNew && before != op.getType().getShape())
    report(describe(op.getLoc()) + "expected tensor " +
           quoteName(op.getName()) + " of shape " +
           formatShape(op.getType().getShape()) + ", found a use with " +
           formatShape(before));
}

/// Reports the first element that is infinite or not a number.
void WeightChecker::checkFinite(StringRef name, vit::WeightTensorOp op) {
  std::vector<float> elements(16384);
  int64_t count = op.getType().getNumElements();
  for (int64_t begin = 0; begin < count; begin += elements.size()) {
    MutableArrayRef<float> part(elements);
    part = part.take_front(static_cast<size_t>(count - begin));
    source.read(name, op.getType().getShape(), begin, part);
    constexpr uint32_t exponent = 0x7f800000;
    uint32_t found = 0;
    for (float x : part)
      found |= (llvm::bit_cast<uint32_t>(x) & exponent) == exponent;
    if (!found)
      continue;
    const float *bad = llvm::find_if(part, [](float x) {
      return (llvm::bit_cast<uint32_t>(x) & exponent) == exponent;
    });
    bool isNan = *bad != *bad;
    return report(describe(op.getLoc()) + "expected finite numbers in tensor " +
                  quoteName(name) + ", found " +
                  (isNan      ? "a NaN"
                   : *bad > 0 ? "infinity"
                              : "-infinity") +
                  " at index " + std::to_string(begin + (bad - part.data())) +
                  " in " + source.describe());
  }
}

LogicalResult WeightChecker::check(ArrayRef<StringRef> unused) {
  std::vector<std::string> names = source.names();
  llvm::StringSet<> present;
  for (const std::string &name : names)
    present.insert(name);

  // A misspelt name is on one side only: those are the ones to compare.
  auto isUnused = [&](StringRef name) {
    return holdsNoWeights(name) || llvm::any_of(unused, [&](StringRef pattern) {
             return matchesWildcard(name, pattern);
           });
  };
  std::vector<std::string> surplus, ignored, missing;
  for (std::string &name : names)
    if (!weights.contains(name))
      (isUnused(name) ? ignored : surplus).push_back(std::move(name));
  for (const auto &weight : weights)
    if (!present.contains(weight.first))
      missing.push_back(weight.first.str());
  auto nearest = [](StringRef name, ArrayRef<std::string> candidates) {
    return suggestNearest(name, candidates.take_front(maxCompared));
  };

  for (auto &[name, op] : weights) {
    if (Error error = source.check(name, op.getType().getShape()))
      report(describe(op.getLoc()) + toString(std::move(error)) +
             (present.contains(name) ? "" : nearest(name, surplus)));
    else if (!present.empty())
      checkFinite(name, op);
  }
  for (const std::string &name : surplus) {
    if (reported >= maxListed) {
      reported += 1;
      continue;
    }
    report(source.describe() +
           ": error: expected only tensors that the model "
           "needs, found " +
           quoteName(name) + nearest(name, missing));
  }
  if (reported > maxListed)
    errors << source.describe() << ": error: and " << reported - maxListed
           << " more\n";
  for (const std::string &name : ArrayRef(ignored).take_front(maxListed))
    errors << source.describe() << ": note: ignored tensor " << quoteName(name)
           << '\n';
  return success(reported == 0);
}

} // namespace

bool vitc::holdsNoWeights(StringRef name) {
  static constexpr StringRef buffers[] = {
      "position_ids",       "relative_position_index",
      "attn_mask",          "bias_mask",
      "outer_tokens",       "mask_token",
      "num_batches_tracked"};
  return is_contained(buffers, name.rsplit('.').second) ||
         is_contained(buffers, name);
}

LogicalResult vitc::checkWeights(ModuleOp module, const WeightSource &source,
                                 raw_ostream &errors) {
  SmallVector<StringRef> unused;
  if (auto names = module->getAttrOfType<ArrayAttr>("vit.unused_weights"))
    for (auto name : names.getAsRange<StringAttr>())
      unused.push_back(name.getValue());
  WeightChecker checker(source, errors);
  module.walk([&](vit::WeightTensorOp op) { checker.add(op); });
  return checker.check(unused);
}
