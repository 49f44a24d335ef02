//===- CheckWeights.h - Does a checkpoint fit a model? ----------*- C++ -*-===//

#ifndef VITC_MODELS_CHECKWEIGHTS_H
#define VITC_MODELS_CHECKWEIGHTS_H

#include "models/WeightSource.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace vitc {

/// Compares every vit.weight of `module` with `source` and prints all that
/// differs to `errors`, one a line: tensors that are missing, have another
/// shape or an element type that holds no weights, or hold numbers that are not
/// finite; and tensors of the source that the model does not need. Lines begin
/// with the op's place in the spec and "error:".
///
/// A tensor that the model does not need and that holds no weights is listed in
/// a "note:" and ignored. So is one that the module's attribute
/// `vit.unused_weights` (an array of strings, * is a wildcard) names: weights
/// of the spec that the outputs asked for don't need.
llvm::LogicalResult checkWeights(mlir::ModuleOp module,
                                 const WeightSource &source,
                                 llvm::raw_ostream &errors);

/// Whether `name` is, by its last part, that of a buffer which frameworks save
/// along with the weights.
bool holdsNoWeights(llvm::StringRef name);

} // namespace vitc

#endif // VITC_MODELS_CHECKWEIGHTS_H
