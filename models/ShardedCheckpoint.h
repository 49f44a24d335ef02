//===- ShardedCheckpoint.h - A checkpoint in several files ------*- C++ -*-===//
//
// An index (model.safetensors.index.json, as Hugging Face writes it) and the
// safetensors files beside it that it names.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_SHARDEDCHECKPOINT_H
#define VITC_MODELS_SHARDEDCHECKPOINT_H

#include "models/SafetensorsFile.h"

namespace vitc {

class ShardedCheckpoint final : public WeightSource {
public:
  /// Opens the index at `path` and every file that it names. A name that leads
  /// out of the index's folder is an error, as is a tensor that is in another
  /// file than the index says.
  static llvm::Expected<std::unique_ptr<ShardedCheckpoint>>
  open(llvm::StringRef path);

  /// Null if there is no such tensor.
  const StoredTensor *lookup(llvm::StringRef name) const;

  std::string describe() const override;
  llvm::Error check(llvm::StringRef name,
                    llvm::ArrayRef<int64_t> shape) const override;
  std::vector<std::string> names() const override;
  void read(llvm::StringRef name, llvm::ArrayRef<int64_t> shape, int64_t begin,
            llvm::MutableArrayRef<float> out) const override;
  Digest digest() const override;

private:
  std::string path;
  std::vector<std::unique_ptr<SafetensorsFile>> files;
  llvm::StringMap<const SafetensorsFile *> index;
};

} // namespace vitc

#endif // VITC_MODELS_SHARDEDCHECKPOINT_H
