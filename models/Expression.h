//===- Expression.h - The small language inside a spec's strings -*- C++ -*-==//
//
// Total: no loops, no recursion, no effects. Grammar, loosest binding first:
//
//   expression := or ["if" or "else" expression]
//   or         := and {"or" and}
//   and        := not {"and" not}
//   not        := "not" not | comparison
//   comparison := sum [("==" | "!=" | "<" | "<=" | ">" | ">=" | "in") sum]
//   sum        := product {("+" | "-") product}
//   product    := unary {("*" | "/" | "//" | "%") unary}
//   unary      := "-" unary | postfix
//   postfix    := primary {".height" | ".width"}
//   primary    := number | size | 'name' | "true" | "false" | identifier
//               | function "(" expression {"," expression} ")"
//               | "[" [expression {"," expression}] "]" | "(" expression ")"
//
// Functions: min max abs int floor ceil round sqrt size range len.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_EXPRESSION_H
#define VITC_MODELS_EXPRESSION_H

#include "models/Datum.h"
#include "models/Json.h"

#include <functional>

namespace vitc {

/// The names that an expression may use.
using Scope = std::vector<std::string>;

/// What evaluation needs from its surroundings.
class Environment {
public:
  explicit Environment(Diagnostics &errors) : errors(errors) {}
  virtual ~Environment() = default;

  /// The value of a name that is in scope; nothing after an error, which the
  /// environment has reported itself.
  virtual std::optional<Datum> lookup(llvm::StringRef name) = 0;
  /// Takes `units` of the work that a spec may cause in all; false, after one
  /// error message, when it is used up.
  virtual bool spend(uint64_t units) = 0;

  Diagnostics &errors;
};

/// A parsed expression. It refers to the JSON value it was read from.
class Expression {
public:
  struct Term;

  Expression();
  Expression(Expression &&) noexcept;
  Expression &operator=(Expression &&) noexcept;
  ~Expression();

  /// Reads a JSON number or boolean as itself, a string as an expression and an
  /// array of those as a list. Nothing after an error.
  static std::optional<Expression>
  read(const JsonValue &json, const Scope &scope, Diagnostics &errors);
  /// Parses `text`, all of whose errors are reported at `json` (or, where that
  /// is null, without a place).
  static std::optional<Expression> parse(llvm::StringRef text,
                                         const JsonValue *json, size_t column,
                                         const Scope &scope,
                                         Diagnostics &errors);
  /// An expression that has this value.
  static Expression constant(Datum value, const JsonValue *json = nullptr);

  std::optional<Datum> evaluate(Environment &environment) const;
  /// The same, converted to `kind`; another kind is an error.
  std::optional<Datum> evaluateAs(Datum::Kind kind,
                                  Environment &environment) const;

  const JsonValue *json = nullptr;

private:
  std::unique_ptr<Term> root;
};

/// Text with expressions in braces, "blocks.{i}.norm1.weight".
class Template {
public:
  static std::optional<Template> read(const JsonValue &json, const Scope &scope,
                                      Diagnostics &errors);
  /// Integers and names are put in; other values are errors.
  std::optional<std::string> evaluate(Environment &environment) const;

  const JsonValue *json = nullptr;

private:
  /// Alternately literal text and an expression; the last text has none.
  std::vector<std::string> texts;
  std::vector<Expression> expressions;
};

} // namespace vitc

#endif // VITC_MODELS_EXPRESSION_H
