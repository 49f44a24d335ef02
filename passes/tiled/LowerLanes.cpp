#include "passes/tiled/KernelLowering.h"
mlir::LogicalResult vitc::lowerLanesKernel(KernelContext &context) {
  return context.kernel.emitOpError("not implemented");
}
