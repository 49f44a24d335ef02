#include "passes/tiled/KernelLowering.h"
mlir::LogicalResult vitc::lowerAttentionKernel(KernelContext &context) {
  return context.kernel.emitOpError("not implemented");
}
