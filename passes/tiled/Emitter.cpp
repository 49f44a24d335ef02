//===- Emitter.cpp - Short words for loops and vectors --------------------===//

#include "passes/tiled/Emitter.h"
#include "passes/buffers/Layout.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace vitc;

Value Emitter::index(int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value Emitter::add(Value a, Value b) {
  return builder.createOrFold<arith::AddIOp>(loc, a, b);
}
Value Emitter::add(Value a, int64_t b) { return b ? add(a, index(b)) : a; }
Value Emitter::sub(Value a, Value b) {
  return builder.createOrFold<arith::SubIOp>(loc, a, b);
}
Value Emitter::mul(Value a, Value b) {
  return builder.createOrFold<arith::MulIOp>(loc, a, b);
}
Value Emitter::mul(Value a, int64_t b) { return mul(a, index(b)); }
Value Emitter::div(Value a, Value b) {
  return builder.createOrFold<arith::DivUIOp>(loc, a, b);
}
Value Emitter::div(Value a, int64_t b) { return div(a, index(b)); }
Value Emitter::rem(Value a, Value b) {
  return builder.createOrFold<arith::RemUIOp>(loc, a, b);
}
Value Emitter::rem(Value a, int64_t b) { return rem(a, index(b)); }
Value Emitter::min(Value a, Value b) {
  return builder.createOrFold<arith::MinSIOp>(loc, a, b);
}
Value Emitter::max(Value a, Value b) {
  return builder.createOrFold<arith::MaxSIOp>(loc, a, b);
}
Value Emitter::less(Value a, Value b) {
  return builder.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, a,
                                             b);
}

Emitter::Values Emitter::loop(Value begin, Value end, int64_t step,
                              ValueRange init, LoopBody body) {
  auto loop =
      scf::ForOp::create(builder, loc, begin, end, index(step), init,
                         [&](OpBuilder &, Location, Value iv, ValueRange args) {
                           Values results = body(iv, args);
                           scf::YieldOp::create(builder, loc, results);
                         });
  return llvm::to_vector(ValueRange(loop.getResults()));
}

void Emitter::loop(Value begin, Value end, int64_t step,
                   llvm::function_ref<void(Value)> body) {
  loop(begin, end, step, {}, [&](Value iv, ValueRange) {
    body(iv);
    return Values();
  });
}

void Emitter::loop(int64_t begin, int64_t end,
                   llvm::function_ref<void(Value)> body) {
  loop(index(begin), index(end), 1, body);
}

void Emitter::ifThen(Value condition, llvm::function_ref<void()> then,
                     llvm::function_ref<void()> otherwise) {
  auto build = [&](llvm::function_ref<void()> branch) {
    branch();
    scf::YieldOp::create(builder, loc);
  };
  if (!otherwise)
    scf::IfOp::create(builder, loc, condition,
                      [&](OpBuilder &, Location) { build(then); });
  else
    scf::IfOp::create(
        builder, loc, condition, [&](OpBuilder &, Location) { build(then); },
        [&](OpBuilder &, Location) { build(otherwise); });
}

Emitter::Values Emitter::choose(Value condition,
                                llvm::function_ref<Values()> then,
                                llvm::function_ref<Values()> otherwise) {
  auto branch = scf::IfOp::create(
      builder, loc, condition,
      [&](OpBuilder &, Location) {
        scf::YieldOp::create(builder, loc, then());
      },
      [&](OpBuilder &, Location) {
        scf::YieldOp::create(builder, loc, otherwise());
      });
  return llvm::to_vector(ValueRange(branch.getResults()));
}

void Emitter::switchFrom1(Value value, int64_t count,
                          llvm::function_ref<void(int64_t)> body) {
  SmallVector<int64_t> cases = llvm::to_vector(llvm::seq<int64_t>(1, count));
  auto branch = scf::IndexSwitchOp::create(builder, loc, TypeRange(), value,
                                           cases, cases.size());
  OpBuilder::InsertionGuard guard(builder);
  for (int64_t i = 1; i <= count; ++i) {
    Region &region =
        i < count ? branch.getCaseRegions()[i - 1] : branch.getDefaultRegion();
    builder.setInsertionPointToStart(&region.emplaceBlock());
    body(i);
    scf::YieldOp::create(builder, loc);
  }
}

VectorType Emitter::vectorType() {
  return VectorType::get(width, builder.getF32Type());
}
VectorType Emitter::maskType() {
  return VectorType::get(width, builder.getI1Type());
}
VectorType Emitter::intType() {
  return VectorType::get(width, builder.getI32Type());
}

Value Emitter::scalar(float value) {
  return arith::ConstantOp::create(builder, loc,
                                   builder.getF32FloatAttr(value));
}
Value Emitter::splat(float value) {
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(vectorType(), value));
}
Value Emitter::splat(Value scalar) {
  return vector::BroadcastOp::create(builder, loc, vectorType(), scalar);
}
Value Emitter::splatInt(int32_t value) {
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(intType(), value));
}

