//===- Json.cpp - JSON that knows where it stands -------------------------===//
//
// The library's SAX interface tells what was read but not where. The handler
// below finds the place itself: it holds a cursor behind the last token, and
// the next one starts at the first byte that is neither space nor separator.
//
//===----------------------------------------------------------------------===//

#include "models/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include <nlohmann/json.hpp>

using namespace llvm;
using namespace vitc;

namespace {

constexpr size_t maxDepth = 64;
constexpr size_t maxValues = 200000;

/// Receives the parser's events and builds the tree. Every event returns false
/// to stop the parser.
class TreeBuilder {
public:
  TreeBuilder(const Source &source, Diagnostics &errors)
      : source(source), errors(errors) {
    if (StringRef(source.text).starts_with("\xef\xbb\xbf"))
      cursor = 3;
  }

  std::unique_ptr<JsonValue> take() { return std::move(root); }

  bool null() { return scalar(JsonValue::Kind::Null, 4); }
  bool boolean(bool value) {
    if (!scalar(JsonValue::Kind::Boolean, value ? 4 : 5))
      return false;
    last->boolean = value;
    return true;
  }
  bool number_integer(int64_t value) {
    if (!scalar(JsonValue::Kind::Integer, numberLength()))
      return false;
    last->integer = value;
    last->real = static_cast<double>(value);
    return true;
  }
  bool number_unsigned(uint64_t value) {
    if (value <= static_cast<uint64_t>(INT64_MAX))
      return number_integer(static_cast<int64_t>(value));
    return hugeInteger();
  }
  bool number_float(double value, const std::string &text) {
    // Integers beyond 64 bits arrive here too.
    if (text.find_first_of(".eE") == std::string::npos)
      return hugeInteger();
    if (!scalar(JsonValue::Kind::Real, numberLength()))
      return false;
    last->real = value;
    return true;
  }
  bool string(std::string &value) {
    if (!scalar(JsonValue::Kind::String, stringLength()))
      return false;
    last->string = std::move(value);
    return true;
  }
  bool binary(std::vector<uint8_t> &) { return false; }

