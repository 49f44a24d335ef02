//===- Documents.cpp - The files that make up a spec ----------------------===//

#include "models/Documents.h"
#include "models/Builtin.h"
#include "models/Importer.h"
#include "models/NearestName.h"
#include "models/ReadFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace vitc;

namespace {

constexpr size_t maxChain = 8;

std::string builtinFile(StringRef name) {
  return ("<built-in>/" + name + ".json").str();
}

/// The variants of a document, name and settings.
ArrayRef<std::unique_ptr<JsonValue>> variantsOf(const JsonValue &document) {
  const JsonValue *variants = document.find("variants");
  if (!variants || !variants->is(JsonValue::Kind::Object))
    return {};
  return variants->items;
}

} // namespace

std::vector<std::string> vitc::builtinModels() {
  std::vector<std::string> names;
  for (const BuiltinSpec &spec : builtinSpecs()) {
    Source source(builtinFile(spec.name), spec.text.str());
    Diagnostics errors;
    std::unique_ptr<JsonValue> tree = parseJson(source, errors);
    if (!tree)
      continue;
    if (!tree->find("variants"))
      names.push_back(spec.name.str());
    for (const auto &variant : variantsOf(*tree))
      names.push_back(variant->key);
  }
  return names;
}

const JsonValue *Documents::parse(std::string name, std::string text) {
  sources.push_back(std::make_unique<Source>(std::move(name), std::move(text)));
  std::unique_ptr<JsonValue> tree = parseJson(*sources.back(), errors);
  if (!tree)
    return nullptr;
  trees.push_back(std::move(tree));
  return trees.back().get();
}

const JsonValue &Documents::keep(std::string label, StringRef text) {
  sources.push_back(std::make_unique<Source>(std::move(label), text.str(),
                                             /*isFile=*/false));
  return keepString(*sources.back(), 0, text.size());
}

const JsonValue &Documents::keepString(const Source &source, size_t begin,
                                       size_t end) {
  auto value = std::make_unique<JsonValue>();
  value->kind = JsonValue::Kind::String;
  value->source = &source;
  value->begin = begin;
  value->end = end;
  value->string = StringRef(source.text).slice(begin, end).str();
  trees.push_back(std::move(value));
  return *trees.back();
}

std::vector<const JsonValue *> Documents::readLines(StringRef path) {
  std::optional<std::string> text = readText(path, nullptr);
  if (!text)
    return {};
  sources.push_back(std::make_unique<Source>(path.str(), std::move(*text)));
  StringRef rest = sources.back()->text;
  std::vector<const JsonValue *> lines;
  while (!rest.empty()) {
    auto [line, after] = rest.split('\n');
    size_t begin = line.data() - sources.back()->text.data();
    line.consume_back("\r");
    lines.push_back(&keepString(*sources.back(), begin, begin + line.size()));
    rest = after;
  }
  return lines;
}

bool Documents::load(StringRef spec, const JsonValue *where) {
  for (const BuiltinSpec &builtin : builtinSpecs()) {
    bool isFamily = builtin.name == spec;
    if (!isFamily && !builtin.text.contains(("\"" + spec + "\"").str()))
      continue;
    const JsonValue *tree =
        parse(builtinFile(builtin.name), builtin.text.str());
    if (!tree)
      return false;
    bool isVariant = any_of(variantsOf(*tree), [&](const auto &variant) {
      return variant->key == spec;
    });
    if (!isFamily && !isVariant)
      continue;
    SmallString<128> config(spec);
    sys::path::append(config, "config.json");
    if (!where && sys::fs::exists(config))
      return fail(nullptr, quoteName(spec) +
                               " is a built-in model and a "
                               "checkpoint's folder; write " +
                               quoteName("./" + spec.str()) +
                               " for the folder");
    if (isVariant)
      variant = spec.str();
    return add(*tree, "");
  }
  if (!where && sys::fs::exists(spec) && isCheckpoint(spec))
    return loadCheckpoint(spec);
  if (sys::fs::exists(spec))
    return loadFile(spec, where);
  auto [path, name] = spec.rsplit(':');
  if (!name.empty() && sys::fs::exists(path)) {
    variant = name.str();
    return loadFile(path, where);
  }
  if (spec.ends_with("/"))
    return fail(where, "expected a checkpoint's folder at " + quoteName(spec) +
                           ", found none");
  std::vector<std::string> names = builtinModels();
  for (const BuiltinSpec &builtin : builtinSpecs())
    names.push_back(builtin.name.str());
  return fail(where, quoteName(spec) +
                         " is neither a file nor a built-in model" +
                         suggestNearest(spec, names));
}

