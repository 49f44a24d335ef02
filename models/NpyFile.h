//===- NpyFile.h - Arrays in NumPy's file format ----------------*- C++ -*-===//
//
// Reads and writes .npy files, versions 1 to 3, with C order and little-endian
// numbers. The format is described in NumPy's documentation, numpy.lib.format.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_NPYFILE_H
#define VITC_MODELS_NPYFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cstdint>
#include <memory>

namespace vitc {

enum class NpyType {
  F32,
  F64,
  U8,
  F16,
  BF16,
  I8,
  I16,
  I32,
  I64,
  U16,
  U32,
  U64
};

/// "float32", as NumPy calls it.
llvm::StringRef npyTypeName(NpyType type);

/// "F32", as safetensors calls it.
llvm::StringRef npyDtype(NpyType type);

class NpyFile {
public:
  /// Maps the file at `path` and checks it. Errors name the file.
  static llvm::Expected<NpyFile> open(llvm::StringRef path);

  /// The same for bytes in memory; errors call them by the buffer's name.
  static llvm::Expected<NpyFile>
  parse(std::unique_ptr<llvm::MemoryBuffer> buffer);

  NpyType type() const { return elementType; }
  llvm::ArrayRef<int64_t> shape() const { return dimensions; }

  /// The elements, little-endian in C order; aligned to nothing. As long as the
  /// shape says.
  llvm::ArrayRef<uint8_t> data() const { return elements; }

private:
  std::unique_ptr<llvm::MemoryBuffer> buffer;
  NpyType elementType = NpyType::F32;
  llvm::SmallVector<int64_t, 4> dimensions;
  llvm::ArrayRef<uint8_t> elements;
};

/// Writes an array; `data` is as NpyFile::data gives it, `shape` its shape. The
/// file appears when it is complete.
llvm::Error writeNpy(llvm::StringRef path, NpyType type,
                     llvm::ArrayRef<int64_t> shape,
                     llvm::ArrayRef<uint8_t> data);

} // namespace vitc

#endif // VITC_MODELS_NPYFILE_H
