//===- WeightSource.cpp - Open a checkpoint's tensors ---------------------===//

#include "models/WeightSource.h"

#include "models/ClosedFormWeights.h"
#include "models/MessageText.h"
#include "models/ShardedCheckpoint.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace vitc;

std::string vitc::findWeights(StringRef folder) {
  for (StringRef name : {"model.safetensors", "model.safetensors.index.json"}) {
    SmallString<128> path(folder);
    sys::path::append(path, name);
    if (sys::fs::exists(path))
      return path.str().str();
  }
  return "";
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
