//===- RegisterTile.cpp - The inner loop of every product -----------------===//

#include "passes/tiled/RegisterTile.h"
#include "passes/buffers/Layout.h"

#include <limits>

using namespace mlir;
using namespace vitc;

Value vitc::flatten(Emitter &emit, Value buffer) {
  OpBuilder &b = emit.builder;
  auto type = cast<MemRefType>(buffer.getType());
  auto [strides, offset] = type.getStridesAndOffset();
  auto flat =
      MemRefType::get({ShapedType::kDynamic}, type.getElementType(),
                      StridedLayoutAttr::get(b.getContext(), offset, {1}));
  // The size is never asked for: positions come from the buffer's own indices.
  OpFoldResult size = emit.index(std::numeric_limits<int32_t>::max());
  return memref::ReinterpretCastOp::create(
      b, emit.loc, flat, buffer, OpFoldResult(b.getIndexAttr(offset)),
      ArrayRef<OpFoldResult>{size},
      ArrayRef<OpFoldResult>{OpFoldResult(b.getIndexAttr(1))});
}

int64_t vitc::strideOf(Value buffer, int64_t dimension) {
  auto [strides, offset] =
      cast<MemRefType>(buffer.getType()).getStridesAndOffset();
  return strides[dimension];
}

Value vitc::flatPosition(Emitter &emit, Value buffer, ValueRange indices) {
  Value position = emit.index(0);
  for (auto [dimension, at] : llvm::enumerate(indices))
    position = emit.add(position, emit.mul(at, strideOf(buffer, dimension)));
  return position;
}

SmallVector<int64_t> vitc::stripVectors(Emitter &emit, int64_t columns,
                                        int64_t depth) {
  SmallVector<int64_t> vectors;
  for (int64_t c = 0; c < columns; c += emit.width)
    vectors.push_back(c / kStripColumns * kStripColumns * depth +
                      c % kStripColumns);
  return vectors;
}

Emitter::Values vitc::emitProduct(Emitter &emit, const RegisterTile &tile,
                                  Emitter::Values init) {
  // Unrolled until the loop's own instructions hardly count: more would only
  // cost compile time.
  auto vectors = static_cast<int64_t>(tile.vectors.size());
  constexpr int64_t mostProducts = 64;
  int64_t group = tile.left.group, unroll = group ? group : 4;
  while (!group && unroll > 1 && unroll * tile.rows * vectors > mostProducts)
    unroll /= 2;
  size_t accumulators = init.size();
  init.append({tile.left.start, tile.rightStart});
  auto emitSteps = [&](int64_t steps, ValueRange carried) {
    Emitter::Values sums(carried.begin(), carried.end());
    Value leftAt = carried[accumulators];
    Value rightAt = carried[accumulators + 1];
    for (int64_t step = 0; step < steps; ++step) {
      Emitter::Values right;
      for (int64_t v = 0; v < vectors; ++v)
        right.push_back(emit.loadVector(
            tile.right,
            {emit.add(rightAt, step * tile.rightStride + tile.vectors[v])}));
      for (int64_t row = 0; row < tile.rows; ++row) {
        Value left = emit.splat(emit.load(
            tile.left.buffer, {emit.add(leftAt, row * tile.left.row + step)}));
        for (int64_t v = 0; v < vectors; ++v) {
          Value &sum = sums[row * vectors + v];
          sum = emit.fma(left, right[v], sum);
        }
      }
    }
    sums[accumulators] = emit.add(leftAt, group ? tile.rows * group : steps);
    sums[accumulators + 1] = emit.add(rightAt, steps * tile.rightStride);
    return sums;
  };
  int64_t rest = tile.depth % unroll;
  Emitter::Values results = emit.loop(
      emit.index(0), emit.index(tile.depth - rest), unroll, init,
      [&](Value, ValueRange carried) { return emitSteps(unroll, carried); });
  results = emitSteps(rest, results);
  results.truncate(accumulators);
  return results;
}

void vitc::coverRows(Emitter &emit, Value begin, Value end, int64_t most,
                     llvm::function_ref<void(Value, Value)> body) {
  Value rows = emit.sub(end, begin);
  Value tiles = emit.div(emit.add(rows, most - 1), most);
  Value low = emit.div(rows, emit.max(tiles, emit.index(1)));
  Value higher = emit.sub(rows, emit.mul(low, tiles));
  // The row is carried along rather than computed from the tile's number: loop
  // optimisations would otherwise repeat that computation in the inner loop.
  emit.loop(emit.index(0), tiles, 1, {begin}, [&](Value tile, ValueRange at) {
    Value isHigher =
        emit.select(emit.less(tile, higher), emit.index(1), emit.index(0));
    Value height = emit.add(low, isHigher);
    body(at[0], height);
    return Emitter::Values{emit.add(at[0], height)};
  });
}
