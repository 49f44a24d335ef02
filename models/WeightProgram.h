//===- WeightProgram.h - Evaluate the weight ops ----------------*- C++ -*-===//
//
// The weight ops of a model are a program over checkpoint tensors. A value is
// evaluated by ranges: whoever packs it asks for a few rows, the request goes
// down to the source, and what is not asked for is never in memory. Numbers are
// only moved in f32; where they are computed with, that is done in float64 and
// rounded to f32 once, at the end.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_WEIGHTPROGRAM_H
#define VITC_MODELS_WEIGHTPROGRAM_H

#include "dialect/VitOps.h"
#include "models/WeightSource.h"

#include "llvm/ADT/DenseMap.h"

namespace vitc {

/// Every tensor that the values need must have passed checkWeights. One thread
/// at a time; the source may be shared.
class WeightProgram {
public:
  explicit WeightProgram(const WeightSource &source) : source(source) {}

  /// Elements [begin, begin + out.size()) in row-major order of `value`, the
  /// result of a weight op.
  void read(mlir::Value value, int64_t begin, llvm::MutableArrayRef<float> out);
  void read(mlir::Value value, int64_t begin,
            llvm::MutableArrayRef<double> out);

  /// All elements of `value`.
  std::vector<float> evaluate(mlir::Value value);

  /// Drops the values that were kept because others read them out of order or
  /// over and over: factors, vectors, tensors that are transposed.
  void dropKept() { kept.clear(); }

private:
  template <typename T>
  void pull(mlir::Value value, int64_t begin, llvm::MutableArrayRef<T> out);
  void compute(mlir::Operation *op, int64_t begin,
               llvm::MutableArrayRef<double> out);
  /// All elements of `value`, evaluated once.
  llvm::ArrayRef<double> keep(mlir::Value value);

  const WeightSource &source;
  llvm::DenseMap<mlir::Value, std::unique_ptr<std::vector<double>>> kept;
};

} // namespace vitc

#endif // VITC_MODELS_WEIGHTPROGRAM_H
