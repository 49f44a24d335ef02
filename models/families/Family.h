//===- Family.h - Kinds of checkpoints --------------------------*- C++ -*-===//
//
// A family says, in JSON, how its checkpoints are recognised and what spec they
// stand for; README.md describes the format. The ones of this folder are inside
// the program.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_FAMILIES_FAMILY_H
#define VITC_MODELS_FAMILIES_FAMILY_H

#include "models/families/Checkpoint.h"

namespace vitc {

/// The family of a checkpoint.
struct Family {
  /// Its document and those that it includes; empty after an error.
  std::vector<const JsonValue *> documents;
  std::string architecture; ///< its name without a tag, or empty
  const JsonValue *architectureAt = nullptr; ///< in config.json, if from there
  std::string evidence;                      ///< what it was recognised by

  /// The value of `key` in the first document that has it, or null.
  const JsonValue *find(llvm::StringRef key) const;
  /// The items of the list or object at `key` in all documents.
  std::vector<const JsonValue *> items(llvm::StringRef key) const;
};

/// The families that a checkpoint may be of.
class Families {
public:
  explicit Families(Diagnostics &errors) : errors(errors) {}

  /// Loads the built-in families.
  bool load();
  /// Loads the family at `path` and, behind it, the built-in ones.
  bool load(llvm::StringRef path);

  /// The family of `checkpoint`, which is called `architecture` unless that is
  /// empty.
  Family recognize(const Checkpoint &checkpoint, llvm::StringRef architecture);

private:
  bool parse(std::string name, std::string text);
  bool check(const JsonValue &json);
  bool refuse(const JsonValue &document, const Checkpoint &checkpoint,
              llvm::StringRef architecture);
  bool isDescribedBy(const JsonValue &condition, const Checkpoint &checkpoint,
                     Family &family);
  void include(Family &family);
  void reportUnknown(const Checkpoint &checkpoint, const Family &family);

  Diagnostics &errors;
  std::vector<std::unique_ptr<Source>> sources;
  std::vector<std::unique_ptr<JsonValue>> documents;
};

/// The items of the list or object at `key` of `json`; none without the key.
llvm::ArrayRef<std::unique_ptr<JsonValue>> itemsOf(const JsonValue &json,
                                                   llvm::StringRef key);

} // namespace vitc

#endif // VITC_MODELS_FAMILIES_FAMILY_H
