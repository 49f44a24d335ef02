//===- ImportCheckpoint.cpp - From a checkpoint to a spec -----------------===//

#include "models/families/ImportCheckpoint.h"
#include "models/CheckWeights.h"
#include "models/NamePattern.h"
#include "models/NearestName.h"
#include "models/Spec.h"
#include "models/families/Facts.h"
#include "models/families/Family.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <set>

using namespace llvm;
using namespace vitc;

namespace {

using Kind = JsonValue::Kind;
constexpr size_t longestName = 64;

/// `text` as a word: letters, digits and _, not starting with a digit.
std::string asWord(StringRef text) {
  std::string word;
  for (char c : text.take_front(longestName))
    word += isAlnum(c) ? c : '_';
  if (word.empty() || isDigit(word[0]))
    word = ("model_" + word).substr(0, longestName);
  return word;
}

/// A value in a document: names bare, sizes and numbers as they are read, a
/// list of one, which stands for all channels, as its entry.
std::string asJson(const Datum &value) {
  switch (value.kind) {
  case Datum::Kind::Name:
    return jsonString(value.name);
  case Datum::Kind::Size:
    return value.integer == value.width ? std::to_string(value.width)
                                        : jsonString(value.print());
  case Datum::Kind::List:
    if (value.items.size() == 1)
      return asJson(value.items[0]);
    return "[" +
           join(map_range(value.items,
                          [](const Datum &item) { return asJson(item); }),
                ", ") +
           "]";
  default:
    return value.print();
  }
}

std::string jsonList(ArrayRef<std::string> texts) {
  return "[" +
         join(map_range(
                  texts,
                  [](const std::string &text) { return jsonString(text); }),
              ", ") +
         "]";
}

/// A printed value: numbers, booleans and lists bare, names and sizes as texts.
std::string asJson(StringRef text) {
  double number;
  bool isBare = text == "true" || text == "false" || text.starts_with("[") ||
                !text.getAsDouble(number);
  return isBare ? text.str() : jsonString(text);
}

/// One import while it is being made.
class Import {
public:
  Import(const Checkpoint &checkpoint, const Family &family,
         Diagnostics &errors)
      : checkpoint(checkpoint), family(family), errors(errors),
        facts(family, checkpoint, errors) {}

  CheckpointImport run();

private:
  void checkKeys();
  void checkExpectations();
  void checkRefusals();
  void addHead();
  void addSettings();
  void addNotes();
  void addPreprocessing();
  void addLabels();
  void addTensors();
  void addIgnored();
  std::vector<std::string> readLabels(const JsonValue &names);
  std::string value(const JsonValue &json);
  std::string copy(const JsonValue &json);
  void note(std::string text, std::string about = "") {
    result.notes.push_back({std::move(text), std::move(about)});
  }
  void add(StringRef key, std::string text) {
    result.members.emplace_back(key.str(), std::move(text));
  }

