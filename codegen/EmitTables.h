//===- EmitTables.h - The constant that describes a model ------*- C++ -*-===//
//
// Gathers what the buffers and tiled stages decided into plain tables, and
// writes them as the `vitc_model` constant of an LLVM module.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_CODEGEN_EMITTABLES_H
#define VITC_CODEGEN_EMITTABLES_H

#include "codegen/Target.h"
#include "models/ModelDescription.h"
#include "vitc/model.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"

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

/// Adds PREFIX_model to `module`, which defines the kernels, and returns it.
/// `weights` are those embedded in the object, or null.
llvm::GlobalVariable *
emitModelTable(llvm::Module &module, llvm::StringRef prefix,
               const ModelDescription &description, llvm::StringRef compiler,
               const LevelTable &level, llvm::Constant *weights);

/// Adds PREFIX_run, which walks the steps of `model` on the calling thread.
void emitRunFunction(llvm::Module &module, llvm::StringRef prefix,
                     const LevelTable &level);

} // namespace vitc

#endif // VITC_CODEGEN_EMITTABLES_H
