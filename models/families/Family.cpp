//===- Family.cpp - Kinds of checkpoints ----------------------------------===//

#include "models/families/Family.h"
#include "models/Builtin.h"
#include "models/NamePattern.h"
#include "models/NearestName.h"
#include "models/ReadFile.h"
#include "models/SpecReader.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace vitc;

namespace {

using Kind = JsonValue::Kind;

/// The text at `pointer` of the configuration, or nothing.
StringRef textAt(const Checkpoint &checkpoint, StringRef pointer) {
  const JsonValue *value = findAt(checkpoint.config(), pointer);
  return value && value->is(Kind::String) ? StringRef(value->string) : "";
}

bool hasTensor(const Checkpoint &checkpoint, StringRef pattern) {
  return any_of(checkpoint.tensors, [&](const auto &entry) {
    return matchesWildcard(entry.first, pattern);
  });
}

/// Reports values of a family that are of the wrong kind.
class KindChecker {
public:
  explicit KindChecker(Diagnostics &errors) : errors(errors) {}

  void texts(const JsonValue &json, ArrayRef<StringRef> keys) {
    each(json, keys, "a text",
         [](const JsonValue &value) { return value.is(Kind::String); });
  }
  void lists(const JsonValue &json, ArrayRef<StringRef> keys) {
    each(json, keys, "a list of texts", isList);
  }
  void list(const JsonValue &value) {
    expect(value, "a list of texts", isList);
  }
  void objects(const JsonValue &json, ArrayRef<StringRef> keys) {
    each(json, keys, "an object",
         [](const JsonValue &value) { return value.is(Kind::Object); });
  }
  void fact(const JsonValue &json) {
    texts(json, {"tensor", "has", "count", "match"});
    each(json, {"type"},
         "integer, real, boolean, name, size, integers or reals",
         [](const JsonValue &value) {
           return is_contained({"integer", "real", "boolean", "name", "size",
                                "integers", "reals"},
                               value.string);
         });
    objects(json, {"map", "values", "present"});
    each(json, {"config", "preprocessor"}, "a pointer or a list of some",
         [](const JsonValue &value) {
           return value.is(Kind::String) ||
                  (isList(value) && !value.items.empty());
         });
    each(json, {"axis"}, "an integer from 0 up", [](const JsonValue &value) {
      return value.is(Kind::Integer) && value.integer >= 0;
    });
  }

private:
  using Fits = function_ref<bool(const JsonValue &)>;

  static bool isList(const JsonValue &value) {
    return value.is(Kind::Array) && all_of(value.items, [](const auto &item) {
             return item->is(Kind::String);
           });
  }
  void expect(const JsonValue &value, StringRef what, Fits fits) {
    if (!fits(value))
      value.error(errors, "expected " + what + ", found " + value.describe());
  }
  void each(const JsonValue &json, ArrayRef<StringRef> keys, StringRef what,
            Fits fits) {
    for (StringRef key : keys)
      if (const JsonValue *value = json.find(key))
        expect(*value, what, fits);
  }

  Diagnostics &errors;
};

} // namespace

ArrayRef<std::unique_ptr<JsonValue>> vitc::itemsOf(const JsonValue &json,
                                                   StringRef key) {
  const JsonValue *value = json.find(key);
  return value ? ArrayRef(value->items)
               : ArrayRef<std::unique_ptr<JsonValue>>();
}

