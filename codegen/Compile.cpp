//===- Compile.cpp - A compilation from graph to object -------------------===//

#include "codegen/Compile.h"
#include "dialect/VitOps.h"
#include "passes/Pipelines.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace vitc;

void vitc::loadDialects(MLIRContext &context) {
  context.loadDialect<vit::VitDialect, arith::ArithDialect, func::FuncDialect,
                      math::MathDialect, memref::MemRefDialect, scf::SCFDialect,
                      vector::VectorDialect, cf::ControlFlowDialect,
                      LLVM::LLVMDialect>();
}

func::FuncOp vitc::findModelFunction(ModuleOp module) {
  for (auto func : module.getOps<func::FuncOp>())
    if (!func.getOps<vit::StepOp>().empty())
      return func;
  return {};
}

LogicalResult vitc::runStages(ModuleOp module, StringRef level, StringRef last,
                              StageObserver observe,
                              PassConfigurator configure) {
  for (const Stage &stage : pipelineStages(level.str())) {
    PassManager passes(module->getContext());
    stage.build(passes);
    if (configure && failed(configure(stage.name, passes)))
      return failure();
    if (failed(passes.run(module)) || failed(observe(stage.name)))
      return failure();
    if (stage.name == last)
      break;
  }
  return success();
}
