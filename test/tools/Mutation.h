//===- Mutation.h - Damaged copies of JSON documents ------------*- C++ -*-===//
//
// What programs share that import damaged files.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_TEST_TOOLS_MUTATION_H
#define VITC_TEST_TOOLS_MUTATION_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <random>
#include <vector>

namespace vitc {

struct Tally {
  unsigned rejected = 0, accepted = 0, failures = 0;

  /// Prints it; returns the program's status.
  int print() const {
    llvm::outs() << rejected << " refused, " << accepted << " still right, "
                 << failures << " failures\n";
    return failures != 0;
  }
};

/// A context whose diagnostics, none of which is for users, are failures.
class SilentContext : public mlir::MLIRContext {
public:
  SilentContext() : MLIRContext(Threading::DISABLED) {
    getDiagEngine().registerHandler([this](mlir::Diagnostic &diagnostic) {
      llvm::errs() << "not for users: " << diagnostic << '\n';
      spoke = true;
    });
  }
  bool spoke = false;
};

/// Makes damaged copies. Edits of whole words and numbers leave most of them
/// well-formed, so that they reach every part of what reads them.
class JsonMutator {
public:
  explicit JsonMutator(llvm::StringRef text) : text(text) {
    for (size_t i = 0; i < text.size(); ++i)
      if (text[i] == '"' || llvm::isDigit(text[i]))
        i = addWord(i);
  }

  /// The next copy with one to three edits.
  std::string next() {
    std::string copy = text.str();
    for (size_t edits = 1 + below(3); edits; --edits) {
      // The words' places hold for the first edit; later ones cut anywhere.
      auto [begin, end] = words[below(words.size())];
      begin = std::min(begin, copy.size());
      end = std::clamp(end, begin, copy.size());
      copy.replace(begin, end - begin, replacement(copy.substr(begin, 9)));
    }
    return copy;
  }

  size_t below(size_t limit) { return random() % limit; }

private:
  /// Notes the string or number that begins at `begin`; returns its last byte.
  size_t addWord(size_t begin) {
    size_t end = begin + 1;
    if (text[begin] == '"')
      end = std::min(text.find('"', end), text.size() - 1) + 1;
    else
      while (end < text.size() && llvm::isAlnum(text[end]))
        ++end;
    words.push_back({begin, end});
    return end - 1;
  }

  std::string replacement(const std::string &old) {
    static constexpr const char *otherValues[] = {
        "-1",         "0",       "1e999",        "9223372036854775808",
        "1e-320",     "null",    "true",         "[]",
        "{}",         "\"\"",    "\"\xff\xfe\"", "\"\\ud800\"",
        "\"{name}\"", "\"1/0\"", "\"0 // 0\"",   "\"range(1000000000)\"",
        "4294967296", "[[[[[[",  "\"((((((((\"", "1048576"};
    switch (below(8)) {
    case 0:
      return "";
    case 1:
      return otherValues[below(std::size(otherValues))];
    case 2:
      return std::string(1, static_cast<char>(random())) + old;
    default: {
      auto [begin, end] = words[below(words.size())];
      return text.substr(begin, end - begin).str();
    }
    }
  }

  llvm::StringRef text;
  std::vector<std::pair<size_t, size_t>> words;
  std::mt19937 random{20240229};
};

inline bool writeText(llvm::StringRef path, llvm::StringRef text) {
  std::error_code error;
  llvm::raw_fd_ostream file(path, error);
  file << text;
  return !error;
}

} // namespace vitc

#endif // VITC_TEST_TOOLS_MUTATION_H
