//===- LevelTable.h - What the stages decided, as plain tables --*- C++ -*-===//

#ifndef VITC_CODEGEN_LEVELTABLE_H
#define VITC_CODEGEN_LEVELTABLE_H

#include "codegen/Target.h"
#include "vitc/model.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

#include <array>

namespace vitc {

/// Bytes of the arena, for one image.
struct ArenaRange {
  uint64_t begin, end;
};

struct StepTable {
  std::string kernel, name;
  vitc_kernel_kind kind;
  std::vector<vitc_operand> operands;
  int64_t rows, grain, columns;
  uint64_t macs, weightBytes, imageBytes;
  std::vector<ArenaRange> arena; ///< what its operands span
};

/// Bound in bytes on the stack of any kernel; EmitObject checks it.
constexpr uint64_t kStackBytes = 64 << 10;

/// Everything of a level but its code.
struct LevelTable {
  CpuLevel level;
  std::vector<StepTable> steps;
  uint64_t arenaImageBytes = 0, arenaWorkerBytes = 0, weightsBytes = 0;
  std::array<uint8_t, 32> weightsHash{};
};

/// Reads the tables off a module at the end of stage tiled; `kinds` maps kernel
/// functions to what they do, taken at the end of stage buffers.
LevelTable readLevelTable(mlir::ModuleOp module, const CpuLevel &level,
                          const llvm::StringMap<vitc_kernel_kind> &kinds,
                          const std::array<uint8_t, 32> &weightsHash);

/// The kind of every kernel function of a module at the end of stage buffers.
llvm::StringMap<vitc_kernel_kind> readKernelKinds(mlir::ModuleOp module);

} // namespace vitc

#endif // VITC_CODEGEN_LEVELTABLE_H
