//===- InPlace.h - Concatenations over their source -------------*- C++ -*-===//

#ifndef VITC_PASSES_FUSED_INPLACE_H
#define VITC_PASSES_FUSED_INPLACE_H

#include "dialect/VitOps.h"

namespace vitc {

/// The value whose rows `concat` replaces in part: one of its inputs is a slice
/// of it that keeps its place, it has the result's type, it is made before the
/// other inputs, and everybody else who reads it does so no later than the
/// kernels that make those. Null if there is none, or if the result has a place
/// of its own.
mlir::Value findOverwritten(vit::ConcatRowsOp concat);

} // namespace vitc

#endif // VITC_PASSES_FUSED_INPLACE_H
