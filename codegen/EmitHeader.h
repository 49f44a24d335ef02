//===- EmitHeader.h - The C header of a compiled model ---------*- C++ -*-===//

#ifndef VITC_CODEGEN_EMITHEADER_H
#define VITC_CODEGEN_EMITHEADER_H

#include "codegen/LevelTable.h"
#include "models/ModelDescription.h"

#include "llvm/Support/raw_ostream.h"

namespace vitc {

/// Writes the header that declares what the object of a model defines: what
/// goes in and out, sizes as macros, and an example. `embedded` says that the
/// weights are in the object.
void emitHeader(llvm::raw_ostream &os, llvm::StringRef prefix,
                llvm::StringRef compiler, const ModelDescription &description,
                const LevelTable &level, bool embedded);

} // namespace vitc

#endif // VITC_CODEGEN_EMITHEADER_H
