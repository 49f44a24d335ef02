//===- Pipelines.cpp - The stages of a compilation ------------------------===//

#include "passes/Pipelines.h"
#include "passes/Passes.h"

#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace vitc;

namespace {

void cleanUp(OpPassManager &pm) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void check(OpPassManager &pm, StringRef stage) {
  CheckStagePassOptions options;
  options.stage = stage.str();
  pm.addPass(createCheckStagePass(options));
}

void buildGraph(OpPassManager &pm) {
  cleanUp(pm);
  OpPassManager &func = pm.nest<func::FuncOp>();
  func.addPass(createFoldNormalizePass());
  func.addPass(createSinkAddPass());
  func.addPass(createCutRowsPass());
  cleanUp(func);
  func.addPass(createFoldLayerNormPass());
  func.addPass(createCSEPass());
  func.addPass(createFoldScalePass());
  func.addPass(createMergeLinearsPass());
  func.addPass(createFuseEpiloguePass());
  cleanUp(func);
}

void buildFused(OpPassManager &pm) {
  buildGraph(pm);
  pm.addNestedPass<func::FuncOp>(createFormKernelsPass());
  cleanUp(pm);
  check(pm, "fused");
}

void buildBuffers(OpPassManager &pm, const std::string &level) {
  pm.addPass(createAssignBuffersPass());
  SelectTilesPassOptions tiles;
  tiles.level = level;
  pm.addPass(createSelectTilesPass(tiles));
  pm.addPass(createPlanWeightsPass());
  pm.addPass(createPlanArenaPass());
  check(pm, "buffers");
}

void buildTiled(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createLowerKernelsPass());
  cleanUp(pm);
  check(pm, "tiled");
}

void buildLlvm(OpPassManager &pm) {
  pm.addPass(createLowerAbiPass());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createLowerToLlvmPass());
  cleanUp(pm);
}

struct LevelOptions : PassPipelineOptions<LevelOptions> {
  PassOptions::Option<std::string> level{
      *this, "level", llvm::cl::desc("CPU level to select tiles for"),
      llvm::cl::init("x86-64-v4")};
};

} // namespace

std::vector<Stage> vitc::pipelineStages(const std::string &level) {
  return {{"graph", [](OpPassManager &) {}},
          {"fused", buildFused},
          {"buffers", [level](OpPassManager &pm) { buildBuffers(pm, level); }},
          {"tiled", buildTiled},
          {"llvm", buildLlvm}};
}

void vitc::registerPipelines() {
  static PassPipelineRegistration<> fused("vit-fused-pipeline",
                                          "Layer ops to kernels", buildFused);
  static PassPipelineRegistration<LevelOptions> buffers(
      "vit-buffers-pipeline", "Kernels to functions on buffers",
      [](OpPassManager &pm, const LevelOptions &options) {
        buildBuffers(pm, options.level);
      });
  static PassPipelineRegistration<> tiled(
      "vit-tiled-pipeline", "Kernel bodies to loops and vectors", buildTiled);
  static PassPipelineRegistration<> llvmStage(
      "vit-llvm-pipeline", "Loops and vectors to the LLVM dialect", buildLlvm);
}
