//===- LoadedModel.h - A model's object, loaded to run ----------*- C++ -*-===//
//
// Links the object that ships into this process: the very bytes, not a second
// compilation. So what `vitc run` and `vitc bench` show is what a program gets
// that links the object.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_CODEGEN_DRIVER_LOADEDMODEL_H
#define VITC_CODEGEN_DRIVER_LOADEDMODEL_H

#include "codegen/driver/ModelFiles.h"

#include "vitc/runtime.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"

#include <array>
#include <memory>

namespace vitc {

class LoadedModel {
public:
  /// Links the object and, unless weights are embedded in it, maps and checks
  /// the weights file. `weights` takes its place if it is not empty.
  static llvm::Expected<std::unique_ptr<LoadedModel>>
  load(const ModelFiles &files, llvm::StringRef weights = "");
  ~LoadedModel();

  const vitc_model &model() const { return *loaded; }

  /// The SHA-256 of the object's file.
  const std::array<uint8_t, 32> &objectHash() const { return hash; }

  /// The chosen level and the weights, embedded ones too.
  const vitc_level *level() const { return chosenLevel; }
  vitc_weights weightBytes() const;

  /// Chooses the best level that this CPU runs, at most `highest` if that is
  /// not empty.
  llvm::Error selectLevel(llvm::StringRef highest);

  /// Makes a session of the chosen level for up to `images` images on a pool of
  /// `threads` threads (1: serial, 0: as many as the affinity mask allows).
  llvm::Expected<vitc_session *> createSession(uint64_t images,
                                               unsigned threads);

  /// Where the session's parallelism comes from; serial before it is made.
  vitc_parallel parallel() const { return vitc_pool_parallel(pool); }

private:
  LoadedModel() = default;

  std::unique_ptr<llvm::orc::LLJIT> jit;
  const vitc_model *loaded = nullptr;
  std::array<uint8_t, 32> hash = {};
  vitc_weights weights = {nullptr, 0};
  const vitc_level *chosenLevel = nullptr;
  vitc_pool *pool = nullptr;
  vitc_session *session = nullptr;
};

/// A runtime's status and message as an error; success for VITC_OK.
llvm::Error toError(vitc_status status, const vitc_message &message);

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_LOADEDMODEL_H
