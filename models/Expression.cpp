//===- Expression.cpp - Parser of the small language ----------------------===//

#include "models/ExpressionTerm.h"
#include "models/NearestName.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace llvm;
using namespace vitc;

namespace {

constexpr size_t maxLength = 1000;
constexpr unsigned maxDepth = 50;

using Term = Expression::Term;
using TermPtr = std::unique_ptr<Term>;

/// Smallest and largest number of arguments, or nothing for an unknown name.
std::optional<std::pair<unsigned, unsigned>> functionArity(StringRef name) {
  return StringSwitch<std::optional<std::pair<unsigned, unsigned>>>(name)
      .Cases({"min", "max"}, std::pair(1u, 16u))
      .Cases({"abs", "int", "floor", "ceil", "round", "sqrt", "range", "len"},
             std::pair(1u, 1u))
      .Case("size", std::pair(2u, 2u))
      .Default(std::nullopt);
}

class Parser {
public:
  Parser(StringRef text, const JsonValue *json, size_t column,
         const Scope &scope, Diagnostics &errors)
      : text(text), json(json), base(column), scope(scope), errors(errors) {}

  TermPtr parse() {
    if (text.size() > maxLength)
      return fail(0, "expected an expression of at most " + Twine(maxLength) +
                         " characters");
    next();
    TermPtr term = expression();
    if (term && !token.empty())
      return unexpected("the end of the expression");
    return term;
  }

private:
  /// Reports the first error only: what follows it is guesswork.
  TermPtr fail(size_t column, const Twine &message) {
    if (!failed)
      reportAt(errors, json, base + column, message);
    failed = true;
    return nullptr;
  }
  TermPtr unexpected(const Twine &expected) {
    return fail(begin, "expected " + expected + ", found " +
                           (token.empty() ? "the end of the expression"
                                          : quoteName(token)));
  }

  static bool isWordStart(char c) { return isAlpha(c) || c == '_'; }
  static bool isWord(char c) { return isAlnum(c) || c == '_'; }

  void next() {
    while (position < text.size() && isSpace(text[position]))
      ++position;
    begin = position;
    if (position == text.size()) {
      token = StringRef();
      return;
    }
    auto take = [&](auto predicate) {
      while (position < text.size() && predicate(text[position]))
        ++position;
    };
    char first = text[position];
    if (isDigit(first)) {
      take(isDigit);
      StringRef rest = text.drop_front(position);
      if (rest.size() > 1 && rest[0] == 'x' && isDigit(rest[1])) {
        ++position;
        take(isDigit);
      } else {
        if (rest.starts_with(".") && rest.size() > 1 && isDigit(rest[1])) {
          ++position;
          take(isDigit);
        }
        rest = text.drop_front(position);
        size_t sign = rest.size() > 1 && (rest[1] == '-' || rest[1] == '+');
        if (!rest.empty() && (rest[0] == 'e' || rest[0] == 'E') &&
            rest.size() > 1 + sign && isDigit(rest[1 + sign])) {
          position += 1 + sign;
          take(isDigit);
        }
      }
    } else if (isWordStart(first)) {
      take(isWord);
    } else if (first == '\'') {
      size_t close = text.find('\'', position + 1);
      position = close == StringRef::npos ? text.size() : close + 1;
    } else {
      StringRef two = text.substr(position, 2);
      bool pair = two == "//" || two == "==" || two == "!=" || two == "<=" ||
                  two == ">=";
      position += pair ? 2 : 1;
    }
    token = text.slice(begin, position);
  }

  bool accept(StringRef expected) {
    if (token != expected)
      return false;
    next();
    return true;
  }

  TermPtr make(Term::Kind kind, size_t column, StringRef name,
               std::initializer_list<TermPtr *> operands) {
    auto term = std::make_unique<Term>();
    term->kind = kind;
    term->column = base + column;
    term->name = name.str();
    for (TermPtr *operand : operands) {
      if (!*operand)
        return nullptr;
      term->operands.push_back(std::move(*operand));
    }
    return term;
  }

  TermPtr expression() {
    if (++depth > maxDepth)
      return fail(begin, "expected at most " + Twine(maxDepth) +
                             " nested expressions");
    TermPtr value = orTerm();
    size_t column = begin;
    if (value && accept("if")) {
      TermPtr condition = orTerm();
      if (!condition || !accept("else"))
        return condition ? unexpected("'else'") : nullptr;
      TermPtr other = expression();
      value = make(Term::Kind::Conditional, column, "",
                   {&value, &condition, &other});
    }
    --depth;
    return value;
  }

  TermPtr orTerm() {
    TermPtr left = andTerm();
    for (size_t column = begin; left && accept("or"); column = begin) {
      TermPtr right = andTerm();
      left = make(Term::Kind::Or, column, "or", {&left, &right});
    }
    return left;
  }

