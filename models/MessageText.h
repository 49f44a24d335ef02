//===- MessageText.h - Names and shapes in messages -------------*- C++ -*-===//

#ifndef VITC_MODELS_MESSAGETEXT_H
#define VITC_MODELS_MESSAGETEXT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>

namespace vitc {

/// A name from a file for a message: in quotes, control characters escaped,
/// shortened if it is long.
std::string quoteName(llvm::StringRef name);

/// "[2, 3]".
std::string formatShape(llvm::ArrayRef<int64_t> shape);

/// "2 x 3".
std::string shapeText(llvm::ArrayRef<int64_t> shape);

/// What the JSON library's exception says, without its number, the place and
/// the text that was read last, which may be long and is the file's own.
std::string jsonErrorText(llvm::StringRef what);

} // namespace vitc

#endif // VITC_MODELS_MESSAGETEXT_H
