//===- ReadFile.h - The bytes of a file ------------------------*- C++ -*-===//

#ifndef VITC_MODELS_READFILE_H
#define VITC_MODELS_READFILE_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <limits>

namespace vitc {

/// The bytes of the regular file at `path`, mapped where it is large; no null
/// byte follows them. The error names the path and says why there are none:
/// what the system says, another kind of file, more than `most` bytes.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readFile(llvm::StringRef path,
         uint64_t most = std::numeric_limits<uint64_t>::max());

/// Documents that people write, and what families and labels are.
constexpr uint64_t maxSpecBytes = 4 << 20;

/// Documents that come with checkpoints; some list every token of a text model.
constexpr uint64_t maxDocumentBytes = 64 << 20;

} // namespace vitc

#endif // VITC_MODELS_READFILE_H
