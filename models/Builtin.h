//===- Builtin.h - Specs inside the program ---------------------*- C++ -*-===//
//
// The files of specs/ and families/ as they were when vitc was built;
// EmbedSpecs.cmake writes the table.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_BUILTIN_H
#define VITC_MODELS_BUILTIN_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace vitc {

struct BuiltinSpec {
  llvm::StringRef name; ///< of the file, without ".json"
  llvm::StringRef text;
};

llvm::ArrayRef<BuiltinSpec> builtinSpecs();

/// The same of families/.
llvm::ArrayRef<BuiltinSpec> builtinFamilies();

} // namespace vitc

#endif // VITC_MODELS_BUILTIN_H
