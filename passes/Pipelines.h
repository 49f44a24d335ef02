//===- Pipelines.h - The stages of a compilation ----------------*- C++ -*-===//

#ifndef VITC_PASSES_PIPELINES_H
#define VITC_PASSES_PIPELINES_H

#include "mlir/Pass/PassManager.h"

#include <string>
#include <vector>

namespace vitc {

/// A stage: its name in `--emit=`, dumps and tests, and the passes that lead
/// from the stage before to it.
struct Stage {
  std::string name;
  std::function<void(mlir::OpPassManager &)> build;
};

/// The stages from the imported graph to the LLVM dialect, for a CPU level.
std::vector<Stage> pipelineStages(const std::string &level);

/// Registers `vit-fused-pipeline` and so on, one for each stage but `graph`,
/// which the importer makes: the passes on it begin the next pipeline.
void registerPipelines();

} // namespace vitc

#endif // VITC_PASSES_PIPELINES_H
