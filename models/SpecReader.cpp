//===- SpecReader.cpp - From JSON to Spec: the document -------------------===//
//
// Whatever can be wrong without knowing the parameters' values is found here
// and in the two files beside it, also in parts that no model uses.
//
//===----------------------------------------------------------------------===//

#include "models/SpecReader.h"
#include "models/NearestName.h"
#include "models/Preprocessing.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace vitc;

namespace {

constexpr int64_t formatVersion = 1;

/// Keys of every document and what may stand beside them.
void readHead(const JsonValue &json, Spec &spec, SpecReader &reader) {
  if (const JsonValue *version = json.find("vitc");
      version && !version->isBroken)
    if (!version->is(JsonValue::Kind::Integer) ||
        version->integer != formatVersion)
      version->error(reader.errors, "expected format version " +
                                        Twine(formatVersion) + ", found " +
                                        version->describe());
  if (const JsonValue *name = json.find("name"))
    spec.name = reader.identifier(*name).value_or("");
  if (const JsonValue *title = json.find("title"))
    spec.title = reader.text(*title, 200).value_or("");
}

void readLabels(const JsonValue &json, Spec &spec, SpecReader &reader) {
  const JsonValue *labels = json.find("labels");
  if (!labels)
    return;
  spec.labelsJson = labels;
  spec.labels.clear();
  spec.labelsWhen.reset();
  if (labels->is(JsonValue::Kind::Object)) {
    if (!reader.object(*labels, {"names"}, {"when"}))
      return;
    spec.labelsWhen = reader.expression(*labels, "when", spec.scope);
    labels = labels->find("names");
    if (!labels)
      return;
  }
  if (reader.array(*labels))
    for (const auto &item : labels->items)
      spec.labels.push_back(reader.text(*item, maxLabel).value_or(""));
}

void readIgnored(const JsonValue &json, Spec &spec, SpecReader &reader) {
  const JsonValue *ignored = json.find("ignore");
  if (ignored && reader.array(*ignored))
    for (const auto &item : ignored->items)
      if (auto name = reader.text(*item, 200))
        spec.ignored.push_back(*name);
}

void readInput(const JsonValue &json, Spec &spec, SpecReader &reader) {
  if (!reader.object(json, {"channels", "size"},
                     {"name", "meaning", "preprocess"}))
    return;
  InputSpec &input = spec.input;
  input.json = &json;
  if (const JsonValue *name = json.find("name"))
    input.name = reader.identifier(*name).value_or("image");
  if (const JsonValue *meaning = json.find("meaning"))
    input.meaning = reader.text(*meaning).value_or("");
  input.channels = reader.expression(json, "channels", spec.scope);
  input.size = reader.expression(json, "size", spec.scope);
  reader.preprocess(json, spec);
}

/// Splits "tokens@{K}" into the name and what its number is called.
void readOutputKey(const JsonValue &json, const Spec &spec, OutputSpec &output,
                   SpecReader &reader) {
  auto [name, index] = StringRef(json.key).split('@');
  output.name = name.str();
  if (name.size() < json.key.size()) {
    if (!index.consume_front("{") || !index.consume_back("}"))
      return json.errorAtKey(reader.errors,
                             "expected a name such as 'logits' or "
                             "'tokens@{K}', found " +
                                 quoteName(json.key));
    output.index = index.str();
    reader.checkIdentifier(index, json);
    if (is_contained(spec.scope, output.index))
      json.errorAtKey(reader.errors,
                      quoteName(output.index) + " is declared twice");
  }
  reader.checkIdentifier(name, json);
  if (any_of(spec.outputs, [&](const OutputSpec &other) {
        return other.name == name && other.isIndexed() == output.isIndexed();
      }))
    json.errorAtKey(reader.errors, quoteName(json.key) + " is declared twice");
}

void readOutputs(const JsonValue &json, Spec &spec, SpecReader &reader) {
  if (!reader.map(json, 1))
    return;
  for (const auto &item : json.items) {
    OutputSpec output;
    output.json = item.get();
    readOutputKey(*item, spec, output, reader);
    SmallVector<StringRef> required{"meaning"}, optional{"when"};
    const JsonValue *value = item->find("value"), *block = item->find("block");
    required.push_back(block ? "block" : "value");
    if (block)
      optional.append({"input", "inputs", "with"});
    (output.isIndexed() ? required : optional)
        .push_back(output.isIndexed() ? "count" : "default");
    if (!reader.object(*item, required, optional))
      continue;
    Scope scope = spec.scope;
    if (output.isIndexed())
      scope.push_back(output.index);
    if (const JsonValue *meaning = item->find("meaning"))
      output.meaning = reader.text(*meaning).value_or("");
    output.count = reader.expression(*item, "count", spec.scope);
    output.when = reader.expression(*item, "when", scope);
    output.isDefault = reader.expression(*item, "default", spec.scope);
    if (block)
      output.call = reader.outputCall(*item, scope);
    else if (value)
      output.value = Template::read(*value, scope, reader.errors);
    spec.outputs.push_back(std::move(output));
  }
}

} // namespace

