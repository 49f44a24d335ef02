//===- PackedRows.cpp - The left operand of a product ---------------------===//

#include "passes/tiled/PackedRows.h"
#include "passes/tiled/RowLoops.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

PackedRows::PackedRows(KernelContext &context, Value input, int64_t piece)
    : context(context), emit(context.emit), source(context, input),
      depth(cast<RankedTensorType>(input.getType()).getShape().back()),
      piece(piece), held(depth),
      pieceStride(context.tile().getBlock() * piece + emit.width) {
  if (!source.isPrepared() && !context.tile().getPacked())
    return;
  // What is prepared is prepared once, whole rows at a time.
  if (!source.isPrepared())
    held = piece;
  packed = context.scratch.take({held / piece * pieceStride});
}

void PackedRows::hold(Value image, Value begin, Value end, Value from) {
  this->begin = begin;
  this->from = from;
  if (!packed)
    return source.prepare(image, begin, end);
  if (source.isShared())
    source.prepare(image, begin, end);
  coverRows(emit, begin, end, context.tile().getRows(),
            [&](Value row, Value height) {
              if (!source.isShared())
                source.prepare(image, row, emit.add(row, height));
              packTile(row, height);
            });
}

LeftOperand PackedRows::tile(Value row, int64_t height, Value k) {
  if (packed)
    return {flatten(emit, packed),
            packedPosition(row, emit.div(emit.sub(k, from), piece)), 1, height};
  Value rows = source.rows();
  int64_t rank = cast<MemRefType>(rows.getType()).getRank();
  return {flatten(emit, rows),
          emit.add(flatPosition(emit, rows, source.firstElement(row)), k),
          strideOf(rows, rank - 2), 1};
}

/// Where a tile's steps of a piece begin.
Value PackedRows::packedPosition(Value row, Value part) {
  return emit.add(emit.mul(part, pieceStride),
                  emit.mul(emit.sub(row, begin), piece));
}

/// Blocks of [row][step] become [step][row]. Every column is stored as a whole
/// vector: the next one, the next tile or the piece's margin takes the lanes
/// beyond the tile's height.
void PackedRows::packTile(Value row, Value height) {
  Value last = emit.sub(emit.add(row, height), emit.index(1));
  Emitter::Values lines;
  for (int64_t i = 0; i < context.tile().getRows(); ++i)
    lines.push_back(
        flatPosition(emit, source.rows(),
                     source.firstElement(emit.min(emit.add(row, i), last))));
  Value rows = flatten(emit, source.rows()), flat = flatten(emit, packed);
  emit.loop(0, held / piece, [&](Value part) {
    Value step = emit.add(emit.mul(part, piece), from);
    Value to = packedPosition(row, part);
    overRow(emit, piece, {}, [&](Value k, int64_t active, ValueRange) {
      emit.turn(
          static_cast<int64_t>(lines.size()), active,
          [&](int64_t i) {
            Value at = emit.add(emit.add(lines[i], step), k);
            return emit.loadVector(rows, {at}, active);
          },
          [&](int64_t i, Value column) {
            Value at = emit.add(to, emit.mul(emit.add(k, i), height));
            emit.storeVector(column, flat, {at});
          });
      return Emitter::Values();
    });
  });
}
