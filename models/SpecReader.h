//===- SpecReader.h - Helpers shared by the readers of a spec ---*- C++ -*-===//

#ifndef VITC_MODELS_SPECREADER_H
#define VITC_MODELS_SPECREADER_H

#include "models/Spec.h"

namespace vitc {

/// Reads the parts of a document; every fault is reported where it is.
class SpecReader {
public:
  explicit SpecReader(Diagnostics &errors) : errors(errors) {}

  /// True if `json` is an object; reports unknown and missing keys too. The key
  /// "doc" is a comment and always allowed.
  bool object(const JsonValue &json, llvm::ArrayRef<llvm::StringRef> required,
              llvm::ArrayRef<llvm::StringRef> optional);
  /// True if `json` is an array of `least` to `most` entries.
  bool array(const JsonValue &json, size_t least = 0, size_t most = 100000);
  /// True if `json` is an object of `least` to `most` members, whose keys are
  /// names of the document's own.
  bool map(const JsonValue &json, size_t least = 0, size_t most = 500);
  /// A text of at most `most` bytes without control characters.
  std::optional<std::string> text(const JsonValue &json, size_t most = 500);
  /// A word: letters, digits and _, not starting with a digit.
  std::optional<std::string> identifier(const JsonValue &json);
  bool checkIdentifier(llvm::StringRef name, const JsonValue &json);
  /// Words or numbers joined by dots, starting with a word: "attn.qkv".
  std::optional<std::string> path(const JsonValue &json);
  std::optional<std::string> oneOf(const JsonValue &json,
                                   llvm::ArrayRef<std::string> names);
  /// The expression at `key`; nothing if absent or faulty.
  std::optional<Expression> expression(const JsonValue &json,
                                       llvm::StringRef key, const Scope &scope);
  /// One of `names`, or else an expression whose value is one.
  std::optional<Expression> choice(const JsonValue &json,
                                   llvm::ArrayRef<std::string> names,
                                   const Scope &scope);

  std::vector<NodeSpec> graph(const JsonValue &json, const Scope &scope);
  BlockSpec block(const JsonValue &json, const Scope &documentScope);
  std::optional<OperandSpec> operand(const JsonValue &json, const Scope &scope);
  /// The block of an output.
  NodeSpec outputCall(const JsonValue &json, const Scope &scope);
  /// Rules of the key "tensors"; see README.md.
  std::vector<TensorRule> tensorRules(const JsonValue &json,
                                      const Scope &scope);
  PreprocessSpec preprocess(const JsonValue &json, const Scope &scope);
  /// Sets the preprocessing if `input` says what it is; null takes it away.
  void preprocess(const JsonValue &input, Spec &spec);

  /// Checks every call against the block that it calls, and that no block
  /// calls itself.
  void checkCalls(Spec &spec);

  Diagnostics &errors;

private:
  std::optional<NodeSpec> node(const JsonValue &json, const Scope &scope);
  CallSpec call(const JsonValue &json, const Scope &scope);
  std::optional<Template> valueName(const JsonValue &json, const Scope &scope);
  std::optional<OpSpec> layer(const JsonValue &json, const Scope &scope);
  std::optional<OpSpec> weight(const JsonValue &json, const Scope &scope);
  OpSpec op(const JsonValue &json, const OpInfo &info,
            llvm::ArrayRef<llvm::StringRef> others, const Scope &scope);
  FieldSpec field(const JsonValue &json, const FieldInfo &info,
                  const Scope &scope);
  void checkCall(const CallSpec &call, const Spec &spec);
  void checkOutputCall(const CallSpec &call, const Spec &spec);
};

/// Parameters, lets and requirements of a document, into `spec`.
void readParameters(const JsonValue &document, Spec &spec, SpecReader &reader);

} // namespace vitc

#endif // VITC_MODELS_SPECREADER_H
