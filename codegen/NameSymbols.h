//===- NameSymbols.h - The prefix on every symbol of an object --*- C++ -*-===//

#ifndef VITC_CODEGEN_NAMESYMBOLS_H
#define VITC_CODEGEN_NAMESYMBOLS_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Support/raw_ostream.h"

namespace vitc {

/// Writes `object` to `os` with PREFIX_ before every symbol that it defines and
/// that lacks it: code generation names constants that it finds itself
/// (".LCPI0_1") without knowing the prefix. Only ELF objects are changed.
llvm::Error nameSymbols(llvm::MemoryBufferRef object, llvm::StringRef prefix,
                        llvm::raw_ostream &os);

} // namespace vitc

#endif // VITC_CODEGEN_NAMESYMBOLS_H