  bool start_object(size_t) { return open(JsonValue::Kind::Object); }
  bool start_array(size_t) { return open(JsonValue::Kind::Array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string &value) {
    skipToToken();
    keyBegin = cursor;
    cursor += stringLength();
    nextKey = std::move(value);
    if (!keys.back().insert(nextKey).second) {
      std::string where = stack.back()->pointer();
      errors.add(source, keyBegin,
                 (where.empty() ? where : where + ": ") + "duplicate key " +
                     quoteName(nextKey));
    }
    return true;
  }

  bool parse_error(size_t position, const std::string &,
                   const nlohmann::detail::exception &error) {
    errors.add(source, position ? position - 1 : 0,
               "not a JSON document: " + jsonErrorText(error.what()));
    return false;
  }

private:
  size_t numberLength() {
    skipToToken();
    StringRef rest = StringRef(source.text).drop_front(cursor);
    return std::min(rest.find_first_not_of("+-.0123456789eE"), rest.size());
  }
  size_t stringLength() {
    skipToToken();
    size_t end = cursor + 1;
    while (end < source.text.size() && source.text[end] != '"')
      end += source.text[end] == '\\' ? 2 : 1;
    return end + 1 - cursor;
  }
  void skipToToken() {
    while (cursor < source.text.size() &&
           StringRef(" \t\r\n,:").contains(source.text[cursor]))
      ++cursor;
  }

  bool hugeInteger() {
    if (!scalar(JsonValue::Kind::Integer, numberLength()))
      return false;
    last->isBroken = true;
    last->error(
        errors,
        "expected an integer of at most 64 bits, found " +
            quoteName(StringRef(source.text).slice(last->begin, last->end)));
    return true;
  }

  /// Adds a value of `length` bytes that starts at the next token.
  bool scalar(JsonValue::Kind kind, size_t length) {
    skipToToken();
    if (++count > maxValues) {
      errors.add(source, cursor,
                 "expected at most " + Twine(maxValues) + " JSON values");
      return false;
    }
    auto value = std::make_unique<JsonValue>();
    value->kind = kind;
    value->source = &source;
    value->begin = cursor;
    value->end = cursor = cursor + length;
    last = value.get();
    if (stack.empty()) {
      root = std::move(value);
      return true;
    }
    JsonValue *parent = stack.back();
    value->parent = parent;
    value->index = parent->items.size();
    if (parent->is(JsonValue::Kind::Object)) {
      value->key = std::move(nextKey);
      value->keyBegin = keyBegin;
    }
    parent->items.push_back(std::move(value));
    return true;
  }

  bool open(JsonValue::Kind kind) {
    if (!scalar(kind, 1))
      return false;
    stack.push_back(last);
    keys.emplace_back();
    if (stack.size() <= maxDepth)
      return true;
    errors.add(source, last->begin,
               "expected at most " + Twine(maxDepth) + " nested JSON values");
    return false;
  }
  bool close() {
    skipToToken();
    stack.back()->end = ++cursor;
    stack.pop_back();
    keys.pop_back();
    return true;
  }

  const Source &source;
  Diagnostics &errors;
  std::unique_ptr<JsonValue> root;
  JsonValue *last = nullptr;
  std::vector<JsonValue *> stack;
  std::vector<StringSet<>> keys;
  std::string nextKey;
  size_t keyBegin = 0, cursor = 0, count = 0;
};

} // namespace

std::unique_ptr<JsonValue> vitc::parseJson(const Source &source,
                                           Diagnostics &errors) {
  TreeBuilder builder(source, errors);
  if (!nlohmann::json::sax_parse(source.text, &builder))
    return nullptr;
  return builder.take();
}

const JsonValue *JsonValue::find(StringRef name) const {
  if (kind == Kind::Object)
    for (const auto &item : items)
      if (item->key == name)
        return item.get();
  return nullptr;
}

std::string JsonValue::pointer() const {
  if (!parent)
    return "";
  std::string token = std::to_string(index);
  if (parent->is(Kind::Object)) {
    token.clear();
    for (char c : StringRef(key).take_front(60))
      token += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return parent->pointer() + "/" + token;
}

void JsonValue::error(Diagnostics &errors, const Twine &text) const {
  std::string where = pointer();
  errors.add(*source, begin, where.empty() ? text : where + ": " + text);
}

void JsonValue::errorInside(Diagnostics &errors, size_t column,
                            const Twine &text) const {
  // With escapes in it, a string is longer in the file than its value is.
  bool plain = is(Kind::String) && end - begin == string.size() + 2;
  std::string where = pointer();
  errors.add(*source, plain ? begin + 1 + column : begin,
             where.empty() ? text : where + ": " + text);
}

void JsonValue::errorAtKey(Diagnostics &errors, const Twine &text) const {
  errors.add(*source, keyBegin, pointer() + ": " + text);
}

std::string JsonValue::describe() const {
  StringRef raw = StringRef(source->text).slice(begin, end);
  switch (kind) {
  case Kind::Null:
  case Kind::Boolean:
  case Kind::Integer:
  case Kind::Real:
    return raw.str();
  case Kind::String:
    return quoteName(string);
  case Kind::Array:
    return "an array";
  case Kind::Object:
    return "an object";
  }
  return "";
}

void JsonValue::printCompact(raw_ostream &os,
                             function_ref<bool(const JsonValue &)> keep) const {
  if (!is(Kind::Array) && !is(Kind::Object)) {
    os << StringRef(source->text).slice(begin, end);
    return;
  }
  os << (is(Kind::Array) ? '[' : '{');
  bool isFirst = true;
  for (const auto &item : items) {
    if (is(Kind::Object) && !keep(*item))
      continue;
    os << (isFirst ? "" : ",");
    isFirst = false;
    if (is(Kind::Object))
      os << jsonString(item->key) << ':';
    item->printCompact(os, keep);
  }
  os << (is(Kind::Array) ? ']' : '}');
}

std::string vitc::jsonString(StringRef text) {
  std::string result;
  raw_string_ostream os(result);
  os << json::Value(json::fixUTF8(text));
  return result;
}