/// Checks the keys, and the kinds of values that are no expressions; those are
/// checked where they are used.
bool Families::check(const JsonValue &json) {
  SpecReader reader(errors);
  SmallVector<StringRef> required{"family"};
  if (json.find("recognize"))
    required.append({"title", "spec"});
  if (json.find("recognize") && !json.find("include"))
    required.push_back("set");
  if (!reader.object(json, required,
                     {"title", "spec", "set", "name", "recognize", "facts",
                      "let", "keys", "expect", "refuse", "preprocess", "labels",
                      "notes", "tensors", "ignore", "unsupported", "include"}))
    return false;
  KindChecker kinds(errors);
  kinds.texts(json, {"family", "title", "spec", "name"});
  kinds.lists(json, {"include", "labels"});
  kinds.objects(json, {"facts", "let", "set", "keys"});
  for (const auto &fact : itemsOf(json, "facts"))
    kinds.fact(*fact);
  for (const auto &section : itemsOf(json, "keys"))
    kinds.list(*section);
  auto entries = [&](StringRef key, ArrayRef<StringRef> needed,
                     ArrayRef<StringRef> others) {
    const JsonValue *list = json.find(key);
    if (!list || !reader.array(*list))
      return;
    for (const auto &item : list->items) {
      reader.object(*item, needed, others);
      kinds.texts(*item, {"text", "about", "note", "why", "missing", "tensor"});
      kinds.lists(*item,
                  {"architecture", "model_type", "tensors", "without", "at"});
      kinds.objects(*item, {"fields", "rules"});
    }
  };
  entries("recognize", {},
          {"architecture", "model_type", "tensors", "without"});
  entries("expect", {"that", "text"}, {"at"});
  entries("refuse", {"when", "text"}, {});
  entries("preprocess", {}, {"when", "note", "fields"});
  entries("notes", {"text"}, {"when", "about"});
  for (const auto &choice : itemsOf(json, "preprocess"))
    if (!choice->find("note") && !choice->find("fields"))
      choice->error(errors, "expected the key 'note' or 'fields'");
  entries("tensors", {"rules"}, {"when"});
  entries("ignore", {"tensor", "why"}, {"when"});
  entries("unsupported", {"missing"},
          {"architecture", "model_type", "tensors"});
  return errors.empty();
}

bool Families::parse(std::string name, std::string text) {
  sources.push_back(std::make_unique<Source>(std::move(name), std::move(text)));
  std::unique_ptr<JsonValue> tree = parseJson(*sources.back(), errors);
  if (!tree || !check(*tree))
    return false;
  documents.push_back(std::move(tree));
  return true;
}

bool Families::load() {
  return all_of(builtinFamilies(), [&](const BuiltinSpec &family) {
    return parse(("<built-in>/families/" + family.name + ".json").str(),
                 family.text.str());
  });
}

bool Families::load(StringRef path) {
  // It stands before the built-in ones, which it may include.
  auto buffer = readFile(path, maxSpecBytes);
  if (buffer)
    return parse(path.str(), (*buffer)->getBuffer().str()) && load();
  errors.add(toString(buffer.takeError()));
  return false;
}

bool Families::isDescribedBy(const JsonValue &condition,
                             const Checkpoint &checkpoint, Family &family) {
  auto architectures = itemsOf(condition, "architecture");
  auto types = itemsOf(condition, "model_type");
  StringRef type = textAt(checkpoint, "/model_type");
  if (!architectures.empty() && none_of(architectures, [&](const auto &name) {
        return matchesWildcard(family.architecture, name->string);
      }))
    return false;
  if (!types.empty() && none_of(types, [&](const auto &name) {
        return matchesWildcard(type, name->string);
      }))
    return false;
  bool isNamed = !architectures.empty() || !types.empty();
  // Names of tensors speak alone only where nothing else does.
  if (!isNamed && (checkpoint.config() || !family.architecture.empty()))
    return false;
  std::vector<std::string> found;
  for (const auto &pattern : itemsOf(condition, "tensors")) {
    if (!hasTensor(checkpoint, pattern->string))
      return false;
    found.push_back(pattern->string);
  }
  for (const auto &pattern : itemsOf(condition, "without"))
    if (hasTensor(checkpoint, pattern->string))
      return false;
  if (!architectures.empty())
    family.evidence = "architecture " + quoteName(family.architecture);
  else if (!types.empty())
    family.evidence = "model_type " + quoteName(type);
  else if (!found.empty())
    family.evidence = "tensor " + quoteName(found[0]);
  return isNamed || !found.empty();
}

