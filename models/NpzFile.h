//===- NpzFile.h - Several arrays of NumPy in one file ----------*- C++ -*-===//
//
// A .npz file, as numpy.savez writes it: a zip file whose members are .npy
// files. The tensor NAME is the member NAME.npy. All of it is unpacked into
// memory when it is opened, and the members' checksums are compared.
//
// A zip file may come from anyone. Its names are never paths here, and what it
// unpacks to is bounded by a multiple of the file's own size.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_NPZFILE_H
#define VITC_MODELS_NPZFILE_H

#include "models/NpyFile.h"
#include "models/TensorFile.h"

namespace vitc {

class NpzFile final : public TensorFile {
public:
  /// Reads and checks the file at `path`. Errors name the file and the member.
  static llvm::Expected<std::unique_ptr<NpzFile>> open(llvm::StringRef path);

  /// The same for bytes in memory; errors call them by the buffer's name.
  static llvm::Expected<std::unique_ptr<NpzFile>>
  parse(const llvm::MemoryBuffer &buffer);

private:
  explicit NpzFile(llvm::StringRef path) : TensorFile(path) {}

  std::vector<NpyFile> arrays; ///< hold the tensors' bytes
};

} // namespace vitc

#endif // VITC_MODELS_NPZFILE_H
