//===- Facts.h - What a family knows of a checkpoint ------------*- C++ -*-===//
//
// The names that a family's expressions use: each is read from the checkpoint's
// configuration, its tensors' names and shapes, or computed from others.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_FAMILIES_FACTS_H
#define VITC_MODELS_FAMILIES_FACTS_H

#include "models/Expression.h"
#include "models/families/Family.h"

#include "llvm/ADT/StringMap.h"

namespace vitc {

class Facts : public Environment {
public:
  Facts(const Family &family, const Checkpoint &checkpoint,
        Diagnostics &errors);

  std::optional<Datum> lookup(llvm::StringRef name) override;
  bool spend(uint64_t units) override;

  /// The value of an expression over the facts; nothing after an error.
  std::optional<Datum> evaluate(const JsonValue &json);
  /// Whether `json`, an object with or without the key "when", applies.
  bool applies(const JsonValue &json);
  /// Whether an expression is true; nothing after an error.
  std::optional<bool> holds(const JsonValue &expression);
  /// The value of a configuration that the fact `name` is, null if it is from
  /// elsewhere; an unknown name is reported at `json`.
  const JsonValue *origin(llvm::StringRef name, const JsonValue &json);
  /// `text` with the values of the facts in place of ${NAME}; errors are
  /// reported at `json`.
  std::string substitute(llvm::StringRef text, const JsonValue &json);

private:
  std::optional<Datum> read(const JsonValue &fact);
  std::optional<Datum> readConfig(const JsonValue &fact);
  /// The configuration's value that a fact names, or null.
  const JsonValue *findConfig(const JsonValue &fact);
  std::optional<Datum> readAxis(const JsonValue &fact);
  std::optional<Datum> readPresent(const JsonValue &fact);
  std::optional<Datum> readMatch(const JsonValue &fact);
  std::optional<Datum> otherwise(const JsonValue &fact,
                                 const llvm::Twine &missing);
  std::optional<Datum> mapped(const JsonValue &map, const JsonValue &value);
  /// False, with an error at `json`, if there is no fact `name`.
  bool isFact(llvm::StringRef name, const JsonValue &json);
  /// The names of the tensors that a pattern of the family describes.
  std::vector<std::string> matching(const JsonValue &pattern);

  struct Entry {
    const JsonValue *json = nullptr;
    bool isFact = false; ///< else an expression
    enum { Waiting, Running, Done } state = Waiting;
    std::optional<Datum> value;
  };
  const Family &family;
  const Checkpoint &checkpoint;
  Scope scope;
  llvm::StringMap<Entry> entries;
  uint64_t work = 0;
};

/// A JSON value as `type`, one of integer, real, boolean, name, size, reals and
/// integers; nothing if it is none. A size may be a number, [height, width] or
/// an object with height and width or shortest_edge.
std::optional<Datum> readDatum(const JsonValue &json, llvm::StringRef type);

} // namespace vitc

#endif // VITC_MODELS_FAMILIES_FACTS_H
