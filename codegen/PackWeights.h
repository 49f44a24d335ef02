//===- PackWeights.h - Write the weights file -------------------*- C++ -*-===//
//
// Evaluates what a model's vit.pack ops pack and writes it in the layout that
// vitc/model.h describes, tensor by tensor, so that memory stays bounded by the
// largest of them.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_CODEGEN_PACKWEIGHTS_H
#define VITC_CODEGEN_PACKWEIGHTS_H

#include "models/WeightSource.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/raw_ostream.h"

namespace vitc {

/// Writes the weights of `model`, which has passed vit-plan-weights, to `os`,
/// an empty stream. `source` must have passed checkWeights. Fails if a packed
/// number is not finite.
llvm::Error writeWeights(mlir::func::FuncOp model, const WeightSource &source,
                         llvm::raw_pwrite_stream &os);

/// Writes them to a file at `path`. The file appears, or takes the place of an
/// older one, when it is complete.
llvm::Error packWeights(mlir::func::FuncOp model, const WeightSource &source,
                        llvm::StringRef path);

} // namespace vitc

#endif // VITC_CODEGEN_PACKWEIGHTS_H
