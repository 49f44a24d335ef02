//===- Evaluate.cpp - Values of expressions -------------------------------===//
//
// Integers are 64 bits wide and never wrap: an overflow is an error, as is a
// division by zero or a real number that is not finite.
//
//===----------------------------------------------------------------------===//

#include "models/ExpressionTerm.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace llvm;
using namespace vitc;

namespace {

using Term = Expression::Term;
using Kind = Datum::Kind;

constexpr int64_t maxRange = 4096;

/// Quotient rounded towards minus infinity; `divisor` is not zero.
std::optional<int64_t> floorDivide(int64_t value, int64_t divisor) {
  if (value == INT64_MIN && divisor == -1)
    return std::nullopt;
  int64_t quotient = value / divisor;
  return quotient - (value % divisor != 0 && (value < 0) != (divisor < 0));
}

class Evaluator {
public:
  Evaluator(const JsonValue *json, Environment &environment)
      : json(json), environment(environment) {}

  std::optional<Datum> evaluate(const Term &term) {
    if (!environment.spend(1))
      return std::nullopt;
    switch (term.kind) {
    case Term::Kind::Constant:
      return term.value;
    case Term::Kind::Identifier:
      return environment.lookup(term.name);
    case Term::Kind::List:
      return list(term);
    case Term::Kind::Call:
      return call(term);
    case Term::Kind::Height:
    case Term::Kind::Width:
      return extent(term);
    case Term::Kind::Negate:
      return negate(term);
    case Term::Kind::Not: {
      std::optional<bool> operand = condition(*term.operands[0]);
      return operand ? some(Datum::ofBoolean(!*operand)) : std::nullopt;
    }
    case Term::Kind::And:
    case Term::Kind::Or: {
      std::optional<bool> left = condition(*term.operands[0]);
      if (!left || *left == (term.kind == Term::Kind::Or))
        return left ? some(Datum::ofBoolean(*left)) : std::nullopt;
      std::optional<bool> right = condition(*term.operands[1]);
      return right ? some(Datum::ofBoolean(*right)) : std::nullopt;
    }
    case Term::Kind::Conditional: {
      std::optional<bool> which = condition(*term.operands[1]);
      return which ? evaluate(*term.operands[*which ? 0 : 2]) : std::nullopt;
    }
    case Term::Kind::Binary:
      return binary(term);
    }
    return std::nullopt;
  }

private:
  static std::optional<Datum> some(Datum value) { return value; }

  std::nullopt_t fail(const Term &term, const Twine &message) {
    reportAt(environment.errors, json, term.column, message);
    return std::nullopt;
  }

  std::optional<bool> condition(const Term &term) {
    std::optional<Datum> value = evaluate(term);
    if (!value)
      return std::nullopt;
    if (!value->is(Kind::Boolean))
      return fail(term, "expected true or false, found " + value->print());
    return value->boolean;
  }

  std::optional<Datum> finite(const Term &term, double value) {
    if (!std::isfinite(value))
      return fail(term, "the result is not a finite number");
    return Datum::ofReal(value);
  }

  std::optional<std::vector<Datum>> operands(const Term &term) {
    std::vector<Datum> values;
    for (const auto &operand : term.operands) {
      std::optional<Datum> value = evaluate(*operand);
      if (!value)
        return std::nullopt;
      values.push_back(std::move(*value));
    }
    return values;
  }

  std::optional<Datum> list(const Term &term) {
    auto values = operands(term);
    if (!values)
      return std::nullopt;
    for (auto [value, operand] : llvm::zip(*values, term.operands))
      if (value.is(Kind::List))
        return fail(*operand, "expected a value, found a list in a list");
    return Datum::ofList(std::move(*values));
  }

  std::optional<Datum> extent(const Term &term) {
    std::optional<Datum> size = evaluate(*term.operands[0]);
    if (!size)
      return std::nullopt;
    if (!size->is(Kind::Size))
      return fail(*term.operands[0],
                  "expected a size such as 320x256, found " + size->print());
    return Datum::ofInteger(term.kind == Term::Kind::Height ? size->integer
                                                            : size->width);
  }

