//===- ExpressionTerm.h - Syntax tree of an expression ----------*- C++ -*-===//
//
// Shared by the parser (Expression.cpp) and the evaluator (Evaluate.cpp).
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_EXPRESSIONTERM_H
#define VITC_MODELS_EXPRESSIONTERM_H

#include "models/Expression.h"

namespace vitc {

struct Expression::Term {
  enum class Kind {
    Constant,    // value
    Identifier,  // name
    List,        // operands
    Call,        // name, operands
    Height,      // operands[0]
    Width,       // operands[0]
    Negate,      // operands[0]
    Not,         // operands[0]
    And,         // operands[0], [1]
    Or,          // operands[0], [1]
    Binary,      // name is the operator; operands[0], [1]
    Conditional, // operands[0] if operands[1] else operands[2]
  };

  Kind kind = Kind::Constant;
  size_t column = 0; ///< bytes into the JSON string
  Datum value;
  std::string name;
  std::vector<std::unique_ptr<Term>> operands;
};

/// Reports `text` at `column` of `json`, or without a place where it is null.
inline void reportAt(Diagnostics &errors, const JsonValue *json, size_t column,
                     const llvm::Twine &text) {
  if (json)
    json->errorInside(errors, column, text);
  else
    errors.add(text);
}

} // namespace vitc

#endif // VITC_MODELS_EXPRESSIONTERM_H