  const Checkpoint &checkpoint;
  const Family &family;
  Diagnostics &errors;
  Facts facts;
  CheckpointImport result;
};

/// Keys that change the model in a way the family does not know.
void Import::checkKeys() {
  const JsonValue *known = family.find("keys");
  if (!known)
    return;
  for (const auto &section : known->items) {
    const JsonValue *object = findAt(checkpoint.config(), section->key);
    if (!object)
      continue;
    std::vector<std::string> names;
    for (const auto &name : section->items)
      names.push_back(name->string);
    for (const auto &item : object->items)
      if (!item->is(Kind::Null) && !is_contained(names, item->key))
        item->errorAtKey(errors, "vitc does not know what " +
                                     quoteName(item->key) + " means here" +
                                     suggestNearest(item->key, names));
  }
}

/// Where the configuration or the architecture's name contradicts the tensors;
/// reported at the value that does so.
void Import::checkExpectations() {
  for (const JsonValue *item : family.items("expect")) {
    if (facts.holds(*item->find("that")).value_or(true))
      continue;
    std::string text = facts.substitute(item->find("text")->string, *item);
    const JsonValue *value = nullptr;
    bool isNamed = false;
    for (const auto &name : itemsOf(*item, "at"))
      if (!value) {
        value = facts.origin(name->string, *name);
        isNamed = name->string == "architecture";
      }
    if (isNamed && !family.architecture.empty())
      text += " by the name " + quoteName(family.architecture) +
              "; a model of other sizes needs another name (--arch)";
    if (value)
      value->error(errors, text);
    else
      errors.add(quoteName(checkpoint.path) + ": " + text);
  }
}

void Import::checkRefusals() {
  if (const JsonValue *refusals = family.find("refuse"))
    for (const auto &item : refusals->items)
      if (facts.applies(*item))
        errors.add(quoteName(checkpoint.path) + ": not supported: " +
                   facts.substitute(item->find("text")->string, *item));
}

void Import::addHead() {
  const JsonValue *title = family.find("title"), *name = family.find("name");
  result.family = family.find("family")->string;
  result.title = title ? facts.substitute(title->string, *title) : "";
  result.evidence = family.evidence;
  result.weights = checkpoint.weightsPath;
  std::string word = name ? facts.substitute(name->string, *name) : "";
  if (word.empty()) {
    SmallString<128> place(checkpoint.path);
    sys::fs::make_absolute(place);
    sys::path::remove_dots(place, /*remove_dot_dot=*/true);
    StringRef last = sys::path::filename(place);
    last.consume_back(".safetensors") || last.consume_back(".npz");
    word = last.str();
  }
  result.name = asWord(word);
  add("name", jsonString(result.name));
  add("title", jsonString(result.title));
  add("base", jsonString(family.find("spec")->string));
}

/// The value of a field: {"text": ...} with facts put in, or an expression.
std::string Import::value(const JsonValue &json) {
  if (const JsonValue *text = json.find("text"))
    return jsonString(facts.substitute(text->string, *text));
  std::optional<Datum> value = facts.evaluate(json);
  return value ? asJson(*value) : "null";
}

void Import::addSettings() {
  for (const JsonValue *item : family.items("set"))
    if (none_of(result.settings, [&](const auto &setting) {
          return setting.first == item->key;
        }))
      result.settings.emplace_back(item->key, value(*item));
}

void Import::addNotes() {
  for (const JsonValue *item : family.items("notes"))
    if (facts.applies(*item)) {
      const JsonValue *about = item->find("about");
      note(facts.substitute(item->find("text")->string, *item),
           about ? about->string : "");
    }
}

void Import::addPreprocessing() {
  const JsonValue *choices = family.find("preprocess");
  if (!choices)
    return;
  for (const auto &choice : choices->items) {
    if (!facts.applies(*choice))
      continue;
    if (const JsonValue *text = choice->find("note")) {
      note(facts.substitute(text->string, *text));
      return add("input", "{\"preprocess\": null}");
    }
    std::string text;
    for (const auto &item : choice->find("fields")->items)
      text += (text.empty() ? "" : ", ") + jsonString(item->key) + ": " +
              value(*item);
    return add("input", "{\"preprocess\": {" + text + "}}");
  }
}

/// The most bytes up to `most` that end with a whole character of UTF-8.
size_t characterEnd(StringRef text, size_t most) {
  size_t end = std::min(most, text.size());
  auto continues = [&](size_t at) {
    return at < text.size() && (text[at] & 0xc0) == 0x80;
  };
  while (end && continues(end))
    --end;
  return end;
}

/// The names of the classes in their order; empty if some are missing.
std::vector<std::string> Import::readLabels(const JsonValue &names) {
  StringMap<StringRef> descriptions;
  for (StringRef place : {"", "/pretrained_cfg"})
    if (const JsonValue *longer =
            findAt(checkpoint.config(), (place + "/label_descriptions").str()))
      for (const auto &item : longer->items)
        if (item->is(Kind::String))
          descriptions.try_emplace(item->key, item->string);
  std::vector<std::string> labels(names.items.size());
  for (const auto &item : names.items) {
    size_t index = item->index;
    if (names.is(Kind::Object) && StringRef(item->key).getAsInteger(10, index))
      return {};
    if (index >= labels.size() || !item->is(Kind::String))
      return {};
    auto longer = descriptions.find(item->string);
    StringRef label =
        longer == descriptions.end() ? item->string : longer->second;
    for (unsigned char c : label.take_front(characterEnd(label, maxLabel)))
      labels[index] += c < 32 || c == 127 ? ' ' : char(c);
  }
  return labels;
}

void Import::addLabels() {
  const JsonValue *pointers = family.find("labels");
  std::optional<Datum> classes =
      pointers ? facts.lookup("classes") : std::nullopt;
  if (!classes || classes->integer == 0)
    return;
  for (const auto &pointer : pointers->items) {
    const JsonValue *names = findAt(checkpoint.config(), pointer->string);
    if (!names || names->items.empty())
      continue;
    std::vector<std::string> labels = readLabels(*names);
    bool isPlaceholder = all_of(enumerate(labels), [](const auto &item) {
      return item.value() == "LABEL_" + std::to_string(item.index());
    });
    if (is_contained(labels, ""))
      note("left out the names of classes: one is empty in " + names->pointer(),
           "labels");
    else if (labels.size() != static_cast<size_t>(classes->integer))
      note("left out the names of classes: expected " + classes->print() +
               ", found " + std::to_string(names->items.size()) + " in " +
               names->pointer(),
           "labels");
    else if (isPlaceholder)
      break;
    else
      add("labels", jsonList(labels));
    return;
  }
  note("the checkpoint does not name its classes; --labels FILE does, one in a "
       "line",
       "labels");
}

/// `json` as text, with facts put into its strings.
std::string Import::copy(const JsonValue &json) {
  if (json.is(Kind::String))
    return jsonString(facts.substitute(json.string, json));
  if (!json.is(Kind::Array) && !json.is(Kind::Object))
    return StringRef(json.source->text).slice(json.begin, json.end).str();
  bool isObject = json.is(Kind::Object);
  std::string text;
  for (const auto &item : json.items)
    text += (text.empty() ? "" : ", ") +
            (isObject ? jsonString(item->key) + ": " : "") + copy(*item);
  return isObject ? "{" + text + "}" : "[" + text + "]";
}

void Import::addTensors() {
  std::string text;
  for (const JsonValue *group : family.items("tensors"))
    if (facts.applies(*group))
      for (const auto &rule : group->find("rules")->items)
        text += (text.empty() ? "\n    " : ",\n    ") +
                jsonString(facts.substitute(rule->key, *rule)) + ": " +
                copy(*rule);
  if (!text.empty())
    add("tensors", "{" + text + "\n  }");
}

void Import::addIgnored() {
  std::string patterns;
  std::set<StringRef> rest;
  for (const auto &[name, entry] : checkpoint.tensors)
    if (holdsNoWeights(name))
      rest.insert(name);
  for (const JsonValue *item : family.items("ignore")) {
    if (!facts.applies(*item))
      continue;
    const JsonValue &tensor = *item->find("tensor");
    std::string pattern = facts.substitute(tensor.string, tensor);
    std::vector<std::string> found;
    for (const auto &[name, entry] : checkpoint.tensors)
      if (matchesWildcard(name, pattern)) {
        found.push_back(name);
        rest.erase(name);
      }
    if (found.empty())
      continue;
    patterns += (patterns.empty() ? "" : ", ") + jsonString(pattern);
    result.ignored.emplace_back(
        found.size() == 1
            ? found[0]
            : pattern + " (" + std::to_string(found.size()) + " tensors)",
        item->find("why")->string);
  }
  for (StringRef name : rest)
    result.ignored.emplace_back(name.str(), "a buffer, no weight");
  if (!patterns.empty())
    add("ignore", "[" + patterns + "]");
}

CheckpointImport Import::run() {
  checkKeys();
  addHead();
  addSettings();
  checkExpectations();
  checkRefusals();
  if (!errors.empty())
    return result;
  addNotes();
  addPreprocessing();
  addLabels();
  addTensors();
  addIgnored();
  return result;
}

} // namespace

