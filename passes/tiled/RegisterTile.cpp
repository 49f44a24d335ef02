//===- RegisterTile.cpp - The inner loop of every product -----------------===//

#include "passes/tiled/RegisterTile.h"

using namespace mlir;
using namespace vitc;

Emitter::Values vitc::emitProduct(Emitter &emit, const RegisterTile &tile,
                                  Emitter::Values init) {
  // Unrolled where the depth allows it without a remainder: the loop's own
  // instructions then hardly count.
  int64_t unroll = 4;
  while (unroll > 1 && (tile.staticDepth <= 0 || tile.staticDepth % unroll))
    unroll /= 2;
  Value depth =
      tile.staticDepth > 0 ? emit.index(tile.staticDepth) : tile.depth;
  return emit.loop(
      emit.index(0), depth, unroll, init, [&](Value first, ValueRange carried) {
        Emitter::Values sums(carried.begin(), carried.end());
        for (int64_t step = 0; step < unroll; ++step) {
          Value k = emit.add(first, step);
          Emitter::Values right;
          for (int64_t v = 0; v < tile.vectors; ++v)
            right.push_back(tile.right(k, v));
          for (int64_t row = 0; row < tile.rows; ++row) {
            Value left = emit.splat(tile.left(row, k));
            for (int64_t v = 0; v < tile.vectors; ++v) {
              Value &sum = sums[row * tile.vectors + v];
              sum = emit.fma(left, right[v], sum);
            }
          }
        }
        return sums;
      });
}

void vitc::coverRows(Emitter &emit, Value begin, Value end, int64_t most,
                     llvm::function_ref<void(Value, int64_t)> body) {
  Value rows = emit.sub(end, begin);
  Value tiles = emit.div(emit.add(rows, most - 1), most);
  Value low = emit.div(rows, emit.max(tiles, emit.index(1)));
  Value higher = emit.sub(rows, emit.mul(low, tiles));
  emit.loop(emit.index(0), tiles, 1, [&](Value tile) {
    Value row = emit.add(emit.add(begin, emit.mul(tile, low)),
                         emit.min(tile, higher));
    Value isHigher = emit.select(emit.less(tile, higher), emit.index(1),
                                 emit.index(0));
    emit.switchFrom1(emit.add(low, isHigher), most,
                     [&](int64_t height) { body(row, height); });
  });
}
