//===- Checkpoint.cpp - A checkpoint as people have it --------------------===//

#include "models/families/Checkpoint.h"
#include "models/MessageText.h"
#include "models/ReadFile.h"
#include "models/ShardedCheckpoint.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace vitc;
namespace path = llvm::sys::path;
namespace fs = llvm::sys::fs;

namespace {

std::string inFolder(StringRef folder, StringRef name) {
  SmallString<128> result(folder);
  path::append(result, name);
  return result.str().str();
}

} // namespace

bool Checkpoint::read(StringRef name, Document &document, Diagnostics &errors) {
  std::string file = inFolder(path, name);
  auto buffer = readFile(file, maxDocumentBytes);
  if (!buffer) {
    errors.add(toString(buffer.takeError()));
    return false;
  }
  document.source =
      std::make_unique<Source>(file, (*buffer)->getBuffer().str());
  document.tree = parseJson(*document.source, errors);
  if (document.tree && !document.tree->is(JsonValue::Kind::Object))
    document.tree->error(errors, "expected an object, found " +
                                     document.tree->describe());
  return errors.empty();
}

bool Checkpoint::openPreprocessor(Diagnostics &errors) {
  // transformers prefers what a processor's configuration holds of its images.
  if (fs::exists(inFolder(path, "processor_config.json"))) {
    if (!read("processor_config.json", processorFile, errors))
      return false;
    preprocessorAt = findAt(processorFile.tree.get(), "/image_processor");
    if (preprocessorAt && !preprocessorAt->is(JsonValue::Kind::Object))
      preprocessorAt->error(errors, "expected an object, found " +
                                        preprocessorAt->describe());
    if (preprocessorAt)
      return errors.empty();
  }
  if (!fs::exists(inFolder(path, "preprocessor_config.json")))
    return true;
  if (!read("preprocessor_config.json", preprocessorFile, errors))
    return false;
  preprocessorAt = preprocessorFile.tree.get();
  return true;
}

bool Checkpoint::openFolder(Diagnostics &errors) {
  if (!fs::exists(inFolder(path, "config.json"))) {
    errors.add("expected config.json in " + quoteName(path) +
               ", found none; name its safetensors file, and what it holds "
               "with vitc import --arch");
    return false;
  }
  if (!read("config.json", configFile, errors))
    return false;
  if (!openPreprocessor(errors))
    return false;
  weightsPath = findWeights(path);
  if (!weightsPath.empty())
    return true;
  std::vector<std::string> others = filesIn(path, ".safetensors");
  std::string found = others.empty() ? "none" : quotedChoice(others);
  if (others.empty() &&
      (!filesIn(path, ".bin").empty() || !filesIn(path, ".pth").empty() ||
       !filesIn(path, ".pt").empty()))
    found = "only files of pickled tensors; models/convert_pth.py makes "
            "safetensors of them";
  errors.add("expected model.safetensors or model.safetensors.index.json in " +
             quoteName(path) + ", found " + found);
  return false;
}

bool Checkpoint::openWeightsFile(Diagnostics &errors) {
  auto report = [&](Error error) {
    std::string text = toString(std::move(error));
    errors.add(text);
    return false;
  };
  auto list = [&](const auto &file) {
    for (std::string &name : file.names())
      tensors.emplace(name, file.lookup(name));
  };
  if (StringRef(weightsPath).ends_with(".index.json")) {
    auto shards = ShardedCheckpoint::open(weightsPath);
    if (!shards)
      return report(shards.takeError());
    list(**shards);
    weights = std::move(*shards);
    return true;
  }
  auto file = TensorFile::open(weightsPath);
  if (!file)
    return report(file.takeError());
  list(**file);
  weights = std::move(*file);
  return true;
}

bool Checkpoint::open(StringRef place, Diagnostics &errors) {
  path = place.str();
  if (!fs::is_directory(path))
    weightsPath = path;
  else if (!openFolder(errors))
    return false;
  return openWeightsFile(errors);
}

const JsonValue *vitc::findAt(const JsonValue *json, StringRef pointer) {
  while (json && pointer.consume_front("/")) {
    auto [token, rest] = pointer.split('/');
    pointer = pointer.drop_front(token.size());
    if (json->is(JsonValue::Kind::Array)) {
      size_t index = 0;
      bool inside =
          !token.getAsInteger(10, index) && index < json->items.size();
      json = inside ? json->items[index].get() : nullptr;
    } else {
      json = json->find(token);
    }
  }
  return json && !json->is(JsonValue::Kind::Null) ? json : nullptr;
}
