//===- LowerLinear.cpp - Rows times panels of the weight ------------------===//
//
// For each block of rows: prepare the left operand, then let every panel of the
// weight pass; for each panel, cover the block with register tiles. A panel
// stays in L1 or L2 while the tiles use it, the block in L2 while the panels
// pass.
//
//===----------------------------------------------------------------------===//

#include "passes/buffers/Layout.h"
#include "passes/tiled/KernelLowering.h"
#include "passes/tiled/RegisterTile.h"
#include "passes/tiled/RowSource.h"
#include "passes/tiled/VectorMath.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

class LinearLowering {
public:
  LinearLowering(KernelContext &context, LinearOp linear)
      : context(context), emit(context.emit), linear(linear),
        source(context, linear.getInput()),
        weight(context.buffer(linear.getWeight())),
        out(context.kernel.getOutputs()[0]),
        depth(linear.getWeight().getType().getDimSize(1)),
        outputs(linear.getWeight().getType().getDimSize(0)) {}

  void run() {
    auto type = cast<MemRefType>(out.getType());
    if (type.getRank() == 2)
      return emitBlocks({}, context.rowBegin, context.rowEnd);
    int64_t rows = type.getDimSize(1);
    Value firstImage = emit.div(context.rowBegin, rows);
    Value endImage = emit.div(emit.add(context.rowEnd, rows - 1), rows);
    emit.loop(firstImage, endImage, 1, [&](Value image) {
      Value first = emit.mul(image, rows);
      Value begin = emit.max(emit.sub(context.rowBegin, first), emit.index(0));
      Value end = emit.min(emit.sub(context.rowEnd, first), emit.index(rows));
      emitBlocks(image, begin, end);
    });
  }

private:
  void emitBlocks(Value image, Value begin, Value end) {
    int64_t block = context.tile().getBlock();
    emit.loop(begin, end, block, [&](Value first) {
      Value last = emit.min(emit.add(first, block), end);
      source.prepare(image, first, last);
      emitPanels(image, first, last);
    });
  }

  void emitPanels(Value image, Value begin, Value end) {
    int64_t whole = outputs / kPanelColumns;
    int64_t columns = context.tile().getColumns();
    Value endWhole = emit.min(context.columnEnd, emit.index(whole));
    emit.loop(context.columnBegin, endWhole, 1, [&](Value panel) {
      emit.loop(emit.index(0), emit.index(kPanelColumns), columns,
                [&](Value column) {
                  emitTiles(image, begin, end, panel, column, columns);
                });
    });
    int64_t rest = outputs % kPanelColumns;
    if (!rest)
      return;
    // The last panel has fewer columns; only those are stored.
    emit.ifThen(emit.less(emit.index(whole), context.columnEnd), [&] {
      for (int64_t column = 0; column < rest; column += columns)
        emitTiles(image, begin, end, emit.index(whole), emit.index(column),
                  std::min(columns, rest - column));
    });
  }

  /// All rows of a block by `active` columns from `column` of `panel`.
  void emitTiles(Value image, Value begin, Value end, Value panel, Value column,
                 int64_t active) {
    coverRows(emit, begin, end, context.tile().getRows(),
              [&](Value row, int64_t height) {
                emitTile(image, row, height, panel, column, active);
              });
  }

  void emitTile(Value image, Value row, int64_t height, Value panel,
                Value column, int64_t active) {
    int64_t vectors = ceilDiv(active, emit.width);
    Value outColumn = emit.add(emit.mul(panel, kPanelColumns), column);
    auto columnOf = [&](Value base, int64_t v) {
      return emit.add(base, v * emit.width);
    };
    Emitter::Values init;
    for (int64_t v = 0; v < vectors; ++v)
      init.push_back(linear.getBias()
                         ? emit.loadVector(context.buffer(linear.getBias()),
                                           {columnOf(outColumn, v)})
                         : emit.splat(0.0f));
    Emitter::Values sums;
    for (int64_t i = 0; i < height; ++i)
      sums.append(init);
    Value rows = source.rows();
    int64_t rowDimension = cast<MemRefType>(rows.getType()).getRank() - 2;
    auto allLanes = [&](int64_t) { return emit.width; };
    sums = emitProduct(
        emit,
        {height, vectors, depth, flatten(emit, rows),
         flatPosition(emit, rows, source.firstElement(row)),
         strideOf(rows, rowDimension), flatten(emit, weight),
         flatPosition(emit, weight, {panel, emit.index(0), column}),
         kPanelColumns, allLanes},
        sums);
    for (int64_t i = 0; i < height; ++i)
      for (int64_t v = 0; v < vectors; ++v)
        emitEpilogue(sums[i * vectors + v], image, emit.add(row, i),
                     columnOf(outColumn, v),
                     std::min(emit.width, active - v * emit.width));
  }

  void emitEpilogue(Value value, Value image, Value row, Value column,
                    int64_t active) {
    value = emitActivation(emit, linear.getActivation(), value);
    if (linear.getResidual()) {
      Value residual = context.buffer(linear.getResidual());
      value = emit.addf(
          value, emit.loadVector(residual,
                                 rowIndices(residual, image, row, column),
                                 active));
    }
    emit.storeVector(value, out, rowIndices(out, image, row, column), active);
  }

  KernelContext &context;
  Emitter &emit;
  LinearOp linear;
  RowSource source;
  Value weight, out;
  int64_t depth, outputs;
};

} // namespace

LogicalResult vitc::lowerLinearKernel(KernelContext &context) {
  auto linear = context.yielded().getDefiningOp<LinearOp>();
  if (!linear)
    return context.kernel.emitOpError() << "expects to yield a vit.linear";
  LinearLowering(context, linear).run();
  return success();
}
