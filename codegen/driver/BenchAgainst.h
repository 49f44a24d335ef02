//===- BenchAgainst.h - Two compiled models in turn -------------*- C++ -*-===//

#ifndef VITC_CODEGEN_DRIVER_BENCHAGAINST_H
#define VITC_CODEGEN_DRIVER_BENCHAGAINST_H

#include "codegen/driver/BenchRun.h"

namespace vitc {

struct BenchSettings {
  unsigned images;
  double seconds;
  bool perStep, asJson;
};

/// Runs `run` and the model at `path` in turn, and prints how their times
/// compare in each layer and whether their outputs agree. Returns the exit code
/// of the process.
int benchAgainst(const ModelOptions &options, BenchRun &run,
                 llvm::StringRef path, const BenchSettings &settings);

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_BENCHAGAINST_H