bool Families::refuse(const JsonValue &document, const Checkpoint &checkpoint,
                      StringRef architecture) {
  StringRef modelType = textAt(checkpoint, "/model_type");
  for (const auto &item : itemsOf(document, "unsupported")) {
    std::string found;
    for (const auto &pattern : itemsOf(*item, "architecture"))
      if (matchesWildcard(architecture, pattern->string))
        found = "architecture " + quoteName(architecture);
    for (const auto &pattern : itemsOf(*item, "model_type"))
      if (matchesWildcard(modelType, pattern->string))
        found = "model_type " + quoteName(modelType);
    for (const auto &pattern : itemsOf(*item, "tensors"))
      if (found.empty() && hasTensor(checkpoint, pattern->string))
        found = "a model with tensors " + quoteName(pattern->string);
    if (found.empty())
      continue;
    errors.add(quoteName(checkpoint.path) + ": " + found +
               " is not supported: " + item->find("missing")->string);
    return true;
  }
  return false;
}

void Families::reportUnknown(const Checkpoint &checkpoint,
                             const Family &family) {
  std::vector<std::string> architectures, types;
  for (const auto &document : documents)
    for (const auto &condition : itemsOf(*document, "recognize")) {
      for (const auto &name : itemsOf(*condition, "architecture"))
        if (!condition->find("tensors"))
          architectures.push_back(name->string);
      for (const auto &name : itemsOf(*condition, "model_type"))
        types.push_back(name->string);
    }
  if (!family.architecture.empty())
    return errors.add(quoteName(checkpoint.path) + ": unknown architecture " +
                      quoteName(family.architecture) + ", expected one of " +
                      quotedChoice(architectures));
  const JsonValue *type = findAt(checkpoint.config(), "/model_type");
  if (type)
    return type->error(errors, "unknown model_type " + type->describe() +
                                   ", expected one of " + quotedChoice(types) +
                                   suggestNearest(type->string, types));
  if (checkpoint.config())
    return checkpoint.config()->error(
        errors, "expected the key 'architecture' (timm) or 'model_type' "
                "(Hugging Face)");
  errors.add(quoteName(checkpoint.path) +
             ": the tensors' names tell no family; say what it is by timm's "
             "name with vitc import --arch");
}

void Families::include(Family &family) {
  // What an included family includes stands behind it.
  for (size_t i = 0; i < family.documents.size(); ++i)
    for (const auto &name : itemsOf(*family.documents[i], "include")) {
      auto found = find_if(documents, [&](const auto &document) {
        return document->find("family")->string == name->string;
      });
      if (found == documents.end())
        name->error(errors, "unknown family " + name->describe());
      else if (!is_contained(family.documents, found->get()))
        family.documents.push_back(found->get());
    }
  if (errors.empty() && !family.find("set"))
    family.documents[0]->error(errors, "expected the key 'set' here or in "
                                       "what 'include' names");
}

const JsonValue *Family::find(StringRef key) const {
  for (const JsonValue *document : documents)
    if (const JsonValue *value = document->find(key))
      return value;
  return nullptr;
}

std::vector<const JsonValue *> Family::items(StringRef key) const {
  std::vector<const JsonValue *> result;
  for (const JsonValue *document : documents)
    for (const auto &item : itemsOf(*document, key))
      result.push_back(item.get());
  return result;
}

Family Families::recognize(const Checkpoint &checkpoint,
                           StringRef architecture) {
  Family family;
  StringRef named =
      architecture.empty() ? textAt(checkpoint, "/architecture") : architecture;
  family.architecture = named.split('.').first.str();
  if (architecture.empty())
    family.architectureAt = findAt(checkpoint.config(), "/architecture");
  for (const auto &document : documents) {
    if (refuse(*document, checkpoint, family.architecture))
      return family;
    for (const auto &condition : itemsOf(*document, "recognize"))
      if (isDescribedBy(*condition, checkpoint, family)) {
        family.documents.push_back(document.get());
        include(family);
        return family;
      }
  }
  reportUnknown(checkpoint, family);
  return family;
}
