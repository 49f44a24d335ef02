//===- ModelOptions.cpp - The options of commands that run a model --------===//

#include "codegen/driver/ModelOptions.h"

using namespace llvm;
using namespace vitc;

ModelOptions::ModelOptions(cl::SubCommand &command)
    : directory(cl::Positional, cl::Required, cl::desc("DIR"),
                cl::value_desc("DIR or DIR/NAME"), cl::sub(command)),
      model("model", cl::desc("The model (default: the only one in DIR)"),
            cl::value_desc("name"), cl::sub(command)),
      weights("weights",
              cl::desc("Weights file to use (default: the object's own, or "
                       "NAME.weights beside it)"),
              cl::value_desc("file"), cl::sub(command)),
      cpu("cpu", cl::desc("Highest CPU level (default: what this CPU can run)"),
          cl::value_desc("level"), cl::sub(command)),
      threads("threads", cl::desc("Threads; 0: all CPUs (default: 1)"),
              cl::init(1), cl::sub(command)) {}

Expected<ModelFiles> ModelOptions::files() const {
  return findModelFiles(directory, model);
}

Expected<std::unique_ptr<LoadedModel>>
ModelOptions::load(const ModelFiles &files) const {
  auto loaded = LoadedModel::load(files, weights);
  if (!loaded)
    return loaded.takeError();
  if (Error error = (*loaded)->selectLevel(cpu))
    return error;
  return loaded;
}

Expected<vitc_session *> ModelOptions::createSession(LoadedModel &loaded,
                                                     uint64_t images) const {
  return loaded.createSession(images, threads);
}
