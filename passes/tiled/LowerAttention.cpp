//===- LowerAttention.cpp - Scores, softmax and values of a head ----------===//
//
// For each image and head: turn the keys so that a vector holds neighbouring
// keys and put the values beside each other, then, for every few queries,
// compute their scores against all keys, the softmax, and the weighted sum of
// the values. Scores of a few queries stay in L1; no matrix of all scores
// exists.
//
//===----------------------------------------------------------------------===//

#include "passes/buffers/Layout.h"
#include "passes/tiled/KernelLowering.h"
#include "passes/tiled/RegisterTile.h"
#include "passes/tiled/RowLoops.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

/// A part of a buffer of rows.
struct Part {
  Value buffer;
  int64_t row = 0, column = 0; ///< where it begins
};

class AttentionLowering {
public:
  AttentionLowering(KernelContext &context, Value query, Value key, Value value,
                    int64_t heads, double scale, int64_t firstShown = 0)
      : context(context), emit(context.emit), query(partOf(query)),
        key(partOf(key)), out(context.kernel.getOutputs()[0]),
        firstShown(firstShown), queries(tensor(query).getDimSize(0)),
        keys(tensor(key).getDimSize(0)),
        headSize(tensor(key).getDimSize(1) / heads), scale(scale) {
    if (value) {
      this->value = partOf(value);
      valueSize = tensor(value).getDimSize(1) / heads;
      values = context.scratch.take(
          {ceilDiv(valueSize, kStripColumns), keys, kStripColumns});
    }
    // Scores in whole vectors, keys in whole strips, of which a vector is a
    // part.
    scoreColumns = roundUp(keys, emit.width);
    turnedKeys = context.scratch.take(
        {ceilDiv(keys, kStripColumns), headSize, kStripColumns});
    scores = context.scratch.take({context.tile().getRows(), scoreColumns});
    sums = context.scratch.take({context.tile().getRows(), kLaneCount});
  }

  void run() {
    Value firstImage = emit.div(context.rowBegin, queries);
    Value endImage = emit.div(emit.add(context.rowEnd, queries - 1), queries);
    emit.loop(firstImage, endImage, 1, [&](Value image) {
      Value first = emit.mul(image, queries);
      Value begin = emit.max(emit.sub(context.rowBegin, first), emit.index(0));
      Value end =
          emit.min(emit.sub(context.rowEnd, first), emit.index(queries));
      emit.loop(context.columnBegin, context.columnEnd, 1, [&](Value head) {
        turnKeys(image, head);
        if (value.buffer)
          copyValues(image, head);
        int64_t most = context.tile().getRows();
        coverRows(emit, begin, end, most, [&](Value row, Value height) {
          emit.switchFrom1(height, most, [&](int64_t fixed) {
            emitScores(image, head, row, fixed);
          });
          emitSoftmax(height);
          if (!value.buffer)
            return copyScores(image, head, row, height);
          emit.switchFrom1(height, most, [&](int64_t fixed) {
            emitValues(image, head, row, fixed);
          });
        });
      });
    });
  }

private:
  static RankedTensorType tensor(Value value) {
    return cast<RankedTensorType>(value.getType());
  }

  Part partOf(Value operand) {
    if (auto slice = operand.getDefiningOp<SliceColumnsOp>()) {
      Part part = partOf(slice.getInput());
      part.column += slice.getBegin();
      return part;
    }
    if (auto slice = operand.getDefiningOp<SliceRowsOp>()) {
      Part part = partOf(slice.getInput());
      part.row += slice.getBegin();
      return part;
    }
    return {context.buffer(operand)};
  }

  /// Covers `count` rows or columns by blocks of `block` and one of the rest.
  void cover(int64_t count, int64_t block,
             llvm::function_ref<void(Value first, int64_t active)> body) {
    int64_t whole = count - count % block;
    emit.loop(emit.index(0), emit.index(whole), block,
              [&](Value first) { body(first, block); });
    if (whole < count)
      body(emit.index(whole), count - whole);
  }

  Value headColumn(const Part &part, Value head, int64_t size) {
    return emit.add(emit.mul(head, size), part.column);
  }

  /// [key][channel] of a head becomes [channel][key], zero behind the last key
  /// up to the end of its vector.
  void turnKeys(Value image, Value head) {
    int64_t width = emit.width;
    Value first = headColumn(key, head, headSize);
    auto turnBlock = [&](Value keyRow, int64_t rows, Value channel,
                         int64_t channels) {
      emit.turn(
          rows, channels,
          [&](int64_t i) {
            return emit.loadVector(key.buffer,
                                   {image, emit.add(keyRow, key.row + i),
                                    emit.add(first, channel)},
                                   channels);
          },
          [&](int64_t i, Value line) {
            emit.storeVector(line, turnedKeys,
                             stripIndices(keyRow, emit.add(channel, i)));
          });
    };
    cover(keys, width, [&](Value keyRow, int64_t rows) {
      cover(headSize, width, [&](Value channel, int64_t channels) {
        turnBlock(keyRow, rows, channel, channels);
      });
    });
  }

  /// Column `column` of step `step` of an operand in strips.
  Emitter::Values stripIndices(Value column, Value step) {
    return {emit.div(column, kStripColumns), step,
            emit.rem(column, kStripColumns)};
  }

