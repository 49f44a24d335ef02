//===- KernelFunctions.h - One function for each kind of kernel -*- C++ -*-===//

#ifndef VITC_PASSES_BUFFERS_KERNELFUNCTIONS_H
#define VITC_PASSES_BUFFERS_KERNELFUNCTIONS_H

#include "dialect/VitOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"

namespace vitc {

/// The name of the spec's node that `loc` stands for; of merged nodes, what
/// their names have in common.
std::string nodeName(mlir::Location loc);

/// How kernel `kernel` wants to read its weight input `index`.
mlir::MemRefType weightLayout(vit::KernelOp kernel, unsigned index);

/// What that input is, for the weights file's directory: "weight", "bias", ...
llvm::StringRef weightRole(vit::KernelOp kernel, unsigned index);

/// Multiply-adds of a layer op on tensors, for one image.
int64_t countMacs(mlir::Operation *op);

/// Turns kernels on tensors into functions on buffers and calls of them.
/// Kernels that compute the same on buffers of the same layout share one.
class KernelFunctions {
public:
  explicit KernelFunctions(mlir::ModuleOp module) : module(module) {}

  /// Adds a step that runs `kernel` on `buffers` (inputs, then results) at the
  /// builder's insertion point.
  void addStep(mlir::OpBuilder &builder, vit::KernelOp kernel,
               llvm::ArrayRef<mlir::Value> buffers);

private:
  mlir::func::FuncOp getOrCreate(vit::KernelOp kernel,
                                 llvm::ArrayRef<mlir::Value> buffers);

  mlir::ModuleOp module;
  llvm::StringMap<mlir::func::FuncOp> byBody;
  llvm::StringMap<unsigned> nameCounts;
};

} // namespace vitc

#endif // VITC_PASSES_BUFFERS_KERNELFUNCTIONS_H
