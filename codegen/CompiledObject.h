//===- CompiledObject.h - What an object says of its model ------*- C++ -*-===//
//
// Reads the `vitc_model` of an object file without loading it: the bytes of the
// constant, and the relocations where it has pointers. The object may be for
// another machine than this one, and may come from anyone: all that it says is
// checked, and none of it runs.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_CODEGEN_COMPILEDOBJECT_H
#define VITC_CODEGEN_COMPILEDOBJECT_H

#include "models/WeightSource.h"

#include "llvm/Support/MemoryBufferRef.h"

namespace vitc {

struct CompiledObject {
  struct Level {
    std::string name; ///< "x86-64-v4"
    uint64_t weightsBytes;
    Digest weightsHash; ///< of the layout that its steps expect
  };
  std::string name, compiler;
  std::string build; ///< ModelDescription::build
  std::vector<Level> levels;

  /// Reads the object file at `path`; errors name it.
  static llvm::Expected<CompiledObject> open(llvm::StringRef path);

  /// The same for bytes in memory.
  static llvm::Expected<CompiledObject> parse(llvm::MemoryBufferRef buffer);
};

} // namespace vitc

#endif // VITC_CODEGEN_COMPILEDOBJECT_H