  TermPtr andTerm() {
    TermPtr left = notTerm();
    for (size_t column = begin; left && accept("and"); column = begin) {
      TermPtr right = notTerm();
      left = make(Term::Kind::And, column, "and", {&left, &right});
    }
    return left;
  }

  TermPtr notTerm() {
    size_t column = begin;
    if (!accept("not"))
      return comparison();
    if (++depth > maxDepth)
      return fail(column, "expected at most " + Twine(maxDepth) +
                              " nested expressions");
    TermPtr operand = notTerm();
    --depth;
    return make(Term::Kind::Not, column, "not", {&operand});
  }

  TermPtr comparison() {
    TermPtr left = sum();
    size_t column = begin;
    for (StringRef op : {"==", "!=", "<=", ">=", "<", ">", "in"})
      if (left && accept(op)) {
        TermPtr right = sum();
        return make(Term::Kind::Binary, column, op, {&left, &right});
      }
    return left;
  }

  TermPtr sum() {
    TermPtr left = product();
    while (left && (token == "+" || token == "-")) {
      StringRef op = token;
      size_t column = begin;
      next();
      TermPtr right = product();
      left = make(Term::Kind::Binary, column, op, {&left, &right});
    }
    return left;
  }

  TermPtr product() {
    TermPtr left = unary();
    while (left &&
           (token == "*" || token == "/" || token == "//" || token == "%")) {
      StringRef op = token;
      size_t column = begin;
      next();
      TermPtr right = unary();
      left = make(Term::Kind::Binary, column, op, {&left, &right});
    }
    return left;
  }

  TermPtr unary() {
    size_t column = begin;
    if (!accept("-"))
      return postfix();
    if (++depth > maxDepth)
      return fail(column, "expected at most " + Twine(maxDepth) +
                              " nested expressions");
    TermPtr operand = unary();
    --depth;
    return make(Term::Kind::Negate, column, "-", {&operand});
  }

  TermPtr postfix() {
    TermPtr value = primary();
    while (value && token == ".") {
      size_t column = begin;
      next();
      if (token != "height" && token != "width")
        return unexpected("'height' or 'width' after '.'");
      auto kind = token == "height" ? Term::Kind::Height : Term::Kind::Width;
      next();
      value = make(kind, column, "", {&value});
    }
    return value;
  }

  TermPtr primary() {
    size_t column = begin;
    if (token.empty())
      return unexpected("a value");
    if (isDigit(token[0]))
      return number();
    if (token[0] == '\'')
      return name();
    if (accept("("))
      return closed(expression(), ")");
    if (accept("["))
      return list(Term::Kind::List, column, "", "]");
    if (!isWordStart(token[0]) || token == "if" || token == "else" ||
        token == "and" || token == "or" || token == "not" || token == "in")
      return unexpected("a value");

    StringRef word = token;
    next();
    if (word == "true" || word == "false") {
      TermPtr term = make(Term::Kind::Constant, column, "", {});
      term->value = Datum::ofBoolean(word == "true");
      return term;
    }
    if (accept("("))
      return call(word, column);
    if (!is_contained(scope, word))
      return fail(column, "unknown name " + quoteName(word) +
                              suggestNearest(word, scope));
    return make(Term::Kind::Identifier, column, word, {});
  }

  TermPtr number() {
    TermPtr term = make(Term::Kind::Constant, begin, "", {});
    auto [left, right] = token.split('x');
    int64_t height = 0, width = 0;
    double real = 0;
    if (!right.empty()) {
      if (left.getAsInteger(10, height) || right.getAsInteger(10, width))
        return fail(begin, "expected a size that fits 64 bits, found " +
                               quoteName(token));
      term->value = Datum::ofSize(height, width);
    } else if (token.find_first_of(".eE") == StringRef::npos) {
      if (token.getAsInteger(10, height))
        return fail(begin, "expected an integer of at most 64 bits, found " +
                               quoteName(token));
      term->value = Datum::ofInteger(height);
    } else {
      if (token.getAsDouble(real) || !std::isfinite(real))
        return fail(begin,
                    "expected a finite number, found " + quoteName(token));
      term->value = Datum::ofReal(real);
    }
    next();
    return term;
  }

  TermPtr name() {
    if (token.size() < 2 || token.back() != '\'')
      return fail(begin, "expected a closing ' of the name");
    TermPtr term = make(Term::Kind::Constant, begin, "", {});
    term->value = Datum::ofName(token.drop_front().drop_back());
    next();
    return term;
  }

