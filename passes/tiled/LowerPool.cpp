#include "passes/tiled/KernelLowering.h"
mlir::LogicalResult vitc::lowerPoolKernel(KernelContext &context) {
  return context.kernel.emitOpError("not implemented");
}
