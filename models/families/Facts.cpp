//===- Facts.cpp - What a family knows of a checkpoint --------------------===//

#include "models/families/Facts.h"
#include "models/NamePattern.h"
#include "models/NearestName.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>

using namespace llvm;
using namespace vitc;

namespace {

constexpr uint64_t maxWork = 1'000'000;
constexpr double maxInteger = 1e15;

using Kind = JsonValue::Kind;

std::optional<int64_t> integerOf(const JsonValue &json) {
  if (json.is(Kind::Integer))
    return json.integer;
  if (json.is(Kind::Real) && json.real == std::floor(json.real) &&
      std::abs(json.real) < maxInteger)
    return static_cast<int64_t>(json.real);
  return std::nullopt;
}

std::optional<Datum> sizeOf(const JsonValue &json) {
  const JsonValue *height = &json, *width = &json;
  if (json.is(Kind::Array) && json.items.size() == 2) {
    height = json.items[0].get();
    width = json.items[1].get();
  } else if (json.is(Kind::Object)) {
    height = json.find("height");
    width = json.find("width");
    if (!height && !width)
      height = width = json.find("shortest_edge");
  }
  auto h = height ? integerOf(*height) : std::nullopt;
  auto w = width ? integerOf(*width) : std::nullopt;
  bool isSize = h && w && *h > 0 && *w > 0;
  return isSize ? std::optional(Datum::ofSize(*h, *w)) : std::nullopt;
}

std::optional<Datum> listOf(const JsonValue &json, StringRef type) {
  if (!json.is(Kind::Array)) {
    auto item = readDatum(json, type);
    return item ? std::optional(Datum::ofList({*item})) : std::nullopt;
  }
  std::vector<Datum> items;
  for (const auto &value : json.items) {
    auto item = readDatum(*value, type);
    if (!item)
      return std::nullopt;
    items.push_back(*item);
  }
  return Datum::ofList(items);
}

/// The number or text that stands on the way to `pointer`, where an object or
/// an array should be; null if there is none.
const JsonValue *obstacle(const JsonValue *root, StringRef pointer) {
  for (size_t end = pointer.find('/', 1); end != StringRef::npos;
       end = pointer.find('/', end + 1)) {
    const JsonValue *value = findAt(root, pointer.take_front(end));
    if (value && !value->is(Kind::Object) && !value->is(Kind::Array))
      return value;
  }
  return nullptr;
}

/// A value of a table of the family: a number, boolean or name.
Datum literal(const JsonValue &json) {
  switch (json.kind) {
  case Kind::Integer:
    return Datum::ofInteger(json.integer);
  case Kind::Real:
    return Datum::ofReal(json.real);
  case Kind::Boolean:
    return Datum::ofBoolean(json.boolean);
  default:
    return Datum::ofName(json.string);
  }
}

StringRef describeType(StringRef type) {
  return StringSwitch<StringRef>(type)
      .Case("integer", "an integer")
      .Case("real", "a number")
      .Case("boolean", "true or false")
      .Case("size",
            "a size above 0: a number, [height, width] or an object of the two")
      .Case("reals", "a list of numbers")
      .Case("integers", "a list of integers")
      .Default("a text");
}

} // namespace

std::optional<Datum> vitc::readDatum(const JsonValue &json, StringRef type) {
  if (type == "integer") {
    auto value = integerOf(json);
    return value ? std::optional(Datum::ofInteger(*value)) : std::nullopt;
  }
  if (type == "real" && (json.is(Kind::Integer) || json.is(Kind::Real)))
    return Datum::ofReal(json.real);
  if (type == "boolean" && json.is(Kind::Boolean))
    return Datum::ofBoolean(json.boolean);
  if (type == "name" && json.is(Kind::String))
    return Datum::ofName(json.string);
  if (type == "size")
    return sizeOf(json);
  if (type == "reals")
    return listOf(json, "real");
  if (type == "integers")
    return listOf(json, "integer");
  return std::nullopt;
}

Facts::Facts(const Family &family, const Checkpoint &checkpoint,
             Diagnostics &errors)
    : Environment(errors), family(family), checkpoint(checkpoint) {
  auto declare = [&](const JsonValue &json, StringRef section, bool areFacts) {
    if (const JsonValue *members = json.find(section))
      for (const auto &item : members->items)
        if (!is_contained(scope, item->key)) {
          scope.push_back(item->key);
          entries[item->key] = {item.get(), areFacts};
        }
  };
  for (const JsonValue *document : family.documents) {
    declare(*document, "facts", true);
    declare(*document, "let", false);
  }
  scope.push_back("architecture");
  Entry &entry = entries["architecture"];
  entry.state = Entry::Done;
  entry.value = Datum::ofName(family.architecture);
}