  /// The values of a head in strips: in their own buffer, rows a whole token
  /// apart would fall into a few sets of the cache.
  void copyValues(Value image, Value head) {
    Value first = headColumn(value, head, valueSize);
    emit.loop(0, keys, [&](Value row) {
      overRow(emit, valueSize, {}, [&](Value k, int64_t active, ValueRange) {
        Value vector = emit.loadVector(
            value.buffer, {image, emit.add(row, value.row), emit.add(first, k)},
            active);
        emit.storeVector(vector, values, stripIndices(k, row));
        return Emitter::Values();
      });
    });
  }

  void emitScores(Value image, Value head, Value row, int64_t height) {
    int64_t columns = context.tile().getColumns();
    Value channel = headColumn(query, head, headSize);
    auto emitColumns = [&](Value first, int64_t active) {
      int64_t vectors = ceilDiv(active, emit.width);
      Emitter::Values products = emitProduct(
          emit,
          {height,
           headSize,
           {flatten(emit, query.buffer),
            flatPosition(emit, query.buffer,
                         {image, emit.add(row, query.row), channel}),
            strideOf(query.buffer, 1), 0},
           flatten(emit, turnedKeys),
           flatPosition(emit, turnedKeys, stripIndices(first, emit.index(0))),
           kStripColumns,
           stripVectors(emit, active, headSize)},
          Emitter::Values(height * vectors, emit.splat(0.0f)));
      for (int64_t i = 0; i < height; ++i)
        for (int64_t v = 0; v < vectors; ++v)
          emit.storeVector(products[i * vectors + v], scores,
                           {emit.index(i), emit.add(first, v * emit.width)});
    };
    cover(keys, columns, emitColumns);
  }

  /// exp(scale * (s - max)) in place, and 1 / sum beside it.
  void emitSoftmax(Value height) {
    emit.loop(emit.index(0), height, 1, [&](Value i) {
      RowSoftmax softmax = emitRowSoftmax(
          emit, keys, scale,
          [&](Value k, int64_t) { return emit.loadVector(scores, {i, k}); },
          [&](Value k, Value term) { emit.storeVector(term, scores, {i, k}); });
      emit.store(softmax.inverse, sums, {i, emit.index(0)});
    });
  }

  void emitValues(Value image, Value head, Value row, int64_t height) {
    int64_t columns = context.tile().getColumns();
    Value to = emit.mul(head, valueSize);
    auto emitColumns = [&](Value first, int64_t active) {
      int64_t vectors = ceilDiv(active, emit.width);
      auto lanes = [&](int64_t v) {
        return std::min(emit.width, active - v * emit.width);
      };
      Emitter::Values products = emitProduct(
          emit,
          {height,
           keys,
           {flatten(emit, scores), emit.index(0), scoreColumns, 0},
           flatten(emit, values),
           flatPosition(emit, values, stripIndices(first, emit.index(0))),
           kStripColumns,
           stripVectors(emit, active, keys)},
          Emitter::Values(height * vectors, emit.splat(0.0f)));
      for (int64_t i = 0; i < height; ++i) {
        Value inverse =
            emit.splat(emit.load(sums, {emit.index(i), emit.index(0)}));
        for (int64_t v = 0; v < vectors; ++v)
          emit.storeVector(emit.mulf(products[i * vectors + v], inverse), out,
                           {image, emit.add(row, i),
                            emit.add(emit.add(to, first), v * emit.width)},
                           lanes(v));
      }
    };
    cover(valueSize, columns, emitColumns);
  }

  /// The probabilities themselves are the result: [image, head, query, key],
  /// of all keys or a range of them.
  void copyScores(Value image, Value head, Value row, Value height) {
    emit.loop(emit.index(0), height, 1, [&](Value i) {
      Value inverse = emit.splat(emit.load(sums, {i, emit.index(0)}));
      int64_t shown = cast<MemRefType>(out.getType()).getDimSize(3);
      overRow(emit, shown, {}, [&](Value k, int64_t active, ValueRange) {
        Value p = emit.mulf(
            emit.loadVector(scores, {i, emit.add(k, firstShown)}, active),
            inverse);
        emit.storeVector(p, out, {image, head, emit.add(row, i), k}, active);
        return Emitter::Values();
      });
    });
  }

  KernelContext &context;
  Emitter &emit;
  Part query, key, value;
  Value out;
  int64_t firstShown;
  int64_t queries, keys, headSize, valueSize = 0, scoreColumns;
  double scale;
  Value turnedKeys, values, scores, sums;
};

} // namespace

LogicalResult vitc::lowerAttentionKernel(KernelContext &context) {
  if (auto op = context.yielded().getDefiningOp<AttentionOp>()) {
    AttentionLowering(context, op.getQuery(), op.getKey(), op.getValue(),
                      op.getHeads(), op.getScale().convertToDouble())
        .run();
    return success();
  }
  Value shown = context.yielded();
  int64_t firstShown = 0;
  if (auto slice = shown.getDefiningOp<SliceColumnsOp>()) {
    firstShown = slice.getBegin();
    shown = slice.getInput();
  }
  if (auto op = shown.getDefiningOp<AttentionMapOp>()) {
    AttentionLowering(context, op.getQuery(), op.getKey(), Value(),
                      op.getHeads(), op.getScale().convertToDouble(),
                      firstShown)
        .run();
    return success();
  }
  return context.kernel.emitOpError()
         << "expects to yield a vit.attention or vit.attention_map";
}