bool SpecReader::object(const JsonValue &json, ArrayRef<StringRef> required,
                        ArrayRef<StringRef> optional) {
  if (!json.is(JsonValue::Kind::Object)) {
    json.error(errors, "expected an object, found " + json.describe());
    return false;
  }
  std::vector<std::string> known{"doc"};
  for (StringRef key : required)
    known.push_back(key.str());
  for (StringRef key : optional)
    known.push_back(key.str());
  for (const auto &item : json.items)
    if (!is_contained(known, item->key))
      item->errorAtKey(errors, "unknown key " + quoteName(item->key) +
                                   suggestNearest(item->key, known));
  for (StringRef key : required)
    if (!json.find(key))
      json.error(errors, "expected the key '" + key + "'");
  return true;
}

bool SpecReader::array(const JsonValue &json, size_t least, size_t most) {
  size_t count = json.items.size();
  if (!json.is(JsonValue::Kind::Array)) {
    json.error(errors, "expected an array, found " + json.describe());
    return false;
  }
  if (count >= least && count <= most)
    return true;
  json.error(errors, "expected " + Twine(least) + " to " + Twine(most) +
                         " entries, found " + Twine(count));
  return false;
}

bool SpecReader::map(const JsonValue &json, size_t least, size_t most) {
  if (!json.is(JsonValue::Kind::Object)) {
    json.error(errors, "expected an object, found " + json.describe());
    return false;
  }
  size_t count = json.items.size();
  if (count >= least && count <= most)
    return true;
  json.error(errors, "expected " + Twine(least) + " to " + Twine(most) +
                         " members, found " + Twine(count));
  return false;
}

std::optional<std::string> SpecReader::text(const JsonValue &json,
                                            size_t most) {
  if (!json.is(JsonValue::Kind::String)) {
    json.error(errors, "expected a text, found " + json.describe());
    return std::nullopt;
  }
  if (json.string.size() > most) {
    json.error(errors, "expected a text of at most " + Twine(most) +
                           " bytes, found " + Twine(json.string.size()));
    return std::nullopt;
  }
  if (any_of(json.string, [](unsigned char c) { return c < 32 || c == 127; })) {
    json.error(errors, "expected a text without control characters");
    return std::nullopt;
  }
  return json.string;
}

bool SpecReader::checkIdentifier(StringRef name, const JsonValue &json) {
  constexpr size_t longest = 64;
  if (!name.empty() && name.size() <= longest && !isDigit(name[0]) &&
      all_of(name, [](char c) { return isAlnum(c) || c == '_'; })) {
    if (name != "doc")
      return true;
    json.error(errors, "expected another word: 'doc' is a comment everywhere");
    return false;
  }
  json.error(errors, "expected a word of at most " + Twine(longest) +
                         " letters, digits and _, found " + quoteName(name));
  return false;
}

std::optional<std::string> SpecReader::identifier(const JsonValue &json) {
  if (!json.is(JsonValue::Kind::String)) {
    json.error(errors, "expected a word, found " + json.describe());
    return std::nullopt;
  }
  if (!checkIdentifier(json.string, json))
    return std::nullopt;
  return json.string;
}

std::optional<std::string> SpecReader::path(const JsonValue &json) {
  if (!json.is(JsonValue::Kind::String)) {
    json.error(errors, "expected a name, found " + json.describe());
    return std::nullopt;
  }
  SmallVector<StringRef> parts;
  StringRef(json.string).split(parts, '.');
  bool good = json.string.size() <= 100 && !isDigit(parts[0].take_front()[0]);
  for (StringRef part : parts)
    good &= !part.empty() &&
            all_of(part, [](char c) { return isAlnum(c) || c == '_'; });
  if (good)
    return json.string;
  json.error(errors, "expected a name such as 'attn.qkv', found " +
                         quoteName(json.string));
  return std::nullopt;
}

std::optional<std::string> SpecReader::oneOf(const JsonValue &json,
                                             ArrayRef<std::string> names) {
  if (json.is(JsonValue::Kind::String) && is_contained(names, json.string))
    return json.string;
  json.error(errors, "expected one of " + quotedChoice(names) + ", found " +
                         json.describe() +
                         (json.is(JsonValue::Kind::String)
                              ? suggestNearest(json.string, names)
                              : ""));
  return std::nullopt;
}

