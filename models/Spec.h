//===- Spec.h - A spec as plain structures ----------------------*- C++ -*-===//
//
// What SpecReader makes of the JSON: every key known, every expression parsed,
// every name inside an expression in scope. Nothing is evaluated yet.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_SPEC_H
#define VITC_MODELS_SPEC_H

#include "models/Expression.h"
#include "models/NamePattern.h"
#include "models/SpecOps.h"

#include <map>

namespace vitc {

struct Parameter {
  enum class Type { Integer, Real, Boolean, Name, Size, Integers };
  std::string name, doc;
  Type type = Type::Integer;
  std::vector<std::string> values;   ///< of a Name
  std::optional<double> least, most; ///< of numbers, each side of a size
  std::optional<Expression> value;   ///< the default, or what replaced it
  const JsonValue *json = nullptr;   ///< the declaration
};

struct Let {
  std::string name;
  std::optional<Expression> value;
};

/// A condition on the parameters, and what to say of it.
struct Statement {
  std::optional<Expression> condition;
  std::string text;
  const JsonValue *json = nullptr;
};

struct OpSpec;

/// A value of the graph or a weight expression.
struct OperandSpec {
  const JsonValue *json = nullptr;
  std::optional<Template> value;  ///< a name, or
  std::unique_ptr<OpSpec> weight; ///< this
  std::optional<Expression> when;
};

struct FieldSpec {
  const FieldInfo *info = nullptr;
  const JsonValue *json = nullptr;
  std::optional<Expression> expression;
  std::optional<Template> name;      ///< FieldKind::Tensor
  std::vector<std::string> parts;    ///< FieldKind::Parts
  std::vector<OperandSpec> operands; ///< one, or a list
};

/// An op with its fields, of the graph or of a weight expression.
struct OpSpec {
  const OpInfo *info = nullptr;
  const JsonValue *json = nullptr;
  std::vector<FieldSpec> fields;

  const FieldSpec *find(llvm::StringRef name) const;
};

struct BlockSpec;

/// One of the blocks that a call can choose.
struct BlockChoice {
  std::string block;
  const JsonValue *json = nullptr;
  std::optional<Expression> when;
};

struct CallSpec {
  std::vector<BlockChoice> choices; ///< the first that applies
  std::optional<Expression> repeat;
  std::string index; ///< name of the iteration's number
  /// Arguments of the chosen block; not all blocks take all of them.
  std::vector<std::pair<std::string, Expression>> with;
  /// Inputs of the block; a single one has an empty name.
  std::vector<std::pair<std::string, OperandSpec>> inputs;
};

/// A node of a graph: an op or a call of a block.
struct NodeSpec {
  std::string name;
  const JsonValue *json = nullptr;
  std::optional<Expression> when;
  std::optional<OpSpec> op;
  std::optional<CallSpec> call;
};

struct BlockSpec {
  std::string name;
  const JsonValue *json = nullptr;
  std::vector<std::string> arguments, inputs;
  std::vector<NodeSpec> graph;
  /// A single output has an empty name.
  std::vector<std::pair<std::string, OperandSpec>> outputs;
  bool isRecursive = false; ///< an error that was reported
};

struct PreprocessSpec {
  const JsonValue *json = nullptr;
  std::optional<Expression> when, resize, size, filter, crop, cropRounding, pad,
      padValue, channelOrder, scale, mean, std;
};

struct InputSpec {
  const JsonValue *json = nullptr;
  std::string name = "image", meaning;
  std::optional<Expression> channels, size;
  std::optional<PreprocessSpec> preprocess;
};

/// An output, or one for each number from 0 to `count` - 1.
struct OutputSpec {
  std::string name;    ///< "logits", or "tokens" of "tokens@{K}"
  std::string index;   ///< "K", what the number is called, or empty
  std::string meaning; ///< in which "{K}" stands for the number
  const JsonValue *json = nullptr;
  std::optional<Template> value; ///< the name of a value, or
  std::optional<NodeSpec> call;  ///< a block that makes it of others
  std::optional<Expression> count, when, isDefault;

  bool isIndexed() const { return !index.empty(); }
};

/// How a checkpoint spells tensors that the graph names otherwise.
struct TensorRule {
  const JsonValue *json = nullptr;
  NamePattern pattern;            ///< of the graph's name
  std::optional<Template> rename; ///< the checkpoint's name, or
  std::unique_ptr<OpSpec> weight; ///< an expression over its tensors
};

/// Most bytes of a class's name.
constexpr size_t maxLabel = 200;

/// A family of models, or one.
struct Spec {
  std::string name, title;
  const JsonValue *json = nullptr;
  std::vector<Parameter> parameters;
  std::vector<Let> lets;
  std::vector<Statement> requirements; ///< errors if they do not hold
  std::vector<Statement> notes;        ///< worth saying if they hold
  InputSpec input;
  std::map<std::string, BlockSpec> blocks;
  std::vector<NodeSpec> graph;
  std::vector<OutputSpec> outputs;
  std::vector<std::string> labels;
  std::optional<Expression> labelsWhen;
  const JsonValue *labelsJson = nullptr;
  std::vector<std::string> ignored; ///< tensors that a checkpoint may hold
  std::vector<TensorRule> tensors;  ///< the first that matches applies

  /// Names of parameters and derived values.
  Scope scope;

  Parameter *findParameter(llvm::StringRef name);
};

/// Reads the document of a family. The parts without an error are there even
/// after one.
Spec readSpec(const JsonValue &json, Diagnostics &errors);

/// Applies a document that builds on `spec`: its name, title, parameter values,
/// preprocessing, labels and names of tensors.
void readDerived(const JsonValue &json, Spec &spec, Diagnostics &errors);

/// Gives parameters the values of an object, {"depth": 12}, or only checks
/// them.
void readSettings(const JsonValue &json, Spec &spec, Diagnostics &errors,
                  bool apply = true);

} // namespace vitc

#endif // VITC_MODELS_SPEC_H