  std::optional<Datum> negate(const Term &term) {
    std::optional<Datum> value = evaluate(*term.operands[0]);
    if (!value)
      return std::nullopt;
    if (!value->isNumber())
      return fail(term, "expected a number, found " + value->print());
    if (value->is(Kind::Real))
      return Datum::ofReal(-value->real);
    if (value->integer == INT64_MIN)
      return fail(term, "the result does not fit 64 bits");
    return Datum::ofInteger(-value->integer);
  }

  std::optional<Datum> binary(const Term &term) {
    std::optional<Datum> left = evaluate(*term.operands[0]);
    std::optional<Datum> right = evaluate(*term.operands[1]);
    if (!left || !right)
      return std::nullopt;
    StringRef op = term.name;
    if (op == "==" || op == "!=")
      return Datum::ofBoolean((*left == *right) == (op == "=="));
    if (op == "in") {
      if (!right->is(Kind::List))
        return fail(term,
                    "expected a list after 'in', found " + right->print());
      if (!environment.spend(right->items.size()))
        return std::nullopt;
      return Datum::ofBoolean(is_contained(right->items, *left));
    }
    if (left->isNumber() && right->isNumber()) {
      if (op[0] == '<' || op[0] == '>')
        return compare(op, *left, *right);
      if (left->is(Kind::Integer) && right->is(Kind::Integer) && op != "/") {
        std::optional<int64_t> result =
            integers(term, left->integer, right->integer);
        return result ? some(Datum::ofInteger(*result)) : std::nullopt;
      }
      return reals(term, left->real, right->real);
    }
    // A size and a size or an integer: side by side.
    std::optional<Datum> a = convert(*left, Kind::Size);
    std::optional<Datum> b = convert(*right, Kind::Size);
    if (a && b && op != "/" && op[0] != '<' && op[0] != '>') {
      auto height = integers(term, a->integer, b->integer);
      auto width = height ? integers(term, a->width, b->width) : std::nullopt;
      return width ? some(Datum::ofSize(*height, *width)) : std::nullopt;
    }
    return fail(term, "expected numbers, found " + left->print() + " " + op +
                          " " + right->print());
  }

  static Datum compare(StringRef op, const Datum &left, const Datum &right) {
    bool whole = left.is(Kind::Integer) && right.is(Kind::Integer);
    bool less = whole ? left.integer < right.integer : left.real < right.real;
    bool greater =
        whole ? left.integer > right.integer : left.real > right.real;
    return Datum::ofBoolean(op == "<"    ? less
                            : op == ">"  ? greater
                            : op == "<=" ? !greater
                                         : !less);
  }

  std::optional<int64_t> integers(const Term &term, int64_t left,
                                  int64_t right) {
    int64_t result = 0;
    bool overflow = false;
    switch (term.name[0]) {
    case '+':
      overflow = AddOverflow(left, right, result);
      break;
    case '-':
      overflow = SubOverflow(left, right, result);
      break;
    case '*':
      overflow = MulOverflow(left, right, result);
      break;
    default: {
      if (right == 0)
        return fail(term, "division by zero");
      std::optional<int64_t> quotient = floorDivide(left, right);
      overflow = !quotient;
      if (quotient)
        result = term.name == "%" ? left - *quotient * right : *quotient;
    }
    }
    if (overflow)
      return fail(term, "the result does not fit 64 bits");
    return result;
  }

  std::optional<Datum> reals(const Term &term, double left, double right) {
    StringRef op = term.name;
    if (op == "+")
      return finite(term, left + right);
    if (op == "-")
      return finite(term, left - right);
    if (op == "*")
      return finite(term, left * right);
    if (right == 0)
      return fail(term, "division by zero");
    if (op == "/")
      return finite(term, left / right);
    double quotient = std::floor(left / right);
    return finite(term, op == "//" ? quotient : left - quotient * right);
  }

