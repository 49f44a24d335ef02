//===- EmitObject.h - From the LLVM dialect to an object -------*- C++ -*-===//

#ifndef VITC_CODEGEN_EMITOBJECT_H
#define VITC_CODEGEN_EMITOBJECT_H

#include "codegen/LevelTable.h"
#include "models/ModelDescription.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace vitc {

/// What to write: LLVM IR before optimisation, assembly, or an object.
enum class ObjectFormat { LlvmIr, Assembly, Object };

/// Names and tables that go into the object beside the kernels.
struct ObjectContents {
  std::string prefix;
  std::string compiler;
  const ModelDescription *description;
  const LevelTable *level;
  /// Weights file whose bytes become a section of the object; empty: none.
  std::string weightsFile;
};

/// Translates a module in the LLVM dialect whose functions are kernels, adds
/// PREFIX_model and PREFIX_run, optimises, and writes it to `os`.
llvm::Error emitObject(mlir::ModuleOp module, const ObjectContents &contents,
                       llvm::StringRef triple, ObjectFormat format,
                       llvm::raw_pwrite_stream &os);

} // namespace vitc

#endif // VITC_CODEGEN_EMITOBJECT_H