bool Documents::fail(const JsonValue *where, const Twine &text) {
  if (where)
    where->error(errors, text);
  else
    errors.add(text);
  return false;
}

bool Documents::loadCheckpoint(StringRef path) {
  importedCheckpoint = importCheckpoint(path, options, errors);
  if (!importedCheckpoint)
    return false;
  SmallString<128> weights(importedCheckpoint->weights);
  sys::fs::make_absolute(weights);
  const JsonValue *tree =
      parse("<imported>/" + importedCheckpoint->name + ".json",
            importedCheckpoint->document(weights, {}, {}));
  return tree && add(*tree, "");
}

std::optional<std::string> Documents::readText(StringRef path,
                                               const JsonValue *where) {
  auto buffer = readFile(path, maxSpecBytes);
  if (buffer)
    return (*buffer)->getBuffer().str();
  fail(where, toString(buffer.takeError()));
  return std::nullopt;
}

bool Documents::loadFile(StringRef path, const JsonValue *where) {
  std::optional<std::string> text = readText(path, where);
  const JsonValue *tree = text ? parse(path.str(), std::move(*text)) : nullptr;
  return tree && add(*tree, path);
}

bool Documents::add(const JsonValue &document, StringRef origin) {
  chain.insert(chain.begin(), &document);
  readCheckpoint(document, origin);
  const JsonValue *base = document.find("base");
  if (!base)
    return true;
  if (chain.size() > maxChain) {
    base->error(errors, "expected at most " + Twine(maxChain) +
                            " documents that build on each other");
    return false;
  }
  if (!base->is(JsonValue::Kind::String)) {
    base->error(errors, "expected a built-in name or a file, found " +
                            base->describe());
    return false;
  }
  if (!variant.empty()) {
    base->error(errors,
                "a document with a base has no variant " + quoteName(variant));
    return false;
  }
  // A file is looked for beside the one that names it.
  SmallString<128> path(base->string);
  if (StringRef(path).ends_with(".json") && sys::path::is_relative(path)) {
    path = sys::path::parent_path(origin);
    sys::path::append(path, base->string);
  }
  return load(path, base);
}

void Documents::readCheckpoint(const JsonValue &document, StringRef origin) {
  const JsonValue *checkpoint = document.find("checkpoint");
  if (!checkpoint || !checkpointPath.empty())
    return;
  if (!checkpoint->is(JsonValue::Kind::String) || checkpoint->string.empty())
    return checkpoint->error(errors, "expected the path of a file, found " +
                                         checkpoint->describe());
  // Like a base, it is looked for beside the document.
  SmallString<128> path(checkpoint->string);
  if (sys::path::is_relative(path)) {
    path = sys::path::parent_path(origin);
    sys::path::append(path, checkpoint->string);
  }
  checkpointPath = path.str();
}

Spec Documents::read() {
  Spec spec = readSpec(*chain.front(), errors);
  bool hasVariant = variant.empty();
  for (const auto &item : variantsOf(*chain.front())) {
    bool chosen = item->key == variant;
    readSettings(*item, spec, errors, /*apply=*/chosen);
    if (chosen) {
      hasVariant = true;
      spec.name = variant;
    }
  }
  if (!hasVariant) {
    std::vector<std::string> names;
    for (const auto &item : variantsOf(*chain.front()))
      names.push_back(item->key);
    chain.front()->error(errors, "no variant " + quoteName(variant) +
                                     suggestNearest(variant, names));
  }
  for (const JsonValue *document : drop_begin(chain))
    readDerived(*document, spec, errors);
  return spec;
}

void Documents::printRecord(raw_ostream &os) const {
  os << "\"documents\":[";
  interleave(
      chain,
      [&](const JsonValue *document) {
        document->printCompact(os, [&](const JsonValue &item) {
          // Comments, the other variants and the place of the weights don't
          // change the graph.
          bool isOther = item.parent && item.parent->parent == document &&
                         item.parent->key == "variants" && item.key != variant;
          bool isPlace = item.parent == document && item.key == "checkpoint";
          return item.key != "doc" && !isOther && !isPlace;
        });
      },
      [&] { os << ','; });
  os << ']';
  if (!variant.empty())
    os << ",\"variant\":" << jsonString(variant);
}

bool Documents::loadRecord(const JsonValue &record) {
  const JsonValue *documents = record.find("documents");
  if (!documents || !documents->is(JsonValue::Kind::Array) ||
      documents->items.empty()) {
    record.error(errors, "expected an array 'documents' with an entry");
    return false;
  }
  for (const auto &document : documents->items)
    chain.push_back(document.get());
  if (const JsonValue *name = record.find("variant"))
    variant = name->string;
  return true;
}
