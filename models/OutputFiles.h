//===- OutputFiles.h - Files that appear whole and together -----*- C++ -*-===//

#ifndef VITC_MODELS_OUTPUTFILES_H
#define VITC_MODELS_OUTPUTFILES_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <vector>

namespace vitc {

using WriteContent = llvm::function_ref<llvm::Error(llvm::raw_pwrite_stream &)>;

/// Files are written under temporary names and get their own in commit().
/// Without it, after a failure or a signal, nothing of them is left. What can
/// still fail in commit() is a rename, one file after the other.
class OutputFiles {
public:
  OutputFiles() = default;
  OutputFiles(const OutputFiles &) = delete;
  OutputFiles &operator=(const OutputFiles &) = delete;
  ~OutputFiles();

  /// Writes what is to be the file at `path`, in whose place there may be
  /// nothing but a regular file.
  llvm::Error write(llvm::StringRef path, WriteContent content);
  llvm::Error commit();

private:
  std::vector<std::pair<llvm::sys::fs::TempFile, std::string>> files;
};

/// Makes the directory at `path`, and those above it, unless it is there.
llvm::Error makeDirectory(llvm::StringRef path);

/// Writes one file: all of it or nothing.
llvm::Error writeFile(llvm::StringRef path, WriteContent content);

} // namespace vitc

#endif // VITC_MODELS_OUTPUTFILES_H