  TermPtr call(StringRef function, size_t column) {
    auto arity = functionArity(function);
    if (!arity)
      return fail(column, "unknown function " + quoteName(function) +
                              suggestNearest(function,
                                             {"min", "max", "abs", "int",
                                              "floor", "ceil", "round", "sqrt",
                                              "size", "range", "len"}));
    TermPtr term = list(Term::Kind::Call, column, function, ")");
    if (!term)
      return nullptr;
    auto [least, most] = *arity;
    if (term->operands.size() < least || term->operands.size() > most)
      return fail(column,
                  "expected " +
                      (least == most ? Twine(least)
                                     : Twine(least) + " to " + Twine(most)) +
                      " arguments of " + quoteName(function) + ", found " +
                      Twine(term->operands.size()));
    return term;
  }

  /// Operands up to `close`.
  TermPtr list(Term::Kind kind, size_t column, StringRef name,
               StringRef close) {
    TermPtr term = make(kind, column, name, {});
    if (accept(close))
      return term;
    while (true) {
      TermPtr item = expression();
      if (!item)
        return nullptr;
      term->operands.push_back(std::move(item));
      if (accept(close))
        return term;
      if (!accept(","))
        return unexpected("',' or '" + close + "'");
    }
  }

  TermPtr closed(TermPtr term, StringRef close) {
    if (term && !accept(close))
      return unexpected("'" + close + "'");
    return term;
  }

  StringRef text;
  const JsonValue *json;
  size_t base;
  const Scope &scope;
  Diagnostics &errors;
  StringRef token;
  size_t begin = 0, position = 0;
  unsigned depth = 0;
  bool failed = false;
};

} // namespace

Expression::Expression() = default;
Expression::Expression(Expression &&) noexcept = default;
Expression &Expression::operator=(Expression &&) noexcept = default;
Expression::~Expression() = default;

Expression Expression::constant(Datum value, const JsonValue *json) {
  Expression result;
  result.json = json;
  result.root = std::make_unique<Term>();
  result.root->value = std::move(value);
  return result;
}

std::optional<Expression> Expression::parse(StringRef text,
                                            const JsonValue *json,
                                            size_t column, const Scope &scope,
                                            Diagnostics &errors) {
  Expression result;
  result.json = json;
  result.root = Parser(text, json, column, scope, errors).parse();
  if (!result.root)
    return std::nullopt;
  return result;
}

std::optional<Expression> Expression::read(const JsonValue &json,
                                           const Scope &scope,
                                           Diagnostics &errors) {
  if (json.isBroken)
    return std::nullopt;
  switch (json.kind) {
  case JsonValue::Kind::Boolean:
    return constant(Datum::ofBoolean(json.boolean), &json);
  case JsonValue::Kind::Integer:
    return constant(Datum::ofInteger(json.integer), &json);
  case JsonValue::Kind::Real:
    return constant(Datum::ofReal(json.real), &json);
  case JsonValue::Kind::String:
    return parse(json.string, &json, 0, scope, errors);
  case JsonValue::Kind::Array: {
    Expression list = constant(Datum(), &json);
    list.root->kind = Term::Kind::List;
    bool complete = true;
    for (const auto &item : json.items) {
      if (item->is(JsonValue::Kind::Array)) {
        item->error(errors, "expected a value, found an array");
        complete = false;
        continue;
      }
      std::optional<Expression> element = read(*item, scope, errors);
      if (element)
        list.root->operands.push_back(std::move(element->root));
      complete &= element.has_value();
    }
    return complete ? std::optional<Expression>(std::move(list)) : std::nullopt;
  }
  case JsonValue::Kind::Null:
  case JsonValue::Kind::Object:
    break;
  }
  json.error(errors,
             "expected a value or an expression, found " + json.describe());
  return std::nullopt;
}

std::optional<Template>
Template::read(const JsonValue &json, const Scope &scope, Diagnostics &errors) {
  if (!json.is(JsonValue::Kind::String)) {
    json.error(errors, "expected a string, found " + json.describe());
    return std::nullopt;
  }
  constexpr size_t maxTemplate = 200;
  if (json.string.size() > maxTemplate) {
    json.error(errors, "expected a name of at most " + Twine(maxTemplate) +
                           " characters");
    return std::nullopt;
  }
  Template result;
  result.json = &json;
  StringRef rest = json.string;
  while (true) {
    size_t open = rest.find('{');
    result.texts.push_back(rest.take_front(open).str());
    if (open == StringRef::npos)
      return result;
    size_t column = rest.data() - json.string.data() + open;
    size_t close = rest.find('}', open);
    if (close == StringRef::npos) {
      json.errorInside(errors, column, "expected a '}' for this '{'");
      return std::nullopt;
    }
    std::optional<Expression> expression = Expression::parse(
        rest.slice(open + 1, close), &json, column + 1, scope, errors);
    if (!expression)
      return std::nullopt;
    result.expressions.push_back(std::move(*expression));
    rest = rest.drop_front(close + 1);
  }
}
