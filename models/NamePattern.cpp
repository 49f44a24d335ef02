//===- NamePattern.cpp - Patterns for tensor names ------------------------===//

#include "models/NamePattern.h"
#include "models/MessageText.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace vitc;

std::optional<NamePattern> NamePattern::parse(StringRef text,
                                              std::string &error) {
  NamePattern pattern;
  StringRef rest = text;
  while (true) {
    size_t brace = rest.find_first_of("{}");
    pattern.texts.push_back(rest.take_front(brace).str());
    if (brace == StringRef::npos)
      return pattern;
    size_t end = rest.find('}', brace);
    if (rest[brace] == '}' || end == StringRef::npos) {
      error = "expected placeholders in braces, found " + quoteName(text);
      return std::nullopt;
    }
    StringRef name = rest.slice(brace + 1, end);
    bool isWord = !name.empty() && !isDigit(name[0]) &&
                  all_of(name, [](char c) { return isAlnum(c) || c == '_'; });
    if (!isWord || is_contained(pattern.placeholders, name)) {
      error = (isWord ? "expected a placeholder once, found "
                      : "expected a word in braces, found ") +
              quoteName(name);
      return std::nullopt;
    }
    pattern.placeholders.push_back(name.str());
    rest = rest.drop_front(end + 1);
  }
}

std::optional<std::vector<std::string>>
NamePattern::match(StringRef name) const {
  std::vector<std::string> found;
  if (!name.consume_front(texts[0]))
    return std::nullopt;
  for (StringRef next : ArrayRef(texts).drop_front()) {
    StringRef value = name.take_front(name.find('.'));
    // Text that begins inside the value ends it.
    if (!next.empty() && next[0] != '.')
      value = value.take_front(value.find(next, 1));
    if (value.empty())
      return std::nullopt;
    found.push_back(value.str());
    name = name.drop_front(value.size());
    if (!name.consume_front(next))
      return std::nullopt;
  }
  return name.empty() ? std::optional(found) : std::nullopt;
}

bool vitc::matchesWildcard(StringRef name, StringRef pattern) {
  auto [part, rest] = pattern.split('*');
  if (part.size() == pattern.size())
    return name == pattern;
  if (!name.consume_front(part))
    return false;
  // The first place for every further part is as good as any other.
  while (rest.contains('*')) {
    std::tie(part, rest) = rest.split('*');
    size_t at = name.find(part);
    if (at == StringRef::npos)
      return false;
    name = name.drop_front(at + part.size());
  }
  return name.ends_with(rest);
}
