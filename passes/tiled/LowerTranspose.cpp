//===- LowerTranspose.cpp - Rows to columns -------------------------------===//
//
// One task turns as many columns as fit into a cache line, for all rows. The
// lines it reads stay in L1, so that each comes from memory once.
//
//===----------------------------------------------------------------------===//

#include "passes/buffers/Layout.h"
#include "passes/tiled/KernelLowering.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

LogicalResult vitc::lowerTransposeKernel(KernelContext &context) {
  auto transpose = context.yielded().getDefiningOp<TransposeOp>();
  if (!transpose)
    return context.kernel.emitOpError() << "expects to yield a vit.transpose";
  Emitter &emit = context.emit;
  Value in = context.buffer(transpose.getInput());
  Value out = context.kernel.getOutputs()[0];
  int64_t rows = transpose.getInput().getType().getDimSize(0);
  int64_t columns = transpose.getInput().getType().getDimSize(1);
  int64_t wholeRows = rows - rows % emit.width;
  int64_t wholeColumns = columns - columns % emit.width;

  auto turn = [&](Value image, Value row, int64_t height, Value column,
                  int64_t width) {
    emit.turn(
        height, width,
        [&](int64_t i) {
          return emit.loadVector(in, {image, emit.add(row, i), column}, width);
        },
        [&](int64_t i, Value line) {
          emit.storeVector(line, out, {image, emit.add(column, i), row},
                           height);
        });
  };
  auto turnRows = [&](Value image, Value column, int64_t width) {
    emit.loop(emit.index(0), emit.index(wholeRows), emit.width,
              [&](Value row) { turn(image, row, emit.width, column, width); });
    if (wholeRows < rows)
      turn(image, emit.index(wholeRows), rows - wholeRows, column, width);
  };
  int64_t groups = ceilDiv(columns, kLaneCount);
  emit.loop(context.rowBegin, context.rowEnd, 1, [&](Value gridRow) {
    Value image = emit.div(gridRow, groups);
    Value first = emit.mul(emit.rem(gridRow, groups), kLaneCount);
    Value end = emit.add(first, kLaneCount);
    emit.loop(first, emit.min(end, emit.index(wholeColumns)), emit.width,
              [&](Value column) { turnRows(image, column, emit.width); });
    if (wholeColumns < columns)
      emit.ifThen(emit.less(emit.index(wholeColumns), end), [&] {
        turnRows(image, emit.index(wholeColumns), columns - wholeColumns);
      });
  });
  return success();
}
