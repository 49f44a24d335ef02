//===- Parameters.h - Values of parameters and derived values ---*- C++ -*-===//

#ifndef VITC_MODELS_PARAMETERS_H
#define VITC_MODELS_PARAMETERS_H

#include "models/Spec.h"

#include "llvm/ADT/StringMap.h"

namespace vitc {

/// The names of a document. Each is evaluated when it is first asked for, so
/// that their order in the document means nothing; cycles are errors.
class DocumentEnvironment : public Environment {
public:
  DocumentEnvironment(const Spec &spec, Diagnostics &errors);

  std::optional<Datum> lookup(llvm::StringRef name) override;
  bool spend(uint64_t units) override;

  /// Evaluates every parameter, derived value and requirement; returns the
  /// notes that hold.
  std::vector<std::string> checkAll();

private:
  std::optional<Datum> evaluate(const Parameter &parameter);

  struct Entry {
    const Parameter *parameter = nullptr;
    const Let *let = nullptr;
    enum { Waiting, Running, Done } state = Waiting;
    std::optional<Datum> value;
  };
  const Spec &spec;
  llvm::StringMap<Entry> entries;
  std::vector<std::string> running; ///< names being evaluated, outermost first
  uint64_t work = 0;
};

/// A document's names and those of a block: arguments and loop index.
class BlockEnvironment : public Environment {
public:
  explicit BlockEnvironment(DocumentEnvironment &document)
      : Environment(document.errors), document(document) {}

  std::optional<Datum> lookup(llvm::StringRef name) override {
    auto local = locals.find(name);
    return local == locals.end() ? document.lookup(name)
                                 : std::optional<Datum>(local->second);
  }
  bool spend(uint64_t units) override { return document.spend(units); }

  DocumentEnvironment &document;
  llvm::StringMap<Datum> locals;
};

/// The type as messages call it: "an integer from 1 to 64".
std::string describeType(const Parameter &parameter);

/// Replaces a parameter's value by the text of a command line. `json` holds it
/// as a string and must outlive the spec.
void setParameter(Spec &spec, llvm::StringRef name, const JsonValue &json,
                  Diagnostics &errors);

} // namespace vitc

#endif // VITC_MODELS_PARAMETERS_H
