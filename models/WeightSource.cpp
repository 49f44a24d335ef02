//===- WeightSource.cpp - Open a checkpoint's tensors ---------------------===//

#include "models/WeightSource.h"

#include "models/ClosedFormWeights.h"
#include "models/MessageText.h"
#include "models/ShardedCheckpoint.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace vitc;

std::vector<std::string> vitc::filesIn(StringRef folder, StringRef ending) {
  std::vector<std::string> names;
  std::error_code error;
  for (sys::fs::directory_iterator it(folder, error), end; it != end && !error;
       it.increment(error)) {
    StringRef name = sys::path::filename(it->path());
    if (name.ends_with(ending))
      names.push_back(name.str());
  }
  llvm::sort(names);
  return names;
}

std::string vitc::findWeights(StringRef folder) {
  auto pathOf = [&](StringRef name) {
    SmallString<128> path(folder);
    sys::path::append(path, name);
    return path.str().str();
  };
  for (StringRef name : {"model.safetensors", "model.safetensors.index.json"})
    if (sys::fs::exists(pathOf(name)))
      return pathOf(name);
  std::vector<std::string> others = filesIn(folder, ".safetensors");
  return others.size() == 1 ? pathOf(others[0]) : "";
}

Expected<std::unique_ptr<WeightSource>> vitc::openWeights(StringRef weights) {
  if (auto formula = makeClosedFormWeights(weights))
    return formula;
  std::string found;
  if (sys::fs::is_directory(weights)) {
    found = findWeights(weights);
    if (found.empty())
      return createStringError("expected model.safetensors or "
                               "model.safetensors.index.json in " +
                               quoteName(weights) + ", found none");
    weights = found;
  }
  if (weights.ends_with(".index.json")) {
    auto shards = ShardedCheckpoint::open(weights);
    if (!shards)
      return shards.takeError();
    return std::unique_ptr<WeightSource>(std::move(*shards));
  }
  auto file = TensorFile::open(weights);
  if (!file)
    return file.takeError();
  return std::unique_ptr<WeightSource>(std::move(*file));
}
