//===- Json.h - JSON that knows where it stands -----------------*- C++ -*-===//
//
// A JSON document as a tree whose every value knows its place in the text, its
// parent and its JSON pointer, so that an error can name all three. The library
// that reads JSON keeps no positions and is used in Json.cpp only.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_JSON_H
#define VITC_MODELS_JSON_H

#include "models/Source.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <memory>

namespace vitc {

class JsonValue {
public:
  enum class Kind { Null, Boolean, Integer, Real, String, Array, Object };

  /// The member called `key`, or null.
  const JsonValue *find(llvm::StringRef key) const;
  /// RFC 6901, "/graph/3/op"; the empty string for the whole document.
  std::string pointer() const;
  /// Adds "file:line:column: error: /pointer: text" at this value.
  void error(Diagnostics &errors, const llvm::Twine &text) const;
  /// The same at `column` bytes inside this string (from 0).
  void errorInside(Diagnostics &errors, size_t column,
                   const llvm::Twine &text) const;
  /// The same at the key of this member of an object.
  void errorAtKey(Diagnostics &errors, const llvm::Twine &text) const;
  /// What a message calls this value: "'x'", "1.5", "an array".
  std::string describe() const;
  /// The value without whitespace between its tokens, and without the members
  /// of objects that `keep` refuses.
  void printCompact(llvm::raw_ostream &os,
                    llvm::function_ref<bool(const JsonValue &)> keep) const;

  bool is(Kind other) const { return kind == other; }

  Kind kind = Kind::Null;
  const Source *source = nullptr;
  size_t begin = 0, end = 0; ///< bytes in source->text
  const JsonValue *parent = nullptr;
  size_t index = 0;    ///< in the parent
  std::string key;     ///< of a member of an object
  size_t keyBegin = 0; ///< bytes in source->text

  bool boolean = false;
  int64_t integer = 0;
  double real = 0;       ///< also of integers
  bool isBroken = false; ///< a number that could not be read, and was reported
  std::string string;
  std::vector<std::unique_ptr<JsonValue>> items;
};

/// Reads `source`, which must outlive the result. Null after a syntax error or
/// a broken limit (nesting, number of values); duplicate keys and integers that
/// don't fit 64 bits are reported too, but leave a tree.
std::unique_ptr<JsonValue> parseJson(const Source &source, Diagnostics &errors);

/// Text as a JSON string with its quotes.
std::string jsonString(llvm::StringRef text);

} // namespace vitc

#endif // VITC_MODELS_JSON_H
