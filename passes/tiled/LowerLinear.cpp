//===- LowerLinear.cpp - Rows times panels of the weight ------------------===//
//
// For each block of rows: prepare the left operand, then let every panel of the
// weight pass; for each piece of a panel, cover the block with register tiles.
// The piece stays in L1 or L2 while the tiles use it, the block in L2 or L3
// while the panels pass. Sums wait in scratch for the next piece, and for an
// activation.
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
        piece(context.tile().getDepth() ? context.tile().getDepth() : depth),
        outputs(linear.getWeight().getType().getDimSize(0)) {
    if (linear.getActivation() != Activation::None || piece < depth)
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
    // Blocks of nearly equal size, so that the last one isn't too small to pay
    // for the weight's way through the caches.
    int64_t most = context.tile().getBlock(), rows = context.tile().getRows();
    Value count = emit.sub(end, begin);
    Value blocks = emit.div(emit.add(count, most - 1), most);
    Value even = emit.div(emit.sub(emit.add(count, blocks), emit.index(1)),
                          emit.max(blocks, emit.index(1)));
    Value tiles = emit.div(emit.add(even, rows - 1), rows);
    Value block = emit.min(emit.mul(tiles, rows), emit.index(most));
    emit.loop(emit.index(0), blocks, 1, [&](Value index) {
      Value first = emit.min(emit.add(begin, emit.mul(index, block)), end);
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
    // Steps of the next strip that a row asks for in advance.
    Value rows = emit.max(emit.sub(end, begin), emit.index(1));
    Value share = emit.div(emit.add(rows, piece - 1), rows);
    emit.loop(emit.index(0), emit.index(depth), piece, [&](Value k) {
      coverRows(emit, begin, end, most, [&](Value row, Value height) {
        emitPrefetch(emit.mul(emit.sub(row, begin), share),
                     emit.mul(height, share), panel, column, k, active);
        emit.switchFrom1(height, most, [&](int64_t fixed) {
          emitTile(image, begin, row, fixed, panel, column, k, active);
        });
      });
    });
    if (linear.getActivation() != Activation::None)
      emitEpilogue(image, begin, end, panel, column, active);
  }

  /// Each tile of a block asks for its share, `count` steps from the `first`
  /// on, of the strips that the next tiles multiply by: they come from memory
  /// while the sums are formed. At the end of the weight the hint points behind
  /// it, which does no harm.
  void emitPrefetch(Value first, Value count, Value panel, Value column,
                    Value k, int64_t active) {
    int64_t strips = ceilDiv(active, kStripColumns);
    // Behind the last piece of a strip lies the next strip's first one.
    Value step = emit.add(k, piece);
    if (strips > 1)
      step = emit.select(emit.less(step, emit.index(depth)), step,
                         emit.index(strips * depth));
    Value flat = flatten(emit, weight);
    for (int64_t strip = 0; strip < strips; ++strip) {
      Value start = flatPosition(
          emit, weight,
          {emit.add(stripOf(panel, column), strip), step, emit.index(0)});
      start = emit.add(start, emit.mul(first, kStripColumns));
      emit.loop(emit.index(0), count, 1, [&](Value at) {
        emit.prefetch(flat, {emit.add(start, emit.mul(at, kStripColumns))});
      });
    }
  }

  /// A tile's steps from `k` on. The sums start from the bias, wait in scratch
  /// between the pieces, and behind the last one become results, unless an
  /// activation comes first.
  void emitTile(Value image, Value begin, Value row, int64_t height,
                Value panel, Value column, Value k, int64_t active) {
    int64_t vectors = ceilDiv(active, emit.width);
    Value outColumn = outColumnOf(panel, column);
    auto startSums = [&] {
      Emitter::Values init = bias(outColumn, vectors), all;
      for (int64_t i = 0; i < height; ++i)
        all.append(init);
      return all;
    };
    auto loadSums = [&] {
      Emitter::Values all;
      for (int64_t i = 0; i < height; ++i)
        for (int64_t v = 0; v < vectors; ++v)
          all.push_back(
              emit.loadVector(sums, {emit.sub(emit.add(row, i), begin),
                                     emit.index(v * emit.width)}));
      return all;
    };
    Emitter::Values products =
        piece < depth
            ? emit.choose(emit.less(k, emit.index(1)), startSums, loadSums)
            : startSums();
    Value rows = source.rows();
    int64_t rowDimension = cast<MemRefType>(rows.getType()).getRank() - 2;
    products = emitProduct(
        emit,
        {height, piece, flatten(emit, rows),
         emit.add(flatPosition(emit, rows, source.firstElement(row)), k),
         strideOf(rows, rowDimension), flatten(emit, weight),
         flatPosition(
             emit, weight,
             {stripOf(panel, column), k, emit.rem(column, kStripColumns)}),
         kStripColumns, stripVectors(emit, active, depth)},
        products);
    auto overSums = [&](llvm::function_ref<void(Value, int64_t, Value)> body) {
      for (int64_t i = 0; i < height; ++i)
        for (int64_t v = 0; v < vectors; ++v)
          body(emit.add(row, i), v, products[i * vectors + v]);
    };
    auto keepSums = [&] {
      overSums([&](Value at, int64_t v, Value sum) {
        emit.storeVector(sum, sums,
                         {emit.sub(at, begin), emit.index(v * emit.width)});
      });
    };
    auto finish = [&] {
      overSums([&](Value at, int64_t v, Value sum) {
        emitResult(sum, image, at, outColumn, v, active);
      });
    };
    if (linear.getActivation() != Activation::None)
      keepSums();
    else if (piece == depth)
      finish();
    else
      emit.ifThen(emit.less(k, emit.index(depth - piece)), keepSums, finish);
  }

  /// What the sums of a row start from.
  Emitter::Values bias(Value outColumn, int64_t vectors) {
    Emitter::Values values;
    for (int64_t v = 0; v < vectors; ++v)
      values.push_back(
          linear.getBias()
              ? emit.loadVector(context.buffer(linear.getBias()),
                                {emit.add(outColumn, v * emit.width)})
              : emit.splat(0.0f));
    return values;
  }

  /// The epilogue of sums in memory. The many instructions of an activation
  /// stand here once rather than in tiles of every height.
  void emitEpilogue(Value image, Value begin, Value end, Value panel,
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
          value,
          emit.loadVector(residual, rowIndices(residual, image, row, column),
                          lanes));
    }
    emit.storeVector(value, out, rowIndices(out, image, row, column), lanes);
  }

  Value stripOf(Value panel, Value column) {
    return emit.div(outColumnOf(panel, column), kStripColumns);
  }

  Value outColumnOf(Value panel, Value column) {
    return emit.add(emit.mul(panel, kPanelColumns), column);
  }

  KernelContext &context;
  Emitter &emit;
  LinearOp linear;
  RowSource source;
  Value weight, out;
  Value sums;    ///< of a block's rows before the epilogue, or null
  int64_t depth; ///< steps of the product
  int64_t piece; ///< steps that all tiles of a block do before the next ones
  int64_t outputs;
};

} // namespace

LogicalResult vitc::lowerLinearKernel(KernelContext &context) {
  auto linear = context.yielded().getDefiningOp<LinearOp>();
  if (!linear)
    return context.kernel.emitOpError() << "expects to yield a vit.linear";
  int64_t steps = linear.getWeight().getType().getDimSize(1);
  int64_t depth = context.tile().getDepth();
  if (depth && steps % depth)
    return context.kernel.emitOpError() << "expects the tile's depth to divide "
                                        << steps << " steps, got " << depth;
  LinearLowering(context, linear).run();
  return success();
}
