//===- NearestName.cpp - "did you mean" -----------------------------------===//

#include "models/NearestName.h"

#include <algorithm>

std::string vitc::suggestNearest(llvm::StringRef found,
                                 llvm::ArrayRef<std::string> candidates) {
  // A third of the letters may differ; names from hostile files may be long.
  constexpr size_t longest = 200;
  if (found.size() > longest)
    return "";
  unsigned limit = std::max<size_t>(1, (found.size() + 1) / 3) + 1;
  llvm::StringRef nearest;
  for (llvm::StringRef candidate : candidates) {
    if (candidate.size() > longest || candidate == found)
      continue;
    unsigned distance = found.edit_distance_insensitive(
        candidate, /*AllowReplacements=*/true, limit);
    if (distance < limit) {
      limit = distance;
      nearest = candidate;
    }
  }
  return nearest.empty() ? "" : "; did you mean '" + nearest.str() + "'?";
}
