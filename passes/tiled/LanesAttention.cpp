//===- LanesAttention.cpp - Attention of a lanes kernel -------------------===//

#include "passes/tiled/Lanes.h"
#include "passes/tiled/VectorMath.h"

#include <cmath>

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

/// Writes the code of one layer, a query at a time.
class AttentionEmitter {
public:
  explicit AttentionEmitter(LanesState &state)
      : state(state), emit(state.emit) {}

  void emitAttention(AttentionOp op);
  void emitAttentionMap(AttentionMapOp op);

private:
  void emitHead(AttentionOp op, Value head, Value query);
  template <typename Op> Value emitScores(Op op, Value head, Value query);

  Value load(Value value, Value word, Value channel) {
    return state.load(value, word, channel);
  }
  int64_t words(Value value) { return lanesWords(value); }
  int64_t channels(Value value) {
    return cast<RankedTensorType>(value.getType()).getShape().back();
  }

  LanesState &state;
  Emitter &emit;
};

void AttentionEmitter::emitAttention(AttentionOp op) {
  emit.loop(0, op.getHeads(), [&](Value head) {
    emit.loop(0, words(op), [&](Value query) { emitHead(op, head, query); });
  });
}

void AttentionEmitter::emitAttentionMap(AttentionMapOp op) {
  int64_t queries = words(op.getQuery()), keys = words(op.getKey());
  emit.loop(0, op.getHeads(), [&](Value head) {
    emit.loop(0, queries, [&](Value query) {
      Value inverse = emitScores(op, head, query);
      Value row = emit.add(emit.mul(head, queries), query);
      emit.loop(0, keys, [&](Value key) {
        Value p = emit.loadVector(state.scores, {key, emit.index(0)});
        state.store(emit.mulf(p, inverse), op, row, key);
      });
    });
  });
}

/// The scores of a query, up to their sum, whose inverse it returns.
template <typename Op>
Value AttentionEmitter::emitScores(Op op, Value head, Value query) {
  int64_t keys = words(op.getKey());
  int64_t depth = channels(op.getQuery()) / op.getHeads();
  Value firstChannel = emit.mul(head, depth);
  coverStatic(emit, keys, kLanesChains, [&](Value key, int64_t count) {
    Emitter::Values sums = emit.loop(
        emit.index(0), emit.index(depth), 1,
        Emitter::Values(count, emit.splat(0.0f)),
        [&](Value d, ValueRange carried) {
          Emitter::Values sums(carried.begin(), carried.end());
          Value channel = emit.add(firstChannel, d);
          Value q = load(op.getQuery(), query, channel);
          for (int64_t i = 0; i < count; ++i)
            sums[i] = emit.fma(q, load(op.getKey(), emit.add(key, i), channel),
                               sums[i]);
          return sums;
        });
    for (int64_t i = 0; i < count; ++i)
      emit.storeVector(sums[i], state.scores,
                       {emit.add(key, i), emit.index(0)});
  });
  return emitLanesSoftmax(
      emit, keys, op.getScale().convertToDouble(),
      [&](Value key) {
        return emit.loadVector(state.scores, {key, emit.index(0)});
      },
      [&](Value key, Value term) {
        emit.storeVector(term, state.scores, {key, emit.index(0)});
      });
}

void AttentionEmitter::emitHead(AttentionOp op, Value head, Value query) {
  int64_t keys = words(op.getKey());
  int64_t results = channels(op) / op.getHeads();
  Value inverse = emitScores(op, head, query);
  Value firstResult = emit.mul(head, results);
  coverStatic(emit, results, kLanesChains, [&](Value d, int64_t count) {
    Value channel = emit.add(firstResult, d);
    Emitter::Values sums = emit.loop(
        emit.index(0), emit.index(keys), 1,
        Emitter::Values(count, emit.splat(0.0f)),
        [&](Value key, ValueRange carried) {
          Emitter::Values sums(carried.begin(), carried.end());
          Value p = emit.loadVector(state.scores, {key, emit.index(0)});
          for (int64_t i = 0; i < count; ++i)
            sums[i] = emit.fma(
                p, load(op.getValue(), key, emit.add(channel, i)), sums[i]);
          return sums;
        });
    for (int64_t i = 0; i < count; ++i)
      state.store(emit.mulf(sums[i], inverse), op, query, emit.add(channel, i));
  });
}

} // namespace

Value vitc::emitLanesSoftmax(Emitter &emit, int64_t count, double scale,
                             llvm::function_ref<Value(Value)> load,
                             llvm::function_ref<void(Value, Value)> store) {
  // A negative scale would turn the maximum into the minimum.
  auto element = [&](Value k) {
    Value x = load(k);
    return scale < 0 ? emit.subf(emit.splat(0.0f), x) : x;
  };
  Value most =
      emit.loop(emit.index(1), emit.index(count), 1, {element(emit.index(0))},
                [&](Value k, ValueRange carried) {
                  return Emitter::Values{emit.maxf(element(k), carried[0])};
                })[0];
  SoftmaxTerms term(emit, most, std::abs(scale));
  Value sum = emit.loop(emit.index(0), emit.index(count), 1, {emit.splat(0.0f)},
                        [&](Value k, ValueRange carried) {
                          Value power = term(element(k));
                          store(k, power);
                          return Emitter::Values{emit.addf(carried[0], power)};
                        })[0];
  return emit.divf(emit.splat(1.0f), sum);
}

void vitc::emitLanesAttention(LanesState &state, AttentionOp op) {
  AttentionEmitter(state).emitAttention(op);
}

void vitc::emitLanesAttentionMap(LanesState &state, AttentionMapOp op) {
  AttentionEmitter(state).emitAttentionMap(op);
}
