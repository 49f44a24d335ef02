//===- BenchRun.h - A model ready to be timed -------------------*- C++ -*-===//

#ifndef VITC_CODEGEN_DRIVER_BENCHRUN_H
#define VITC_CODEGEN_DRIVER_BENCHRUN_H

#include "codegen/driver/ModelOptions.h"

#include "llvm/ADT/STLExtras.h"

namespace vitc {

/// Fewest runs that are measured.
constexpr unsigned minimumRuns = 5;

/// The monotonic clock.
double milliseconds();

/// What was measured of one thing, a value for every run.
struct Samples {
  std::vector<double> values;

  /// The value below which `share` of the samples lie.
  double quantile(double share) {
    llvm::sort(values);
    return values[size_t(share * double(values.size() - 1) + 0.5)];
  }
};

/// The layer that a step is part of, alike in all blocks. Steps of other kinds
/// than the layer's product stand apart.
std::string layerName(const vitc_step &step);

/// A loaded model with a session, inputs of fixed numbers, and room for the
/// outputs.
class BenchRun {
public:
  /// Loads the model; one run has touched the pages of its arena and weights.
  static llvm::Expected<std::unique_ptr<BenchRun>>
  create(const ModelOptions &options, const ModelFiles &files, uint64_t images);

  const vitc_model &model() const { return loaded->model(); }
  const vitc_level &level() const { return *loaded->level(); }
  vitc_parallel parallel() const { return loaded->parallel(); }
  /// The bytes of every output, rounded up to whole floats.
  llvm::ArrayRef<std::vector<float>> outputs() const { return results; }

  /// One run, in milliseconds.
  llvm::Expected<double> time();
  /// From now on every run also takes the time of its steps, in nanoseconds.
  llvm::Error profile();
  llvm::ArrayRef<uint64_t> stepTimes() const { return nanoseconds; }

private:
  BenchRun() = default;

  std::unique_ptr<LoadedModel> loaded;
  vitc_session *session = nullptr; ///< the model's
  uint64_t images = 0;
  std::vector<std::vector<float>> arguments, results;
  std::vector<uint64_t> nanoseconds;
};

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_BENCHRUN_H
