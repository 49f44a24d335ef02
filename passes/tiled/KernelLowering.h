//===- KernelLowering.h - From a kernel's body to loops --------*- C++ -*-===//
//
// One lowering for each kind of kernel. All of them expand the body of a
// `vit.kernel` on buffers at the emitter's insertion point; none looks at
// anything but the body, the buffers' types and the tile.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_PASSES_TILED_KERNELLOWERING_H
#define VITC_PASSES_TILED_KERNELLOWERING_H

#include "dialect/VitOps.h"
#include "passes/tiled/Emitter.h"

namespace vitc {

/// What a lowering works on. Rows run over all images, groups of them where a
/// kernel turns rows around; columns are panels of the weight, heads, or a
/// single one.
struct KernelContext {
  vit::KernelOp kernel;
  Emitter &emit;
  Scratch &scratch;
  mlir::Value rowBegin, rowEnd, columnBegin, columnEnd;

  vit::TileAttr tile() { return *kernel.getTile(); }
  mlir::Block &body() { return kernel.getBody().front(); }
  /// The buffer behind a block argument of the body.
  mlir::Value buffer(mlir::Value argument) {
    return kernel
        .getInputs()[llvm::cast<mlir::BlockArgument>(argument).getArgNumber()];
  }
  /// The only value that the body yields.
  mlir::Value yielded() { return body().getTerminator()->getOperand(0); }
};

mlir::LogicalResult lowerLinearKernel(KernelContext &context);
mlir::LogicalResult lowerAttentionKernel(KernelContext &context);
mlir::LogicalResult lowerRowsKernel(KernelContext &context);
mlir::LogicalResult lowerPoolKernel(KernelContext &context);
mlir::LogicalResult lowerLanesKernel(KernelContext &context);
mlir::LogicalResult lowerTransposeKernel(KernelContext &context);

} // namespace vitc

#endif // VITC_PASSES_TILED_KERNELLOWERING_H
