//===- Target.h - CPU levels as code generation sees them ------*- C++ -*-===//

#ifndef VITC_CODEGEN_TARGET_H
#define VITC_CODEGEN_TARGET_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace llvm {
class TargetMachine;
} // namespace llvm

namespace vitc {

/// A CPU level: a set of features, never a CPU's name.
struct CpuLevel {
  std::string name;   ///< "x86-64-v4"
  uint64_t features;  ///< vitc_cpu_feature bits
  int64_t vectorBits; ///< of the widest registers that kernels use
};

/// All levels, best first.
llvm::ArrayRef<CpuLevel> cpuLevels();

/// The level called `name`; "native" is the best one that this CPU and its
/// operating system support.
llvm::Expected<CpuLevel> lookupLevel(llvm::StringRef name);

/// A machine that generates position-independent code for `level`.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const CpuLevel &level, llvm::StringRef triple);

} // namespace vitc

#endif // VITC_CODEGEN_TARGET_H