  std::optional<Datum> call(const Term &term) {
    auto values = operands(term);
    if (!values)
      return std::nullopt;
    StringRef function = term.name;
    const Datum &first = values->front();
    if (function == "len") {
      if (!first.is(Kind::List))
        return fail(term, "expected a list, found " + first.print());
      return Datum::ofInteger(first.items.size());
    }
    for (const Datum &value : *values)
      if (!value.isNumber())
        return fail(term, "expected a number, found " + value.print());
    if (function == "size" || function == "range") {
      for (const Datum &value : *values)
        if (!value.is(Kind::Integer))
          return fail(term, "expected an integer, found " + value.print());
      if (function == "size")
        return Datum::ofSize(first.integer, values->back().integer);
      return range(term, first.integer);
    }
    if (function == "min" || function == "max") {
      Datum best = first;
      for (const Datum &value : *values)
        if (compare(function == "min" ? "<" : ">", value, best).boolean)
          best = value;
      return best;
    }
    if (function == "sqrt")
      return finite(term, std::sqrt(first.real));
    if (function == "abs" && first.is(Kind::Real))
      return Datum::ofReal(std::fabs(first.real));
    if (first.is(Kind::Integer)) { // abs, or a rounding of an integer
      if (function == "abs" && first.integer == INT64_MIN)
        return fail(term, "the result does not fit 64 bits");
      return Datum::ofInteger(function == "abs" ? std::abs(first.integer)
                                                : first.integer);
    }
    double rounded = function == "floor"  ? std::floor(first.real)
                     : function == "ceil" ? std::ceil(first.real)
                     : function == "int"  ? std::trunc(first.real)
                                          : std::round(first.real);
    if (!(std::fabs(rounded) < 9.0e18))
      return fail(term, "the result does not fit 64 bits");
    return Datum::ofInteger(static_cast<int64_t>(rounded));
  }

  std::optional<Datum> range(const Term &term, int64_t count) {
    if (count < 0 || count > maxRange)
      return fail(term, "expected a range of 0 to " + Twine(maxRange) +
                            ", found " + Twine(count));
    if (!environment.spend(count))
      return std::nullopt;
    std::vector<Datum> items;
    for (int64_t i = 0; i < count; ++i)
      items.push_back(Datum::ofInteger(i));
    return Datum::ofList(std::move(items));
  }

  const JsonValue *json;
  Environment &environment;
};

} // namespace

std::optional<Datum> Expression::evaluate(Environment &environment) const {
  if (!root)
    return std::nullopt;
  return Evaluator(json, environment).evaluate(*root);
}

std::optional<Datum> Expression::evaluateAs(Datum::Kind kind,
                                            Environment &environment) const {
  std::optional<Datum> value = evaluate(environment);
  if (!value)
    return std::nullopt;
  if (std::optional<Datum> converted = convert(*value, kind))
    return converted;
  std::string text =
      ("expected " + kindName(kind) + ", found " + value->print()).str();
  if (json)
    json->error(environment.errors, text);
  else
    environment.errors.add(text);
  return std::nullopt;
}

std::optional<std::string> Template::evaluate(Environment &environment) const {
  std::string result = texts.front();
  for (auto [expression, text] :
       llvm::zip(expressions, llvm::drop_begin(texts))) {
    std::optional<Datum> value = expression.evaluate(environment);
    if (!value)
      return std::nullopt;
    if (!value->is(Datum::Kind::Integer) && !value->is(Datum::Kind::Name)) {
      json->error(environment.errors,
                  "expected an integer or a name in braces, found " +
                      value->print());
      return std::nullopt;
    }
    result += value->is(Datum::Kind::Name) ? value->name
                                           : std::to_string(value->integer);
    result += text;
    constexpr size_t maxName = 400;
    if (result.size() > maxName || !environment.spend(result.size())) {
      json->error(environment.errors, "expected a name of at most " +
                                          Twine(maxName) + " characters");
      return std::nullopt;
    }
  }
  return result;
}