std::optional<Expression> SpecReader::expression(const JsonValue &json,
                                                 StringRef key,
                                                 const Scope &scope) {
  const JsonValue *value = json.find(key);
  return value ? Expression::read(*value, scope, errors) : std::nullopt;
}

std::optional<Expression> SpecReader::choice(const JsonValue &json,
                                             ArrayRef<std::string> names,
                                             const Scope &scope) {
  // A word that is neither one of the names nor in scope is a misspelt name.
  if (!json.is(JsonValue::Kind::String) || is_contained(names, json.string) ||
      (all_of(json.string, [](char c) { return isAlnum(c) || c == '_'; }) &&
       !is_contained(scope, json.string))) {
    std::optional<std::string> name = oneOf(json, names);
    if (!name)
      return std::nullopt;
    return Expression::constant(Datum::ofName(*name), &json);
  }
  return Expression::read(json, scope, errors);
}

PreprocessSpec SpecReader::preprocess(const JsonValue &json,
                                      const Scope &scope) {
  PreprocessSpec result;
  result.json = &json;
  if (!object(json, {"mean", "std"},
              {"when", "resize", "size", "filter", "crop", "crop_rounding",
               "pad", "pad_value", "channel_order", "scale"}))
    return result;
  result.when = expression(json, "when", scope);
  auto chosen = [&](StringRef key, ArrayRef<std::string> names) {
    const JsonValue *value = json.find(key);
    return value ? choice(*value, names, scope) : std::nullopt;
  };
  result.resize = chosen("resize", Preprocessing::resizeNames());
  result.filter = chosen("filter", Preprocessing::filterNames());
  result.cropRounding =
      chosen("crop_rounding", Preprocessing::cropRoundingNames());
  result.channelOrder =
      chosen("channel_order", Preprocessing::channelOrderNames());
  result.size = expression(json, "size", scope);
  result.crop = expression(json, "crop", scope);
  result.pad = expression(json, "pad", scope);
  result.padValue = expression(json, "pad_value", scope);
  result.scale = expression(json, "scale", scope);
  result.mean = expression(json, "mean", scope);
  result.std = expression(json, "std", scope);
  return result;
}

void SpecReader::preprocess(const JsonValue &input, Spec &spec) {
  const JsonValue *json = input.find("preprocess");
  if (!json)
    return;
  spec.input.preprocess.reset();
  if (!json->is(JsonValue::Kind::Null))
    spec.input.preprocess = preprocess(*json, spec.scope);
}

Spec vitc::readSpec(const JsonValue &json, Diagnostics &errors) {
  Spec spec;
  SpecReader reader(errors);
  spec.json = &json;
  if (!reader.object(json, {"vitc", "name", "input", "graph", "outputs"},
                     {"title", "parameters", "let", "require", "notes",
                      "blocks", "labels", "ignore", "variants"}))
    return spec;
  readHead(json, spec, reader);
  readParameters(json, spec, reader);
  if (const JsonValue *input = json.find("input"))
    readInput(*input, spec, reader);
  if (const JsonValue *blocks = json.find("blocks")) {
    if (reader.map(*blocks))
      for (const auto &item : blocks->items)
        if (reader.checkIdentifier(item->key, *item))
          spec.blocks.emplace(item->key, reader.block(*item, spec.scope));
  }
  if (const JsonValue *graph = json.find("graph"))
    spec.graph = reader.graph(*graph, spec.scope);
  if (const JsonValue *outputs = json.find("outputs"))
    readOutputs(*outputs, spec, reader);
  readLabels(json, spec, reader);
  readIgnored(json, spec, reader);
  reader.checkCalls(spec);
  return spec;
}

void vitc::readDerived(const JsonValue &json, Spec &spec, Diagnostics &errors) {
  SpecReader reader(errors);
  spec.json = &json;
  if (!reader.object(json, {"vitc", "name", "base"},
                     {"title", "set", "input", "labels", "ignore", "tensors",
                      "checkpoint"}))
    return;
  readHead(json, spec, reader);
  if (const JsonValue *set = json.find("set"))
    readSettings(*set, spec, errors);
  if (const JsonValue *input = json.find("input"))
    if (reader.object(*input, {"preprocess"}, {}))
      reader.preprocess(*input, spec);
  readLabels(json, spec, reader);
  readIgnored(json, spec, reader);
  if (const JsonValue *tensors = json.find("tensors")) {
    std::vector<TensorRule> rules = reader.tensorRules(*tensors, spec.scope);
    std::move(spec.tensors.begin(), spec.tensors.end(),
              std::back_inserter(rules));
    spec.tensors = std::move(rules);
  }
}
