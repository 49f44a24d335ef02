//===- Parameters.cpp - Values of parameters and derived values -----------===//

#include "models/Parameters.h"
#include "models/NearestName.h"
#include "models/SpecReader.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace vitc;

namespace {

/// Bounds the time a hostile spec can take to about a second.
constexpr uint64_t maxWork = 10'000'000;

Datum::Kind kindOf(Parameter::Type type) {
  switch (type) {
  case Parameter::Type::Integer:
    return Datum::Kind::Integer;
  case Parameter::Type::Real:
    return Datum::Kind::Real;
  case Parameter::Type::Boolean:
    return Datum::Kind::Boolean;
  case Parameter::Type::Name:
    return Datum::Kind::Name;
  case Parameter::Type::Size:
    return Datum::Kind::Size;
  case Parameter::Type::Integers:
    return Datum::Kind::List;
  }
  return Datum::Kind::Integer;
}

/// True if `value`, of the right kind, is one that the parameter allows.
bool isAllowed(const Parameter &parameter, const Datum &value) {
  auto inRange = [&](double number) {
    return (!parameter.least || number >= *parameter.least) &&
           (!parameter.most || number <= *parameter.most);
  };
  switch (parameter.type) {
  case Parameter::Type::Integer:
  case Parameter::Type::Real:
    return inRange(value.real);
  case Parameter::Type::Size:
    return inRange(value.integer) && inRange(value.width);
  case Parameter::Type::Name:
    return is_contained(parameter.values, value.name);
  case Parameter::Type::Integers:
    return all_of(value.items, [&](const Datum &item) {
      return item.is(Datum::Kind::Integer) && inRange(item.real);
    });
  case Parameter::Type::Boolean:
    return true;
  }
  return true;
}

} // namespace

std::string vitc::describeType(const Parameter &parameter) {
  if (parameter.type == Parameter::Type::Name)
    return "one of " + quotedChoice(parameter.values);
  std::string text = kindName(kindOf(parameter.type)).str();
  if (parameter.type == Parameter::Type::Integers)
    text += " of integers";
  auto number = [](double value) { return Datum::ofReal(value).print(); };
  if (parameter.least && parameter.most)
    text +=
        " from " + number(*parameter.least) + " to " + number(*parameter.most);
  else if (parameter.least)
    text += " of at least " + number(*parameter.least);
  else if (parameter.most)
    text += " of at most " + number(*parameter.most);
  return text;
}

DocumentEnvironment::DocumentEnvironment(const Spec &spec, Diagnostics &errors)
    : Environment(errors), spec(spec) {
  for (const Parameter &parameter : spec.parameters)
    entries[parameter.name].parameter = &parameter;
  for (const Let &let : spec.lets)
    entries[let.name].let = &let;
}

bool DocumentEnvironment::spend(uint64_t units) {
  bool before = work <= maxWork;
  work += std::min(units, maxWork);
  if (before && work > maxWork)
    spec.json->error(errors, "the spec takes too much work to evaluate; are "
                             "its repetitions meant to be this large?");
  return work <= maxWork;
}

std::optional<Datum> DocumentEnvironment::lookup(StringRef name) {
  auto found = entries.find(name);
  if (found == entries.end())
    return std::nullopt;
  Entry &entry = found->second;
  if (entry.state == Entry::Done)
    return entry.value;
  const std::optional<Expression> &expression =
      entry.parameter ? entry.parameter->value : entry.let->value;
  if (entry.state == Entry::Running) {
    std::string chain;
    for (const std::string &link :
         ArrayRef(running).drop_front(find(running, name) - running.begin()))
      chain += link + " -> ";
    expression->json->error(
        errors, quoteName(name) + " depends on itself: " + chain + name.str());
    return std::nullopt;
  }
  entry.state = Entry::Running;
  running.push_back(name.str());
  if (expression)
    entry.value = entry.parameter ? evaluate(*entry.parameter)
                                  : expression->evaluate(*this);
  running.pop_back();
  entry.state = Entry::Done;
  return entry.value;
}

std::optional<Datum> DocumentEnvironment::evaluate(const Parameter &parameter) {
  std::optional<Datum> value = parameter.value->evaluate(*this);
  if (!value)
    return std::nullopt;
  std::optional<Datum> converted = convert(*value, kindOf(parameter.type));
  if (converted && isAllowed(parameter, *converted))
    return converted;
  std::string nearest;
  if (value->is(Datum::Kind::Name))
    nearest = suggestNearest(value->name, parameter.values);
  parameter.value->json->error(errors, "expected " + describeType(parameter) +
                                           ", found " + value->print() +
                                           nearest);
  return std::nullopt;
}

std::vector<std::string> DocumentEnvironment::checkAll() {
  for (const Parameter &parameter : spec.parameters)
    lookup(parameter.name);
  for (const Let &let : spec.lets)
    lookup(let.name);
  auto is = [&](const Statement &statement, bool wanted) {
    if (!statement.condition)
      return false;
    std::optional<Datum> holds =
        statement.condition->evaluateAs(Datum::Kind::Boolean, *this);
    return holds && holds->boolean == wanted;
  };
  for (const Statement &requirement : spec.requirements)
    if (is(requirement, false))
      requirement.json->error(errors, requirement.text);
  std::vector<std::string> notes;
  for (const Statement &note : spec.notes)
    if (is(note, true))
      notes.push_back(note.text);
  return notes;
}

void vitc::setParameter(Spec &spec, StringRef name, const JsonValue &json,
                        Diagnostics &errors) {
  Parameter *parameter = spec.findParameter(name);
  if (!parameter) {
    std::vector<std::string> names;
    for (const Parameter &candidate : spec.parameters)
      names.push_back(candidate.name);
    return json.error(errors, "unknown parameter " + quoteName(name) +
                                  suggestNearest(name, names));
  }
  if (parameter->type == Parameter::Type::Name) {
    SpecReader reader(errors);
    parameter->value = reader.choice(json, parameter->values, spec.scope);
    return;
  }
  // On a command line a list needs no brackets.
  std::string text = json.string;
  if (parameter->type == Parameter::Type::Integers &&
      !StringRef(text).trim().starts_with("[") &&
      (text.empty() || isDigit(text[0])))
    text = "[" + text + "]";
  Diagnostics ignored;
  parameter->value = Expression::parse(text, &json, 0, spec.scope, ignored);
  if (!parameter->value)
    json.error(errors, "expected " + describeType(*parameter) + ", found " +
                           quoteName(json.string));
}
