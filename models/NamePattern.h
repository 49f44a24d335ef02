//===- NamePattern.h - Patterns for tensor names ----------------*- C++ -*-===//

#ifndef VITC_MODELS_NAMEPATTERN_H
#define VITC_MODELS_NAMEPATTERN_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace vitc {

/// A name with placeholders, "blocks.{i}.norm1.{part}". A placeholder stands
/// for one or more characters other than a dot.
class NamePattern {
public:
  /// Nothing, and what is wrong in `error`, if braces don't match or a
  /// placeholder is no word or named twice.
  static std::optional<NamePattern> parse(llvm::StringRef text,
                                          std::string &error);

  /// What the placeholders stand for in `name`, in their order; nothing if the
  /// pattern does not describe all of it.
  std::optional<std::vector<std::string>> match(llvm::StringRef name) const;

  std::vector<std::string> placeholders;

private:
  /// The text before, between and behind the placeholders.
  std::vector<std::string> texts;
};

/// True if `pattern`, where * stands for anything, describes all of `name`.
bool matchesWildcard(llvm::StringRef name, llvm::StringRef pattern);

} // namespace vitc

#endif // VITC_MODELS_NAMEPATTERN_H
