//===- VectorMath.h - Transcendental functions on vectors ------*- C++ -*-===//
//
// Polynomials with a fixed sequence of operations: the same bits on every CPU
// of a level, no calls of a mathematical library. Errors below are over all
// normal f32 inputs, against float64.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_PASSES_TILED_VECTORMATH_H
#define VITC_PASSES_TILED_VECTORMATH_H

#include "dialect/VitOps.h"
#include "passes/tiled/Emitter.h"

namespace vitc {

/// exp(x): within 2 units in the last place from -87.3 to 88.3; inputs beyond
/// are taken to those ends. NaN gives a finite number of no meaning.
mlir::Value emitExp(Emitter &emit, mlir::Value x);

/// The terms exp(scale * (x - most)) of a softmax whose largest number is
/// `most`, a splat, and whose scale is not negative: within
/// 2e-7 + 1e-7 * |scale * x| of the largest, which is 1. NaN stays NaN.
class SoftmaxTerms {
public:
  SoftmaxTerms(Emitter &emit, mlir::Value most, double scale);
  mlir::Value operator()(mlir::Value x) const;

private:
  Emitter &emit;
  mlir::Value factor, shift;
};

/// The activation of a vector; see `vit.activation` for the formulas. Within
/// 4e-7 * |x| where |x| < 1/4, within 2e-7 * max(1, |x|) elsewhere. NaN stays
/// NaN.
mlir::Value emitActivation(Emitter &emit, vit::Activation kind, mlir::Value x);

} // namespace vitc

#endif // VITC_PASSES_TILED_VECTORMATH_H