bool Facts::spend(uint64_t units) {
  bool before = work <= maxWork;
  work += std::min(units, maxWork);
  if (before && work > maxWork)
    family.documents[0]->error(errors, "expected a family that takes at most " +
                                           Twine(maxWork) +
                                           " steps to evaluate, found more");
  return work <= maxWork;
}

std::optional<Datum> Facts::lookup(StringRef name) {
  auto found = entries.find(name);
  if (found == entries.end())
    return std::nullopt;
  Entry &entry = found->second;
  if (entry.state == Entry::Running)
    entry.json->error(errors, quoteName(name) + " depends on itself");
  if (entry.state == Entry::Waiting) {
    entry.state = Entry::Running;
    entry.value = entry.isFact ? read(*entry.json) : evaluate(*entry.json);
    entry.state = Entry::Done;
  }
  return entry.value;
}

std::optional<Datum> Facts::evaluate(const JsonValue &json) {
  std::optional<Expression> expression = Expression::read(json, scope, errors);
  return expression ? expression->evaluate(*this) : std::nullopt;
}

bool Facts::applies(const JsonValue &json) {
  const JsonValue *when = json.find("when");
  return !when || holds(*when).value_or(false);
}

std::optional<bool> Facts::holds(const JsonValue &expression) {
  std::optional<Datum> value = evaluate(expression);
  if (!value)
    return std::nullopt;
  if (value->is(Datum::Kind::Boolean))
    return value->boolean;
  expression.error(errors, "expected true or false, found " + value->print());
  return std::nullopt;
}

const JsonValue *Facts::origin(StringRef name, const JsonValue &json) {
  if (!isFact(name, json))
    return nullptr;
  if (name == "architecture")
    return family.architectureAt;
  const JsonValue *fact = entries[name].json;
  return entries[name].isFact ? findConfig(*fact) : nullptr;
}

bool Facts::isFact(StringRef name, const JsonValue &json) {
  if (is_contained(scope, name))
    return true;
  json.error(errors,
             "unknown fact " + quoteName(name) + suggestNearest(name, scope));
  return false;
}

std::string Facts::substitute(StringRef text, const JsonValue &json) {
  std::string result;
  while (true) {
    auto [before, rest] = text.split("${");
    result += before;
    if (before.size() == text.size())
      return result;
    auto [name, after] = rest.split('}');
    if (isFact(name, json))
      if (std::optional<Datum> value = lookup(name))
        result += value->is(Datum::Kind::Name) ? value->name : value->print();
    text = after;
  }
}

std::optional<Datum> Facts::read(const JsonValue &fact) {
  if (fact.find("config") || fact.find("preprocessor"))
    return readConfig(fact);
  if (fact.find("axis"))
    return readAxis(fact);
  if (const JsonValue *pattern = fact.find("has"))
    return Datum::ofBoolean(!matching(*pattern).empty());
  if (const JsonValue *pattern = fact.find("count"))
    return Datum::ofInteger(matching(*pattern).size());
  if (fact.find("present"))
    return readPresent(fact);
  if (fact.find("match"))
    return readMatch(fact);
  fact.error(errors, "expected one of the keys config, preprocessor, axis, "
                     "has, count, present and match");
  return std::nullopt;
}

std::optional<Datum> Facts::otherwise(const JsonValue &fact,
                                      const Twine &missing) {
  if (const JsonValue *value = fact.find("default"))
    return evaluate(*value);
  errors.add(missing);
  return std::nullopt;
}

std::optional<Datum> Facts::mapped(const JsonValue &map,
                                   const JsonValue &value) {
  std::vector<std::string> names;
  for (const auto &item : map.items) {
    if (value.is(Kind::String) ? item->key == value.string
                               : item->key == value.describe())
      return literal(*item);
    names.push_back(item->key);
  }
  value.error(
      errors,
      "expected one of " + quotedChoice(names) + ", found " + value.describe() +
          (value.is(Kind::String) ? suggestNearest(value.string, names) : ""));
  return std::nullopt;
}

