//===- ShardedCheckpoint.cpp - A checkpoint in several files --------------===//

#include "models/ShardedCheckpoint.h"

#include "models/Json.h"
#include "models/MessageText.h"
#include "models/ReadFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include <map>

using namespace llvm;
using namespace vitc;

namespace {

/// The errors as one, without the word that whoever prints it adds.
Error toError(const Diagnostics &errors) {
  std::string text;
  raw_string_ostream os(text);
  errors.print(os);
  return createStringError(StringRef(text).trim());
}

/// True if `name`, joined to a folder, stays in it.
bool staysInside(StringRef name) {
  if (name.empty() || sys::path::is_absolute(name) || name.contains('\\') ||
      name.contains('\0'))
    return false;
  return none_of(make_range(sys::path::begin(name), sys::path::end(name)),
                 [](StringRef part) { return part == ".."; });
}

/// The file of every tensor, as the index says.
const JsonValue *findWeightMap(const JsonValue &json, Diagnostics &errors) {
  const JsonValue *map = json.find("weight_map");
  if (!map || !map->is(JsonValue::Kind::Object)) {
    (map ? *map : json)
        .error(errors, map ? "expected an object with a file for every tensor, "
                             "found " +
                                 map->describe()
                           : "expected the key 'weight_map'");
    return nullptr;
  }
  for (const auto &item : map->items)
    if (!item->is(JsonValue::Kind::String) || !staysInside(item->string))
      item->error(errors, "expected a file in the folder of the index, found " +
                              item->describe());
  return map;
}

} // namespace

Expected<std::unique_ptr<ShardedCheckpoint>>
ShardedCheckpoint::open(StringRef path) {
  auto buffer = readFile(path, maxDocumentBytes);
  if (!buffer)
    return buffer.takeError();
  Diagnostics errors;
  Source source(path.str(), (*buffer)->getBuffer().str());
  std::unique_ptr<JsonValue> json = parseJson(source, errors);
  const JsonValue *map = json ? findWeightMap(*json, errors) : nullptr;
  if (!map || !errors.empty())
    return toError(errors);

  auto result = std::make_unique<ShardedCheckpoint>();
  result->path = path.str();
  std::map<std::string, SafetensorsFile *> opened;
  for (const auto &item : map->items) {
    SafetensorsFile *&file = opened[item->string];
    if (!file) {
      SmallString<128> place(sys::path::parent_path(path));
      sys::path::append(place, item->string);
      auto shard = SafetensorsFile::open(place);
      if (!shard) {
        item->error(errors, toString(shard.takeError()));
        return toError(errors);
      }
      file = shard->get();
      result->files.push_back(std::move(*shard));
    }
    if (!file->lookup(item->key))
      item->error(errors, "expected tensor " + quoteName(item->key) + " in " +
                              file->describe() + ", found none");
    result->index[item->key] = file;
  }
  for (const auto &[name, file] : opened)
    for (const std::string &tensor : file->names())
      if (!result->index.count(tensor))
        map->error(errors,
                   "expected every tensor of the files, found none of " +
                       quoteName(tensor) + " in " + file->describe());
  if (!errors.empty())
    return toError(errors);
  return result;
}

const StoredTensor *ShardedCheckpoint::lookup(StringRef name) const {
  const SafetensorsFile *file = index.lookup(name);
  return file ? file->lookup(name) : nullptr;
}

std::string ShardedCheckpoint::describe() const { return quoteName(path); }

Error ShardedCheckpoint::check(StringRef name, ArrayRef<int64_t> shape) const {
  if (const SafetensorsFile *file = index.lookup(name))
    return file->check(name, shape);
  return createStringError("expected tensor " + quoteName(name) + " of shape " +
                           formatShape(shape) + ", found none in " +
                           describe());
}

std::vector<std::string> ShardedCheckpoint::names() const {
  std::vector<std::string> names;
  for (const auto &entry : index)
    names.push_back(entry.first().str());
  llvm::sort(names);
  return names;
}

void ShardedCheckpoint::read(StringRef name, ArrayRef<int64_t> shape,
                             int64_t begin, MutableArrayRef<float> out) const {
  index.lookup(name)->read(name, shape, begin, out);
}

Digest ShardedCheckpoint::digest() const {
  std::vector<const TensorFile *> sorted;
  for (const auto &file : files)
    sorted.push_back(file.get());
  return TensorFile::digest(sorted);
}
