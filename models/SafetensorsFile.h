//===- SafetensorsFile.h - A checkpoint on disk -----------------*- C++ -*-===//
//
// A safetensors file, mapped and not copied: eight bytes with the length of the
// header, the header in JSON, the data of the tensors without gaps. The format
// is described at https://github.com/huggingface/safetensors.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_SAFETENSORSFILE_H
#define VITC_MODELS_SAFETENSORSFILE_H

#include "models/SafetensorsHeader.h"
#include "models/WeightSource.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"

namespace vitc {

class SafetensorsFile final : public WeightSource {
public:
  /// Maps the file at `path` and checks all of its header. The file must not
  /// change while the object lives.
  static llvm::Expected<std::unique_ptr<SafetensorsFile>>
  open(llvm::StringRef path);

  /// The same for bytes in memory; messages call them by the buffer's name.
  static llvm::Expected<std::unique_ptr<SafetensorsFile>>
  parse(std::unique_ptr<llvm::MemoryBuffer> buffer);

  /// Null if there is no such tensor.
  const SafetensorsEntry *lookup(llvm::StringRef name) const;

  std::string describe() const override;
  llvm::Error check(llvm::StringRef name,
                    llvm::ArrayRef<int64_t> shape) const override;
  std::vector<std::string> names() const override;
  void read(llvm::StringRef name, llvm::ArrayRef<int64_t> shape, int64_t begin,
            llvm::MutableArrayRef<float> out) const override;
  Digest digest() const override;

  /// Of all tensors of `files`; the same as if they were in one file.
  static Digest digest(llvm::ArrayRef<const SafetensorsFile *> files);

private:
  SafetensorsFile(std::unique_ptr<llvm::MemoryBuffer> buffer,
                  llvm::StringRef data, std::vector<SafetensorsEntry> entries);

  std::unique_ptr<llvm::MemoryBuffer> buffer;
  llvm::StringRef data;
  std::vector<SafetensorsEntry> entries;
  llvm::StringMap<size_t> index;
};

} // namespace vitc

#endif // VITC_MODELS_SAFETENSORSFILE_H
