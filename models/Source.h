//===- Source.h - Where a text comes from, and what is wrong in it -*- C++ -*-//
//
// Errors of a spec are collected, not printed one by one: a reader wants all of
// them, each once, however often the faulty part is repeated.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_SOURCE_H
#define VITC_MODELS_SOURCE_H

#include "models/MessageText.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace vitc {

/// A text with the name that messages call it by.
struct Source {
  Source(std::string name, std::string text, bool isFile = true);

  /// Line and column, both from 1; columns count bytes.
  std::pair<unsigned, unsigned> lineColumn(size_t offset) const;

  std::string name, text;
  bool isFile; ///< messages give line and column

private:
  std::vector<size_t> lines; ///< offset of every line's first byte
};

/// All errors found so far.
class Diagnostics {
public:
  /// Adds "name:line:column: error: text" or, for what is no file, "error:
  /// name: text", unless it is there already.
  void add(const Source &source, size_t offset, const llvm::Twine &text);
  /// Adds "error: text".
  void add(const llvm::Twine &text);

  bool empty() const { return errors.empty(); }
  /// True if further errors are left out.
  bool isFull() const;
  void print(llvm::raw_ostream &os) const;

private:
  void addLine(std::string line);

  std::vector<std::string> errors;
  llvm::StringSet<> seen;
};

/// "'a', 'b' or 'c'".
std::string quotedChoice(llvm::ArrayRef<std::string> names);

} // namespace vitc

#endif // VITC_MODELS_SOURCE_H
