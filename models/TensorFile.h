//===- TensorFile.h - A file of named tensors -------------------*- C++ -*-===//
//
// What the readers of safetensors and .npz files have in common once the file
// is taken apart: a list of tensors whose bytes are in memory.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_TENSORFILE_H
#define VITC_MODELS_TENSORFILE_H

#include "models/WeightSource.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

namespace vitc {

struct StoredTensor {
  std::string name;
  std::string dtype; ///< as safetensors calls it: "F32", "BF16", "I64", ...
  llvm::SmallVector<int64_t, 4> shape;
  /// The elements, little-endian in C order; aligned to nothing. As long as
  /// type and shape say.
  llvm::ArrayRef<uint8_t> data;
};

class TensorFile : public WeightSource {
public:
  /// Opens a .npz file, or else a safetensors file.
  static llvm::Expected<std::unique_ptr<TensorFile>> open(llvm::StringRef path);

  /// Null if there is no such tensor.
  const StoredTensor *lookup(llvm::StringRef name) const;
  llvm::ArrayRef<StoredTensor> tensors() const { return list; }

  std::string describe() const override;
  llvm::Error check(llvm::StringRef name,
                    llvm::ArrayRef<int64_t> shape) const override;
  std::vector<std::string> names() const override;
  void read(llvm::StringRef name, llvm::ArrayRef<int64_t> shape, int64_t begin,
            llvm::MutableArrayRef<float> out) const override;
  Digest digest() const override;

  /// Of all tensors of `files`; the same as if they were in one file.
  static Digest digest(llvm::ArrayRef<const TensorFile *> files);

protected:
  explicit TensorFile(llvm::StringRef path) : path(path) {}

  /// Adds a tensor; false if there is one of that name.
  bool add(StoredTensor tensor);

private:
  std::string path;
  std::vector<StoredTensor> list;
  llvm::StringMap<size_t> index;
};

} // namespace vitc

#endif // VITC_MODELS_TENSORFILE_H
