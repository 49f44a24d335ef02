//===- ModelOptions.h - Options of commands that run a model ----*- C++ -*-===//

#ifndef VITC_CODEGEN_DRIVER_MODELOPTIONS_H
#define VITC_CODEGEN_DRIVER_MODELOPTIONS_H

#include "codegen/driver/Commands.h"
#include "codegen/driver/LoadedModel.h"

namespace vitc {

struct ModelOptions {
  explicit ModelOptions(llvm::cl::SubCommand &command);

  /// The files of the model that is meant.
  llvm::Expected<ModelFiles> files() const;

  /// Loads them. The CPU level is checked here, before any work is done.
  llvm::Expected<std::unique_ptr<LoadedModel>>
  load(const ModelFiles &files) const;

  /// Makes `model`'s session for up to `images` images.
  llvm::Expected<vitc_session *> createSession(LoadedModel &model,
                                               uint64_t images) const;

  llvm::cl::opt<std::string> directory, model, weights, cpu;
  llvm::cl::opt<unsigned> threads;
};

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_MODELOPTIONS_H
