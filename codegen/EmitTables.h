//===- EmitTables.h - The constant that describes a model -------*- C++ -*-===//

#ifndef VITC_CODEGEN_EMITTABLES_H
#define VITC_CODEGEN_EMITTABLES_H

#include "codegen/LevelTable.h"
#include "models/ModelDescription.h"

#include "llvm/IR/Module.h"

namespace vitc {

/// Adds PREFIX_model to `module`, which defines the kernels, and returns it.
/// `weights` are those embedded in the object, or null.
llvm::GlobalVariable *
emitModelTable(llvm::Module &module, llvm::StringRef prefix,
               const ModelDescription &description, llvm::StringRef compiler,
               const LevelTable &level, llvm::Constant *weights);

} // namespace vitc

#endif // VITC_CODEGEN_EMITTABLES_H
