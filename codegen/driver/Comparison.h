//===- Comparison.h - Two results of a network ------------------*- C++ -*-===//

#ifndef VITC_CODEGEN_DRIVER_COMPARISON_H
#define VITC_CODEGEN_DRIVER_COMPARISON_H

#include "models/TensorFile.h"

namespace vitc {

/// How far a result is from the recorded one.
///
/// What counts is the largest difference over a scale. The scale is the largest
/// recorded magnitude: a number much smaller than that came about by sums and
/// differences of numbers as large, and carries their rounding. Shares of one
/// (attention, probabilities), which a softmax over many entries makes as small
/// as it likes, are measured against one.
struct Comparison {
  double largest = 0;     ///< magnitude of the recorded values
  double absolute = 0;    ///< largest difference
  double cosine = 1;      ///< of the two results; the smallest over all images
  bool areShares = false; ///< nothing below 0, no row's sum above 1
  uint64_t worst = 0;     ///< element with the largest difference
  double expected = 0;    ///< its recorded value
  double found = 0;       ///< and the one in the result
  uint64_t notFinite = 0; ///< NaN and infinite elements of the result; if there
                          ///< are any, `worst` is the first

  /// The largest difference over the largest recorded magnitude.
  double relative() const;
  /// Whether the result is finite and no further off than `tolerance` times the
  /// scale.
  bool isWithin(double tolerance) const;
};

/// Compares `result`, elements of `recorded`'s shape, with `recorded`, which is
/// of type F32, F64 or U8, has at least one image, and is finite. `result` is
/// of U8 where that is, else f32.
Comparison compareResults(const StoredTensor &recorded, const char *result);

/// Element `index` of a tensor of type F32, F64 or U8.
double elementAt(llvm::StringRef dtype, const void *data, uint64_t index);

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_COMPARISON_H
