//===- NominalMacs.h - The model's multiply-adds, kernel by kernel -*- C++ -*-//
//
// Passes cut rows and merge and split products, so a kernel may do less than
// the layers it stands for ask. What they ask is counted on the graph and found
// again by the checkpoint tensors that a product reads, which no pass changes,
// and by the names of attentions.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_CODEGEN_DRIVER_NOMINALMACS_H
#define VITC_CODEGEN_DRIVER_NOMINALMACS_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

#include <vector>

namespace vitc {

class NominalMacs {
public:
  /// Counts the layers of a module at stage graph.
  void readGraph(mlir::ModuleOp module);

  /// Assigns them to the kernels of a module at stage fused.
  void readKernels(mlir::ModuleOp module);

  /// Multiply-adds of one image for every kernel, in their order, which is that
  /// of the steps. Their sum is the model's.
  const std::vector<double> &perKernel() const { return kernels; }

private:
  llvm::StringMap<double> bySource;
  std::vector<double> kernels;
};

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_NOMINALMACS_H
