//===- SafetensorsHeader.h - JSON part of a safetensors file ----*- C++ -*-===//
//
// Reads the directory of a safetensors file and checks all of it: the text, the
// element types, the shapes, and that the tensors cover the data without holes
// or overlaps, as the format demands. Nothing in the text is trusted.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_SAFETENSORSHEADER_H
#define VITC_MODELS_SAFETENSORSHEADER_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace vitc {

/// A tensor of the file; its bytes are [begin, end) of the data.
struct SafetensorsEntry {
  std::string name;
  std::string dtype; ///< as the file says: "F32", "BF16", "I64", ...
  llvm::SmallVector<int64_t, 4> shape;
  uint64_t begin = 0, end = 0;
};

/// Parses `json`, the header of a file with `dataBytes` bytes of data behind
/// it. The entries come sorted by their place in the data.
llvm::Expected<std::vector<SafetensorsEntry>>
parseSafetensorsHeader(llvm::StringRef json, uint64_t dataBytes);

} // namespace vitc

#endif // VITC_MODELS_SAFETENSORSHEADER_H
