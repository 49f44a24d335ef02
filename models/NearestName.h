//===- NearestName.h - "did you mean" ---------------------------*- C++ -*-===//

#ifndef VITC_MODELS_NEARESTNAME_H
#define VITC_MODELS_NEARESTNAME_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace vitc {

/// "; did you mean 'linear'?" for the candidate that `found` is a likely
/// misspelling of, or nothing.
std::string suggestNearest(llvm::StringRef found,
                           llvm::ArrayRef<std::string> candidates);

} // namespace vitc

#endif // VITC_MODELS_NEARESTNAME_H
