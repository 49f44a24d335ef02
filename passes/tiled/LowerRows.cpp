#include "passes/tiled/KernelLowering.h"
mlir::LogicalResult vitc::lowerRowsKernel(KernelContext &context) {
  return context.kernel.emitOpError("not implemented");
}