std::string
CheckpointImport::document(StringRef place,
                           ArrayRef<std::pair<std::string, std::string>> set,
                           ArrayRef<std::string> labels) const {
  std::string text = "{\n  \"vitc\": 1";
  auto member = [&](StringRef key, StringRef value) {
    text += (",\n  " + jsonString(key) + ": " + value).str();
  };
  bool hasLabels = false;
  for (const auto &[key, value] : members) {
    bool isNamed = key == "labels" && !labels.empty();
    hasLabels |= isNamed;
    member(key, isNamed ? jsonList(labels) : value);
    if (key != "base")
      continue;
    member("checkpoint", jsonString(place));
    auto changed = settings;
    for (const auto &[name, given] : set) {
      auto found = find_if(changed, [&, &name = name](const auto &item) {
        return item.first == name;
      });
      if (found == changed.end())
        found = changed.insert(found, {name, ""});
      found->second = asJson(StringRef(given));
    }
    std::string list;
    for (const auto &[name, setting] : changed)
      list += (list.empty() ? "\n    " : ",\n    ") + jsonString(name) + ": " +
              setting;
    member("set", "{" + list + "\n  }");
  }
  if (!labels.empty() && !hasLabels)
    member("labels", jsonList(labels));
  return text + "\n}\n";
}

bool vitc::isCheckpoint(StringRef path) {
  return sys::fs::is_directory(path) || path.ends_with(".safetensors") ||
         path.ends_with(".npz") || path.ends_with(".safetensors.index.json");
}

std::optional<CheckpointImport>
vitc::importCheckpoint(StringRef path, const CheckpointOptions &options,
                       Diagnostics &errors) {
  Checkpoint checkpoint;
  Families families(errors);
  if (!checkpoint.open(path, errors) ||
      !(options.family.empty() ? families.load()
                               : families.load(options.family)))
    return std::nullopt;
  Family family = families.recognize(checkpoint, options.architecture);
  if (family.documents.empty() || !errors.empty())
    return std::nullopt;
  CheckpointImport result = Import(checkpoint, family, errors).run();
  SmallString<128> beside(path);
  sys::path::remove_filename(beside);
  sys::path::append(beside, "config.json");
  if (!checkpoint.config() && sys::fs::exists(beside))
    result.notes.push_back(
        {quoteName(beside) + " was not read; name the folder for that", ""});
  return errors.empty() ? std::optional(result) : std::nullopt;
}
