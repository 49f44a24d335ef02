//===- VectorMath.cpp - Transcendental functions on vectors ---------------===//

#include "passes/tiled/VectorMath.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace vitc;
using vitc::vit::Activation;

/// Horner's scheme; `coefficients` from the highest power down.
static Value polynomial(Emitter &emit, Value x, ArrayRef<float> coefficients) {
  Value sum = emit.splat(coefficients.front());
  for (float coefficient : coefficients.drop_front())
    sum = emit.fma(sum, x, emit.splat(coefficient));
  return sum;
}

/// The same in two chains, even and odd powers, of half the latency: a long
/// chain would leave the multiply-add units idle.
static Value splitPolynomial(Emitter &emit, Value x,
                             ArrayRef<float> coefficients) {
  Value square = emit.mulf(x, x);
  SmallVector<float> chains[2];
  for (auto [i, coefficient] : llvm::enumerate(llvm::reverse(coefficients)))
    chains[i % 2].push_back(coefficient);
  for (SmallVector<float> &chain : chains)
    std::reverse(chain.begin(), chain.end());
  return emit.fma(polynomial(emit, square, chains[1]), x,
                  polynomial(emit, square, chains[0]));
}

static Value clamp(Emitter &emit, Value x, float low, float high) {
  return emit.minf(emit.maxf(x, emit.splat(low)), emit.splat(high));
}

Value vitc::emitExp(Emitter &emit, Value x) {
  OpBuilder &b = emit.builder;
  Location loc = emit.loc;
  x = clamp(emit, x, -87.33654f, 88.37626f);
  // x = n ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts, so that n times
  // the first is exact.
  Value n = math::RoundEvenOp::create(
      b, loc, emit.mulf(x, emit.splat(1.44269504f)));
  Value r = emit.fma(n, emit.splat(-0.693359375f), x);
  r = emit.fma(n, emit.splat(2.12194440e-4f), r);
  // Minimax polynomial of (exp(r) - 1 - r) / r^2 (Cephes, expf).
  Value p = polynomial(emit, r,
                       {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f,
                        4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f});
  Value y = emit.fma(emit.mulf(r, r), p, emit.addf(r, emit.splat(1.0f)));
  // 2^n goes straight into the exponent.
  Value exponent = arith::FPToSIOp::create(b, loc, emit.intType(), n);
  exponent = arith::ShLIOp::create(b, loc, exponent, emit.splatInt(23));
  Value bits = arith::BitcastOp::create(b, loc, emit.intType(), y);
  return arith::BitcastOp::create(
      b, loc, emit.vectorType(),
      arith::AddIOp::create(b, loc, bits, exponent).getResult());
}

/// erf(x / sqrt(2)): x times a polynomial in x^2, which is mapped to [-1, 1] so
/// that its terms stay small. Minimax for x times the error on |x| <= 5.2,
/// where the result reaches 1 in f32.
static Value emitErfOverSqrt2(Emitter &emit, Value x) {
  constexpr float end = 5.2f;
  Value c = clamp(emit, x, -end, end);
  Value u = emit.fma(emit.mulf(c, c), emit.splat(2 / (end * end)),
                     emit.splat(-1.0f));
  Value p = splitPolynomial(
      emit, u,
      {-0.0009626402170397341f, 0.002537122927606106f, -0.0024427794851362705f,
       0.0035999868996441364f, -0.009578256867825985f, 0.017120180651545525f,
       -0.025010177865624428f, 0.03590947017073631f, -0.04944726824760437f,
       0.06397993862628937f, -0.07985963672399521f, 0.10004904121160507f,
       -0.13548733294010162f, 0.2718999981880188f});
  return clamp(emit, emit.mulf(c, p), -1.0f, 1.0f);
}

/// x / (1 + exp(-s)).
static Value emitGated(Emitter &emit, Value x, Value s) {
  Value e = emitExp(emit, emit.subf(emit.splat(0.0f), s));
  return emit.divf(x, emit.addf(e, emit.splat(1.0f)));
}

Value vitc::emitActivation(Emitter &emit, Activation kind, Value x) {
  switch (kind) {
  case Activation::None:
    return x;
  case Activation::Gelu: {
    Value half = emit.mulf(x, emit.splat(0.5f));
    return emit.fma(half, emitErfOverSqrt2(emit, x), half);
  }
  case Activation::GeluTanh: {
    // (1 + tanh(z)) / 2 = 1 / (1 + exp(-2 z)).
    Value cubic = emit.fma(emit.mulf(x, x), emit.splat(0.044715f),
                           emit.splat(1.0f));
    Value z2 = emit.mulf(emit.mulf(x, emit.splat(1.59576912f)), cubic);
    return emitGated(emit, x, z2);
  }
  case Activation::QuickGelu:
    return emitGated(emit, x, emit.mulf(x, emit.splat(1.702f)));
  case Activation::Silu:
    return emitGated(emit, x, x);
  case Activation::Relu:
    return emit.maxf(x, emit.splat(0.0f));
  case Activation::Tanh: {
    // 1 - 2 / (1 + exp(2 x)).
    Value e = emitExp(emit, emit.addf(x, x));
    Value q = emit.divf(emit.splat(2.0f), emit.addf(e, emit.splat(1.0f)));
    return emit.subf(emit.splat(1.0f), q);
  }
  }
  llvm_unreachable("unknown activation");
}
