//===- SafetensorsFile.h - A checkpoint on disk -----------------*- C++ -*-===//
//
// A safetensors file, mapped and not copied: eight bytes with the length of the
// header, the header in JSON, the data of the tensors without gaps. The format
// is described at https://github.com/huggingface/safetensors.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_SAFETENSORSFILE_H
#define VITC_MODELS_SAFETENSORSFILE_H

#include "models/TensorFile.h"

#include "llvm/Support/MemoryBuffer.h"

namespace vitc {

class SafetensorsFile final : public TensorFile {
public:
  /// Maps the file at `path` and checks all of its header. The file must not
  /// change while the object lives.
  static llvm::Expected<std::unique_ptr<SafetensorsFile>>
  open(llvm::StringRef path);

  /// The same for bytes in memory; messages call them by the buffer's name.
  static llvm::Expected<std::unique_ptr<SafetensorsFile>>
  parse(std::unique_ptr<llvm::MemoryBuffer> buffer);

private:
  explicit SafetensorsFile(std::unique_ptr<llvm::MemoryBuffer> buffer)
      : TensorFile(buffer->getBufferIdentifier()), buffer(std::move(buffer)) {}

  std::unique_ptr<llvm::MemoryBuffer> buffer;
};

} // namespace vitc

#endif // VITC_MODELS_SAFETENSORSFILE_H
