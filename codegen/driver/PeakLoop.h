//===- PeakLoop.h - The machine's multiply-add peak -------------*- C++ -*-===//
//
// A loop of fused multiply-adds on registers, compiled for the vector width of
// a level: what the arithmetic units do at most, at the clock of the moment.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_CODEGEN_DRIVER_PEAKLOOP_H
#define VITC_CODEGEN_DRIVER_PEAKLOOP_H

#include "vitc/runtime.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace vitc {

class PeakLoop {
public:
  /// Compiles the loop for the CPU features of a level.
  static llvm::Expected<PeakLoop> create(const vitc_level &level);

  /// Runs the loop for about a millisecond on every worker of `parallel` at
  /// once; returns the sum of their floating-point operations a second.
  double measure(const vitc_parallel &parallel) const;

private:
  using Function = float (*)(int64_t iterations, float factor, float addend);

  std::unique_ptr<llvm::orc::LLJIT> jit;
  Function function = nullptr;
  double flopsPerIteration = 0;
  int64_t iterations = 0;
};

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_PEAKLOOP_H
