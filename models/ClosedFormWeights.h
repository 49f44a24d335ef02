//===- ClosedFormWeights.h - Weights from a formula -------------*- C++ -*-===//
//
// Lets tests and benchmarks use models of full size without a checkpoint. A
// tensor's numbers depend on its name and shape only.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_CLOSEDFORMWEIGHTS_H
#define VITC_MODELS_CLOSEDFORMWEIGHTS_H

#include "models/WeightSource.h"

namespace vitc {

/// The weights of a formula, by its name; null if there is none of that name.
///
/// `closed-form`: element i of tensor `name` is 0.05 sin(0.37 i + 0.01 h) with
/// h the name's hash: from 0, for every character c, h = (31 h + c) mod 9973.
/// One is added where the tensor has rank 1 and its name ends in ".weight".
///
/// `closed-form:random`: like the weights of a network before its training.
/// With u uniform in [-1, 1), the upper 24 bits of splitmix64(fnv1a64(name) +
/// i), element i is sqrt(3 / fan_in) u at rank 2 or more, fan_in being the
/// product of all dimensions but the first; at rank 1 it is 1 + 0.1 u if the
/// name ends in ".weight" and else 0.02 u.
std::unique_ptr<WeightSource> makeClosedFormWeights(llvm::StringRef name);

} // namespace vitc

#endif // VITC_MODELS_CLOSEDFORMWEIGHTS_H
