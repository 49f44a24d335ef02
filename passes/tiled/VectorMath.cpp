//===- VectorMath.cpp - Transcendental functions on vectors ---------------===//

#include "passes/tiled/VectorMath.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace vitc;
using vitc::vit::Activation;

static constexpr double kLog2e = 1.4426950408889634;

/// Horner's scheme; `coefficients` from the highest power down.
static Value polynomial(Emitter &emit, Value x, ArrayRef<float> coefficients) {
  Value sum = emit.splat(coefficients.front());
  for (float coefficient : coefficients.drop_front())
    sum = emit.fma(sum, x, emit.splat(coefficient));
  return sum;
}

/// The same in two chains, even and odd powers, of half the latency: for loops
/// in which little else is under way.
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
      b, loc, emit.mulf(x, emit.splat(static_cast<float>(kLog2e))));
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

SoftmaxTerms::SoftmaxTerms(Emitter &emit, Value most, double scale)
    : emit(emit), factor(emit.splat(static_cast<float>(scale * kLog2e))),
      shift(emit.mulf(most, emit.splat(static_cast<float>(-scale * kLog2e)))) {}

Value SoftmaxTerms::operator()(Value x) const {
  OpBuilder &b = emit.builder;
  Location loc = emit.loc;
  // 2^t; a term below the smallest normal number counts as that.
  Value t = emit.maxf(emit.splat(-126.0f), emit.fma(x, factor, shift));
  // Adding 1.5 * 2^23 leaves t, rounded to a whole number, in the lowest bits.
  Value magic = emit.splat(12582912.0f);
  Value rounded = emit.addf(t, magic);
  Value r = emit.subf(t, emit.subf(rounded, magic));
  // Minimax polynomial of 2^r for |r| <= 1/2 with p(0) = 1: error 9e-8.
  Value p = splitPolynomial(emit, r,
                            {1.32647273e-3f, 9.67151276e-3f, 5.55073374e-2f,
                             2.40222421e-1f, 6.93146978e-1f, 1.0f});
  auto bitsOf = [&](Value value) {
    return arith::BitcastOp::create(b, loc, emit.intType(), value).getResult();
  };
  Value exponent =
      arith::ShLIOp::create(b, loc, bitsOf(rounded), emit.splatInt(23));
  return arith::BitcastOp::create(
      b, loc, emit.vectorType(),
      arith::AddIOp::create(b, loc, bitsOf(p), exponent).getResult());
}

/// max(x, 0) - t P(-t) with t = |x| and P the normal distribution's integral.
/// P(-t) is the fourth power of a polynomial in t: its fourth root falls so
/// slowly that degree 8 suffices. Minimax for min(t, 1) times the error of P up
/// to t = 5.4, beyond which t P(-t) stays at 4e-8, 1.4e-7 from its value there.
static Value emitGelu(Emitter &emit, Value x) {
  Value magnitude = math::AbsFOp::create(emit.builder, emit.loc, x);
  Value t = emit.minf(magnitude, emit.splat(5.4f));
  Value root = polynomial(
      emit, t,
      {-3.4241468256368535e-06f, 5.869847518624738e-05f, -0.000308623188175261f,
       -3.323275450384244e-05f, 0.0037955783773213625f, 0.004646233282983303f,
       -0.05019417032599449f, -0.16773515939712524f, 0.8408964872360229f});
  Value square = emit.mulf(root, root);
  Value integral = emit.mulf(square, square);
  Value positive = emit.maxf(emit.splat(0.0f), x);
  Value negated = arith::NegFOp::create(emit.builder, emit.loc, t);
  return emit.fma(negated, integral, positive);
}

/// x / (1 + exp(-s)).
static Value emitGated(Emitter &emit, Value x, Value s) {
  Value e = emitExp(emit, emit.subf(emit.splat(0.0f), s));
  return emit.divf(x, emit.addf(e, emit.splat(1.0f)));
}

/// 1 - 2 / (1 + exp(2 x)), which loses the digits of small x: those go by the
/// series x - x^3 / 3 + ...
static Value emitTanh(Emitter &emit, Value x) {
  Value e = emitExp(emit, emit.addf(x, x));
  Value q = emit.divf(emit.splat(2.0f), emit.addf(e, emit.splat(1.0f)));
  Value large = emit.subf(emit.splat(1.0f), q);
  Value series =
      polynomial(emit, emit.mulf(x, x),
                 {62.0f / 2835, -17.0f / 315, 2.0f / 15, -1.0f / 3, 1.0f});
  Value small = emit.mulf(x, series);
  // NaN is not large, and stays NaN in `small`.
  Value isLarge = arith::CmpFOp::create(
      emit.builder, emit.loc, arith::CmpFPredicate::OGE,
      math::AbsFOp::create(emit.builder, emit.loc, x).getResult(),
      emit.splat(0.25f));
  return emit.select(isLarge, large, small);
}

Value vitc::emitActivation(Emitter &emit, Activation kind, Value x) {
  switch (kind) {
  case Activation::None:
    return x;
  case Activation::Gelu:
    return emitGelu(emit, x);
  case Activation::GeluTanh: {
    // (1 + tanh(z)) / 2 = 1 / (1 + exp(-2 z)).
    Value cubic =
        emit.fma(emit.mulf(x, x), emit.splat(0.044715f), emit.splat(1.0f));
    Value z2 = emit.mulf(emit.mulf(x, emit.splat(1.59576912f)), cubic);
    return emitGated(emit, x, z2);
  }
  case Activation::QuickGelu:
    return emitGated(emit, x, emit.mulf(x, emit.splat(1.702f)));
  case Activation::Silu:
    return emitGated(emit, x, x);
  case Activation::Relu:
    return emit.maxf(emit.splat(0.0f), x);
  case Activation::Tanh:
    return emitTanh(emit, x);
  }
  llvm_unreachable("unknown activation");
}