/// The pointers of a fact into a configuration; there may be one or several.
static SmallVector<StringRef> pointersOf(const JsonValue &fact) {
  const JsonValue *pointers = fact.find("config");
  if (!pointers)
    pointers = fact.find("preprocessor");
  if (!pointers)
    return {};
  if (pointers->is(Kind::String))
    return {StringRef(pointers->string)};
  return SmallVector<StringRef>(
      map_range(pointers->items,
                [](const auto &item) -> StringRef { return item->string; }));
}

const JsonValue *Facts::findConfig(const JsonValue &fact) {
  bool isConfig = fact.find("config");
  const JsonValue *root =
      isConfig ? checkpoint.config() : checkpoint.preprocessor();
  const JsonValue *value = nullptr;
  for (StringRef pointer : pointersOf(fact)) {
    // An image processor's size may be a number or an object.
    const JsonValue *other = isConfig ? obstacle(root, pointer) : nullptr;
    if (other)
      other->error(errors, "expected an object, found " + other->describe());
    if (!value)
      value = findAt(root, pointer);
  }
  return value;
}

std::optional<Datum> Facts::readConfig(const JsonValue &fact) {
  const JsonValue *value = findConfig(fact);
  if (!value) {
    const JsonValue *root =
        fact.find("config") ? checkpoint.config() : checkpoint.preprocessor();
    std::string place =
        root ? root->source->name : checkpoint.path + "/config.json";
    return otherwise(fact, "expected the key " +
                               quoteName(pointersOf(fact)[0].substr(1)) +
                               " in " + quoteName(place) + ", found none");
  }
  if (const JsonValue *map = fact.find("map"))
    return mapped(*map, *value);
  const JsonValue *type = fact.find("type");
  StringRef typeName = type ? StringRef(type->string) : "name";
  std::optional<Datum> result = readDatum(*value, typeName);
  if (!result)
    value->error(errors, "expected " + describeType(typeName) + ", found " +
                             value->describe());
  return result;
}

std::optional<Datum> Facts::readAxis(const JsonValue &fact) {
  const JsonValue *pattern = fact.find("tensor");
  std::vector<std::string> names =
      pattern ? matching(*pattern) : std::vector<std::string>();
  if (names.empty())
    return otherwise(
        fact,
        "expected tensor " +
            quoteName(pattern ? substitute(pattern->string, *pattern) : "") +
            ", found none in " + checkpoint.weights->describe());
  const StoredTensor &tensor = *checkpoint.tensors.at(names[0]);
  size_t axis = fact.find("axis")->integer;
  if (axis < tensor.shape.size())
    return Datum::ofInteger(tensor.shape[axis]);
  errors.add("expected more than " + Twine(axis) + " dimensions of tensor " +
             quoteName(names[0]) + ", found " + formatShape(tensor.shape) +
             " in " + checkpoint.weights->describe());
  return std::nullopt;
}

std::optional<Datum> Facts::readPresent(const JsonValue &fact) {
  std::vector<std::string> names;
  for (const auto &item : fact.find("present")->items) {
    JsonValue pattern;
    pattern.kind = Kind::String;
    pattern.string = item->key;
    pattern.source = item->source;
    pattern.begin = item->keyBegin;
    if (!matching(pattern).empty())
      return literal(*item);
    names.push_back(item->key);
  }
  return otherwise(fact, "expected one of the tensors " + quotedChoice(names) +
                             ", found none in " +
                             checkpoint.weights->describe());
}

std::optional<Datum> Facts::readMatch(const JsonValue &fact) {
  const JsonValue *of = fact.find("match"), *values = fact.find("values");
  if (!values)
    fact.error(errors, "expected the key 'values'");
  if (!isFact(of->string, *of) || !values)
    return std::nullopt;
  std::optional<Datum> name = lookup(of->string);
  if (!name)
    return std::nullopt;
  for (const auto &item : values->items)
    if (matchesWildcard(name->name, item->key))
      return literal(*item);
  return otherwise(fact, quoteName(of->string) + ": no value is known for " +
                             quoteName(name->name));
}

std::vector<std::string> Facts::matching(const JsonValue &pattern) {
  std::string error;
  std::vector<std::string> names;
  std::optional<NamePattern> parsed =
      NamePattern::parse(substitute(pattern.string, pattern), error);
  if (!parsed)
    pattern.error(errors, error);
  else if (spend(checkpoint.tensors.size()))
    for (const auto &[name, tensor] : checkpoint.tensors)
      if (parsed->match(name))
        names.push_back(name);
  return names;
}
