//===- PackedRows.cpp - The left operand of a product ---------------------===//

#include "passes/tiled/PackedRows.h"
#include "passes/buffers/Layout.h"
#include "passes/tiled/RowLoops.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

PackedRows::PackedRows(KernelContext &context, Value input, int64_t piece)
    : context(context), emit(context.emit), source(context, input),
      depth(cast<RankedTensorType>(input.getType()).getShape().back()),
      piece(piece), held(depth), pieceSteps(roundUp(piece, kGroup)),
      pieceStride(context.tile().getBlock() * pieceSteps) {
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
            packedPosition(row, emit.div(emit.sub(k, from), piece)), kGroup,
            kGroup};
  Value rows = source.rows();
  int64_t rank = cast<MemRefType>(rows.getType()).getRank();
  return {flatten(emit, rows),
          emit.add(flatPosition(emit, rows, source.firstElement(row)), k),
          strideOf(rows, rank - 2), 0};
}

/// Where a tile's steps of a piece begin.
Value PackedRows::packedPosition(Value row, Value part) {
  return emit.add(emit.mul(part, pieceStride),
                  emit.mul(emit.sub(row, begin), pieceSteps));
}

/// Copies rows by groups of steps.
void PackedRows::packTile(Value row, Value height) {
  Value rows = flatten(emit, source.rows()), flat = flatten(emit, packed);
  emit.loop(emit.index(0), height, 1, [&](Value i) {
    Value line = flatPosition(emit, source.rows(),
                              source.firstElement(emit.add(row, i)));
    Value slot = emit.mul(i, kGroup), nextGroup = emit.mul(height, kGroup);
    emit.loop(0, held / piece, [&](Value part) {
      Value step = emit.add(emit.mul(part, piece), from);
      Value to = emit.add(packedPosition(row, part), slot);
      overRow(emit, piece, {emit.add(line, step), to},
              [&](Value, int64_t active, ValueRange at) {
                Value vector = emit.loadVector(rows, {at[0]}, active);
                Value group = at[1];
                for (int64_t k = 0; k < active; k += kGroup) {
                  emit.storeVector(emit.lanes(vector, k, kGroup), flat,
                                   {group});
                  group = emit.add(group, nextGroup);
                }
                return Emitter::Values{emit.add(at[0], emit.width), group};
              });
    });
  });
}
