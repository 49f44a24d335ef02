//===- LowerLinear.cpp - Rows times panels of the weight ------------------===//
//
// For each block of rows: prepare the left operand, then let every panel of the
// weight pass; for each panel, cover the block with register tiles. A panel
// stays in L1 or L2 while the tiles use it, the block in L2 while the panels
// pass. An activation runs over a panel's sums once the tiles are done.
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
        outputs(linear.getWeight().getType().getDimSize(0)) {
    if (linear.getActivation() != Activation::None)
      sums = context.scratch.take(
          {context.tile().getBlock(), context.tile().getColumns()});
  }

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
    int64_t most = context.tile().getRows();
    coverRows(emit, begin, end, most, [&](Value row, Value height) {
      emit.switchFrom1(height, most, [&](int64_t fixed) {
        emitTile(image, begin, row, fixed, panel, column, active);
      });
    });
    if (sums)
      emitActivations(image, begin, end, panel, column, active);
  }

  void emitTile(Value image, Value begin, Value row, int64_t height,
                Value panel, Value column, int64_t active) {
    int64_t vectors = ceilDiv(active, emit.width);
    Value outColumn = outColumnOf(panel, column);
    Emitter::Values init;
    for (int64_t v = 0; v < vectors; ++v)
      init.push_back(
          linear.getBias()
              ? emit.loadVector(context.buffer(linear.getBias()),
                                {emit.add(outColumn, v * emit.width)})
              : emit.splat(0.0f));
    Emitter::Values products;
    for (int64_t i = 0; i < height; ++i)
      products.append(init);
    Value rows = source.rows();
    int64_t rowDimension = cast<MemRefType>(rows.getType()).getRank() - 2;
    products = emitProduct(
        emit,
        {height, depth, flatten(emit, rows),
         flatPosition(emit, rows, source.firstElement(row)),
         strideOf(rows, rowDimension), flatten(emit, weight),
         flatPosition(emit, weight,
                      {emit.div(outColumn, kStripColumns), emit.index(0),
                       emit.rem(column, kStripColumns)}),
         kStripColumns, stripVectors(emit, active, depth)},
        products);
    for (int64_t i = 0; i < height; ++i) {
      Value at = emit.add(row, i);
      for (int64_t v = 0; v < vectors; ++v) {
        Value value = products[i * vectors + v];
        if (sums)
          emit.storeVector(value, sums,
                           {emit.sub(at, begin), emit.index(v * emit.width)});
        else
          emitResult(value, image, at, outColumn, v, active);
      }
    }
  }

  /// The second half of the epilogue where there is an activation: its many
  /// instructions stand here once rather than in tiles of every height.
  void emitActivations(Value image, Value begin, Value end, Value panel,
                       Value column, int64_t active) {
    Value outColumn = outColumnOf(panel, column);
    emit.loop(begin, end, 1, [&](Value row) {
      for (int64_t v = 0; v < ceilDiv(active, emit.width); ++v) {
        Value sum = emit.loadVector(
            sums, {emit.sub(row, begin), emit.index(v * emit.width)});
        emitResult(emitActivation(emit, linear.getActivation(), sum), image,
                   row, outColumn, v, active);
      }
    });
  }

  /// Adds the residual to vector `v` of a tile's row and writes it.
  void emitResult(Value value, Value image, Value row, Value outColumn,
                  int64_t v, int64_t active) {
    Value column = emit.add(outColumn, v * emit.width);
    int64_t lanes = std::min(emit.width, active - v * emit.width);
    if (linear.getResidual()) {
      Value residual = context.buffer(linear.getResidual());
      value = emit.addf(
          value, emit.loadVector(residual,
                                 rowIndices(residual, image, row, column),
                                 lanes));
    }
    emit.storeVector(value, out, rowIndices(out, image, row, column), lanes);
  }

  Value outColumnOf(Value panel, Value column) {
    return emit.add(emit.mul(panel, kPanelColumns), column);
  }

  KernelContext &context;
  Emitter &emit;
  LinearOp linear;
  RowSource source;
  Value weight, out;
  Value sums; ///< of a block's rows before the activation, or null
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
