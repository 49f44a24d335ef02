//===- InPlace.h - Results in the place of what they read ------*- C++ -*-===//

#ifndef VITC_PASSES_FUSED_INPLACE_H
#define VITC_PASSES_FUSED_INPLACE_H

#include "dialect/VitOps.h"

namespace vitc {

/// True if every element of the kernel's input number `input` is read by the
/// task that writes the result in its place, before it does.
bool mayReplace(vit::KernelOp kernel, unsigned input);

/// The value whose rows `concat` replaces in part: one of its inputs is a slice
/// of it that keeps its place, it has the result's type, it is made before the
/// other inputs, and everybody else who reads it does so before the kernels that
/// make those; the first of them may read the rows that it replaces. Null if
/// there is none, or if the result has a place of its own.
mlir::Value findOverwritten(vit::ConcatRowsOp concat);

} // namespace vitc

#endif // VITC_PASSES_FUSED_INPLACE_H
