//===- NearestName.cpp - "did you mean" -----------------------------------===//

#include "models/NearestName.h"

#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <vector>

/// Insertions, deletions, replacements and swaps of neighbours that turn one
/// text into the other, whatever the case of their letters; `limit` if there
/// are that many or more.
static size_t editDistance(llvm::StringRef from, llvm::StringRef to,
                           size_t limit) {
  // Rows of the usual table: the current one and the two before it.
  std::vector<size_t> row(to.size() + 1), above(row), twoAbove(row);
  for (size_t j = 0; j <= to.size(); ++j)
    row[j] = j;
  auto same = [&](size_t i, size_t j) {
    return llvm::toLower(from[i]) == llvm::toLower(to[j]);
  };
  for (size_t i = 1; i <= from.size(); ++i) {
    twoAbove.swap(above);
    above.swap(row);
    row[0] = i;
    for (size_t j = 1; j <= to.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1,
                         above[j - 1] + (same(i - 1, j - 1) ? 0 : 1)});
      if (i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1))
        row[j] = std::min(row[j], twoAbove[j - 2] + 1);
    }
    if (*std::min_element(row.begin(), row.end()) >= limit &&
        *std::min_element(above.begin(), above.end()) >= limit)
      return limit;
  }
  return std::min(row.back(), limit);
}

std::string vitc::suggestNearest(llvm::StringRef found,
                                 llvm::ArrayRef<std::string> candidates) {
  // A third of the letters may differ; names from hostile files may be long.
  constexpr size_t longest = 200;
  if (found.size() > longest)
    return "";
  size_t limit = std::max<size_t>(1, (found.size() + 1) / 3) + 1;
  llvm::StringRef nearest;
  for (llvm::StringRef candidate : candidates) {
    if (candidate.size() > longest || candidate == found)
      continue;
    size_t distance = editDistance(found, candidate, limit);
    if (distance < limit) {
      limit = distance;
      nearest = candidate;
    }
  }
  return nearest.empty() ? "" : "; did you mean '" + nearest.str() + "'?";
}