Value Emitter::addf(Value a, Value b) {
  return arith::AddFOp::create(builder, loc, a, b);
}
Value Emitter::subf(Value a, Value b) {
  return arith::SubFOp::create(builder, loc, a, b);
}
Value Emitter::mulf(Value a, Value b) {
  return arith::MulFOp::create(builder, loc, a, b);
}
Value Emitter::divf(Value a, Value b) {
  return arith::DivFOp::create(builder, loc, a, b);
}
// Compare and select is one instruction on x86 and treats every NaN alike on
// each level: the second operand wins.
Value Emitter::maxf(Value a, Value b) {
  Value greater =
      arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT, a, b);
  return select(greater, a, b);
}
Value Emitter::minf(Value a, Value b) {
  Value smaller =
      arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OLT, a, b);
  return select(smaller, a, b);
}
Value Emitter::fma(Value a, Value b, Value c) {
  return math::FmaOp::create(builder, loc, a, b, c);
}
Value Emitter::sqrt(Value a) { return math::SqrtOp::create(builder, loc, a); }

Value Emitter::halveLanes(Value vector,
                          llvm::function_ref<Value(Value, Value)> combine) {
  for (int64_t half = width / 2; half >= 1; half /= 2) {
    SmallVector<int64_t> low = llvm::to_vector(llvm::seq<int64_t>(0, half));
    SmallVector<int64_t> high =
        llvm::to_vector(llvm::seq<int64_t>(half, 2 * half));
    Value a = vector::ShuffleOp::create(builder, loc, vector, vector, low);
    Value b = vector::ShuffleOp::create(builder, loc, vector, vector, high);
    vector = combine(a, b);
  }
  return vector::ExtractOp::create(builder, loc, vector, 0);
}
Value Emitter::sumLanes(Value vector) {
  return halveLanes(vector, [&](Value a, Value b) { return addf(a, b); });
}
Value Emitter::maxLanes(Value vector) {
  return halveLanes(vector, [&](Value a, Value b) { return maxf(a, b); });
}

Value Emitter::lanes(Value vector, int64_t first, int64_t count) {
  return vector::ShuffleOp::create(
      builder, loc, vector, vector,
      llvm::to_vector(llvm::seq<int64_t>(first, first + count)));
}

Emitter::Values Emitter::transpose(Values vectors) {
  // Each step swaps the two off-diagonal blocks of every square of blocks, from
  // half the width down to single lanes.
  for (int64_t step = width / 2; step >= 1; step /= 2)
    for (int64_t i = 0; i < width; ++i) {
      if (i & step)
        continue;
      SmallVector<int64_t> first, second; // lanes of both vectors in a row
      for (int64_t lane = 0; lane < width; ++lane) {
        bool upper = lane & step;
        first.push_back(upper ? width + lane - step : lane);
        second.push_back(upper ? width + lane : lane + step);
      }
      Value a = vectors[i], b = vectors[i + step];
      vectors[i] = vector::ShuffleOp::create(builder, loc, a, b, first);
      vectors[i + step] = vector::ShuffleOp::create(builder, loc, a, b, second);
    }
  return vectors;
}

void Emitter::turn(int64_t rows, int64_t columns,
                   llvm::function_ref<Value(int64_t)> load,
                   llvm::function_ref<void(int64_t, Value)> store) {
  Values lines(width, splat(0.0f));
  for (int64_t i = 0; i < rows; ++i)
    lines[i] = load(i);
  lines = transpose(lines);
  for (int64_t i = 0; i < columns; ++i)
    store(i, lines[i]);
}

Value Emitter::load(Value buffer, ValueRange indices) {
  return memref::LoadOp::create(builder, loc, buffer, indices);
}
Value Emitter::loadVector(Value buffer, ValueRange indices, int64_t active) {
  if (active == width)
    return vector::LoadOp::create(builder, loc, vectorType(), buffer, indices);
  return vector::MaskedLoadOp::create(builder, loc, vectorType(), buffer,
                                      indices, firstLanes(active), splat(0.0f));
}
void Emitter::storeVector(Value value, Value buffer, ValueRange indices,
                          int64_t active) {
  if (active == width)
    vector::StoreOp::create(builder, loc, value, buffer, indices);
  else
    vector::MaskedStoreOp::create(builder, loc, buffer, indices,
                                  firstLanes(active), value);
}
void Emitter::store(Value value, Value buffer, ValueRange indices) {
  memref::StoreOp::create(builder, loc, value, buffer, indices);
}
void Emitter::prefetch(Value buffer, ValueRange indices) {
  memref::PrefetchOp::create(builder, loc, buffer, indices, /*isWrite=*/false,
                             /*localityHint=*/2, /*isDataCache=*/true);
}
Value Emitter::firstLanes(int64_t active) {
  SmallVector<bool> lanes(width, false);
  std::fill(lanes.begin(), lanes.begin() + active, true);
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(maskType(), lanes));
}
Value Emitter::select(Value condition, Value a, Value b) {
  return arith::SelectOp::create(builder, loc, condition, a, b);
}

Value Scratch::take(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t i = shape.size() - 1; i > 0; --i)
    strides[i - 1] = strides[i] * shape[i];
  auto layout =
      StridedLayoutAttr::get(emit.builder.getContext(), elements, strides);
  auto type = MemRefType::get(shape, emit.builder.getF32Type(), layout);
  Value piece = memref::ReinterpretCastOp::create(
      emit.builder, emit.loc, type, buffer, elements, shape, strides);
  elements += roundUp(strides[0] * shape[0], kAlignment / 4);
  return piece;
}
