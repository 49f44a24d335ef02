//===- EmitRun.h - The function that runs a model ---------------*- C++ -*-===//

#ifndef VITC_CODEGEN_EMITRUN_H
#define VITC_CODEGEN_EMITRUN_H

#include "codegen/LevelTable.h"

#include "llvm/IR/Module.h"

namespace vitc {

/// Adds PREFIX_run, which walks the steps of emitModelTable's table on the
/// calling thread.
void emitRunFunction(llvm::Module &module, llvm::StringRef prefix,
                     const LevelTable &level);

} // namespace vitc

#endif // VITC_CODEGEN_EMITRUN_H
