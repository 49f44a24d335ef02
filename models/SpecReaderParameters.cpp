//===- SpecReaderParameters.cpp - Parameters and derived values -----------===//

#include "models/NearestName.h"
#include "models/SpecReader.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace vitc;

namespace {

const std::vector<std::string> typeNames = {"integer", "real", "boolean",
                                            "name",    "size", "integers"};

/// Declares `name` in the scope; a second declaration is an error.
bool declare(const JsonValue &json, Spec &spec, SpecReader &reader) {
  static const std::vector<std::string> reserved = {
      "true", "false", "and",  "or",   "not", "in",
      "if",   "else",  "path", "name", "doc"};
  if (!reader.checkIdentifier(json.key, json))
    return false;
  if (is_contained(reserved, json.key)) {
    json.errorAtKey(reader.errors, quoteName(json.key) + " is reserved");
    return false;
  }
  if (is_contained(spec.scope, json.key)) {
    json.errorAtKey(reader.errors, quoteName(json.key) + " is declared twice");
    return false;
  }
  spec.scope.push_back(json.key);
  return true;
}

std::optional<double> bound(const JsonValue &json, StringRef key,
                            SpecReader &reader) {
  const JsonValue *value = json.find(key);
  if (!value || value->isBroken)
    return std::nullopt;
  if (value->is(JsonValue::Kind::Integer) || value->is(JsonValue::Kind::Real))
    return value->real;
  value->error(reader.errors, "expected a number, found " + value->describe());
  return std::nullopt;
}

/// The value of a parameter as the document writes it: a name or an expression.
std::optional<Expression> parameterValue(const JsonValue &json,
                                         const Parameter &parameter,
                                         const Spec &spec, SpecReader &reader) {
  if (parameter.type == Parameter::Type::Name)
    return reader.choice(json, parameter.values, spec.scope);
  return Expression::read(json, spec.scope, reader.errors);
}

Parameter readParameter(const JsonValue &json, SpecReader &reader) {
  Parameter parameter;
  parameter.name = json.key;
  parameter.json = &json;
  if (!reader.object(json, {"type", "default"}, {"values", "min", "max"}))
    return parameter;
  if (const JsonValue *doc = json.find("doc"))
    parameter.doc = reader.text(*doc).value_or("");
  if (const JsonValue *type = json.find("type"))
    if (auto name = reader.oneOf(*type, typeNames))
      parameter.type = static_cast<Parameter::Type>(
          llvm::find(typeNames, *name) - typeNames.begin());
  parameter.least = bound(json, "min", reader);
  parameter.most = bound(json, "max", reader);

  const JsonValue *values = json.find("values");
  bool isName = parameter.type == Parameter::Type::Name;
  if (isName != (values != nullptr))
    json.error(reader.errors, "expected 'values' for a parameter of type name, "
                              "and only there");
  else if (values && reader.array(*values, 1, 100))
    for (const auto &item : values->items)
      if (auto name = reader.text(*item, 64))
        parameter.values.push_back(*name);
  return parameter;
}

/// A list of texts, each with the condition that its `key` gives.
void readStatements(const JsonValue &document, StringRef name, StringRef key,
                    std::vector<Statement> &statements, Spec &spec,
                    SpecReader &reader) {
  const JsonValue *json = document.find(name);
  if (!json || !reader.array(*json, 0, 500))
    return;
  for (const auto &item : json->items) {
    if (!reader.object(*item, {key, "text"}, {}))
      continue;
    Statement statement;
    statement.json = item.get();
    statement.condition = reader.expression(*item, key, spec.scope);
    if (const JsonValue *text = item->find("text"))
      statement.text = reader.text(*text).value_or("");
    statements.push_back(std::move(statement));
  }
}

} // namespace

void vitc::readParameters(const JsonValue &document, Spec &spec,
                          SpecReader &reader) {
  const JsonValue *parameters = document.find("parameters");
  const JsonValue *lets = document.find("let");
  for (const JsonValue **section : {&parameters, &lets})
    if (*section && !reader.map(**section))
      *section = nullptr;

  // All names first: a default may use any of them.
  if (parameters)
    for (const auto &item : parameters->items)
      if (declare(*item, spec, reader))
        spec.parameters.push_back(readParameter(*item, reader));
  if (lets)
    for (const auto &item : lets->items)
      if (declare(*item, spec, reader))
        spec.lets.push_back({item->key, std::nullopt});

  for (Parameter &parameter : spec.parameters)
    if (const JsonValue *value = parameter.json->find("default"))
      parameter.value = parameterValue(*value, parameter, spec, reader);
  for (Let &let : spec.lets)
    let.value = reader.expression(*lets, let.name, spec.scope);

  readStatements(document, "require", "that", spec.requirements, spec, reader);
  readStatements(document, "notes", "when", spec.notes, spec, reader);
}

Parameter *Spec::findParameter(StringRef name) {
  for (Parameter &parameter : parameters)
    if (parameter.name == name)
      return &parameter;
  return nullptr;
}

void vitc::readSettings(const JsonValue &json, Spec &spec, Diagnostics &errors,
                        bool apply) {
  SpecReader reader(errors);
  if (!reader.map(json))
    return;
  std::vector<std::string> names;
  for (const Parameter &parameter : spec.parameters)
    names.push_back(parameter.name);
  for (const auto &item : json.items) {
    if (Parameter *parameter = spec.findParameter(item->key)) {
      auto value = parameterValue(*item, *parameter, spec, reader);
      if (apply)
        parameter->value = std::move(value);
    } else {
      item->errorAtKey(errors, "unknown parameter " + quoteName(item->key) +
                                   suggestNearest(item->key, names));
    }
  }
}
