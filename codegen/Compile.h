//===- Compile.h - A compilation from graph to object ----------*- C++ -*-===//

#ifndef VITC_CODEGEN_COMPILE_H
#define VITC_CODEGEN_COMPILE_H

#include "codegen/LevelTable.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"

namespace vitc {

/// Loads every dialect that the stages use.
void loadDialects(mlir::MLIRContext &context);

/// The function of the model among the kernels' functions, or null.
mlir::func::FuncOp findModelFunction(mlir::ModuleOp module);

/// Called with the module as it is at the end of a stage.
using StageObserver =
    llvm::function_ref<mlir::LogicalResult(llvm::StringRef stage)>;

/// Called with the pass manager of every stage before it runs.
using PassConfigurator = llvm::function_ref<mlir::LogicalResult(
    llvm::StringRef stage, mlir::PassManager &passes)>;

/// Takes an imported module through the stages for `level`, up to and including
/// `last`, calling `observe` at the end of each. Errors have been reported as
/// diagnostics when it fails.
mlir::LogicalResult runStages(mlir::ModuleOp module, llvm::StringRef level,
                              llvm::StringRef last, StageObserver observe,
                              PassConfigurator configure = nullptr);

} // namespace vitc

#endif // VITC_CODEGEN_COMPILE_H
