//===- LowerLinear.cpp - Rows times panels of the weight ------------------===//
//
// For each block of rows: pack the left operand, then let every panel of the
// weight pass; for each piece of a panel, cover the block with register tiles.
// The piece stays in L1 while the tiles use it, the packed rows in L2 or L3
// while the panels pass. Rows that are packed a piece at a time meet many
// columns before the next piece. Sums wait in scratch for the next piece or an
// activation.
//
//===----------------------------------------------------------------------===//

#include "passes/buffers/Layout.h"
#include "passes/tiled/KernelLowering.h"
#include "passes/tiled/PackedRows.h"
#include "passes/tiled/VectorMath.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

/// Columns whose sums wait together, at most: 4 KiB a row.
constexpr int64_t kChunkColumns = 1024;

class LinearLowering {
public:
  LinearLowering(KernelContext &context, LinearOp linear)
      : context(context), emit(context.emit), linear(linear),
        weight(context.buffer(linear.getWeight())),
        out(context.kernel.getOutputs()[0]),
        depth(linear.getWeight().getType().getDimSize(1)),
        piece(context.tile().getDepth() ? context.tile().getDepth() : depth),
        outputs(linear.getWeight().getType().getDimSize(0)),
        columns(context.tile().getColumns()),
        left(context, linear.getInput(), piece),
        chunk(left.isWhole()
                  ? columns
                  : std::min(roundUp(outputs, columns), kChunkColumns)) {
    if (linear.getActivation() != Activation::None || piece < depth)
      sums = context.scratch.take(
          {ceilDiv(chunk, columns), context.tile().getBlock(), columns});
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
  /// Columns of one tile, of a chunk that begins with `first`.
  struct Columns {
    Value first, begin;
    int64_t active;
  };

  void emitBlocks(Value image, Value begin, Value end) {
    // Blocks of nearly equal size, so that the last one isn't too small to pay
    // for the weight's way through the caches.
    int64_t most = context.tile().getBlock(), height = context.tile().getRows();
    Value count = emit.sub(end, begin);
    Value blocks = emit.div(emit.add(count, most - 1), most);
    Value even = emit.div(emit.sub(emit.add(count, blocks), emit.index(1)),
                          emit.max(blocks, emit.index(1)));
    Value tiles = emit.div(emit.add(even, height - 1), height);
    Value block = emit.min(emit.mul(tiles, height), emit.index(most));
    emit.loop(emit.index(0), blocks, 1, [&](Value index) {
      Value first = emit.min(emit.add(begin, emit.mul(index, block)), end);
      Value last = emit.min(emit.add(first, block), end);
      if (left.isWhole())
        left.hold(image, first, last, emit.index(0));
      emitPanels(image, first, last);
    });
  }

  void emitPanels(Value image, Value begin, Value end) {
    Value first = emit.mul(context.columnBegin, kPanelColumns);
    Value last = emit.min(emit.mul(context.columnEnd, kPanelColumns),
                          emit.index(outputs));
    emit.loop(first, last, chunk, [&](Value column) {
      emitChunk(image, begin, end, column,
                emit.min(emit.add(column, chunk), last));
    });
  }

  /// All rows of a block by columns [first, last).
  void emitChunk(Value image, Value begin, Value end, Value first, Value last) {
    auto overTiles = [&](llvm::function_ref<void(Columns)> body) {
      int64_t rest = outputs % columns;
      Value whole = emit.min(last, emit.index(outputs - rest));
      emit.loop(first, whole, columns,
                [&](Value column) { body({first, column, columns}); });
      // The last tile has fewer columns; only those are stored.
      if (rest)
        emit.ifThen(emit.less(whole, last),
                    [&] { body({first, whole, rest}); });
    };
    emit.loop(emit.index(0), emit.index(depth), left.steps(), [&](Value from) {
      if (!left.isWhole())
        left.hold(image, begin, end, from);
      overTiles([&](Columns at) {
        emit.loop(from, emit.add(from, left.steps()), piece, [&](Value k) {
          emitTiles(image, begin, end, at, k, nextPiece(at, last, k));
        });
      });
    });
    if (linear.getActivation() != Activation::None)
      emit.loop(begin, end, 1, [&](Value row) {
        overTiles([&](Columns at) {
          emitEpilogue(image, row, emit.sub(row, begin), at);
        });
      });
  }

  /// A piece of the product, from step `k` on, for all rows of a block.
  void emitTiles(Value image, Value begin, Value end, Columns at, Value k,
                 Value next) {
    int64_t most = context.tile().getRows();
    // Steps of the next piece that a row asks for in advance.
    Value count = emit.max(emit.sub(end, begin), emit.index(1));
    Value share = emit.div(emit.add(count, piece - 1), count);
    coverRows(emit, begin, end, most, [&](Value row, Value height) {
      Value slot = emit.sub(row, begin);
      emitPrefetch(next, emit.mul(slot, share), emit.mul(height, share),
                   at.active);
      emit.switchFrom1(height, most, [&](int64_t fixed) {
        emitTile(image, row, slot, fixed, at, k);
      });
    });
  }

  /// Where the piece of the weight lies that comes next behind step `k`. At the
  /// end of a chunk or of the weight it is one that isn't needed, or none: that
  /// does a hint no harm.
  Value nextPiece(Columns at, Value last, Value k) {
    Value column = emit.add(at.begin, at.active), step = emit.add(k, piece);
    if (left.isWhole()) {
      Value more = emit.less(step, emit.index(depth));
      return weightPosition(emit.select(more, at.begin, column),
                            emit.select(more, step, emit.index(0)));
    }
    Value more = emit.less(column, last);
    return weightPosition(emit.select(more, column, at.first),
                          emit.select(more, k, step));
  }

  /// Each tile of a block asks for its share, `count` steps from the `first`
  /// on, of the piece that the next tiles multiply by: it comes from memory
  /// while the sums are formed.
  void emitPrefetch(Value next, Value first, Value count, int64_t active) {
    Value flat = flatten(emit, weight);
    for (int64_t strip = 0; strip < ceilDiv(active, kStripColumns); ++strip) {
      Value start = emit.add(emit.add(next, strip * strideOf(weight, 0)),
                             emit.mul(first, kStripColumns));
      emit.loop(emit.index(0), count, 1, [&](Value at) {
        emit.prefetch(flat, {emit.add(start, emit.mul(at, kStripColumns))});
      });
    }
  }

  /// A tile's steps from `k` on. The sums start from the bias, wait in scratch
  /// between the pieces, and behind the last one become results, unless an
  /// activation comes first.
  void emitTile(Value image, Value row, Value slot, int64_t height, Columns at,
                Value k) {
    int64_t vectors = ceilDiv(at.active, emit.width);
    auto startSums = [&] {
      Emitter::Values init = bias(at.begin, vectors), all;
      for (int64_t i = 0; i < height; ++i)
        all.append(init);
      return all;
    };
    auto loadSums = [&] {
      Emitter::Values all;
      for (int64_t i = 0; i < height; ++i)
        for (int64_t v = 0; v < vectors; ++v)
          all.push_back(
              emit.loadVector(sums, sumIndices(at, emit.add(slot, i), v)));
      return all;
    };
    Emitter::Values products =
        piece < depth
            ? emit.choose(emit.less(k, emit.index(1)), startSums, loadSums)
            : startSums();
    products =
        emitProduct(emit,
                    {height, piece, left.tile(row, height, k),
                     flatten(emit, weight), weightPosition(at.begin, k),
                     kStripColumns, stripVectors(emit, at.active, depth)},
                    products);
    auto overSums =
        [&](llvm::function_ref<void(int64_t, int64_t, Value)> body) {
          for (int64_t i = 0; i < height; ++i)
            for (int64_t v = 0; v < vectors; ++v)
              body(i, v, products[i * vectors + v]);
        };
    auto keepSums = [&] {
      overSums([&](int64_t i, int64_t v, Value sum) {
        emit.storeVector(sum, sums, sumIndices(at, emit.add(slot, i), v));
      });
    };
    auto finish = [&] {
      overSums([&](int64_t i, int64_t v, Value sum) {
        emitResult(sum, image, emit.add(row, i), at, v);
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
  Emitter::Values bias(Value column, int64_t vectors) {
    Emitter::Values values;
    for (int64_t v = 0; v < vectors; ++v)
      values.push_back(linear.getBias()
                           ? emit.loadVector(context.buffer(linear.getBias()),
                                             {emit.add(column, v * emit.width)})
                           : emit.splat(0.0f));
    return values;
  }

  /// The epilogue of a row's sums in memory. The many instructions of an
  /// activation stand here once rather than in tiles of every height.
  void emitEpilogue(Value image, Value row, Value slot, Columns at) {
    for (int64_t v = 0; v < ceilDiv(at.active, emit.width); ++v) {
      Value sum = emit.loadVector(sums, sumIndices(at, slot, v));
      emitResult(emitActivation(emit, linear.getActivation(), sum), image, row,
                 at, v);
    }
  }

  /// Adds the residual to vector `v` of a tile's row and writes it.
  void emitResult(Value value, Value image, Value row, Columns at, int64_t v) {
    Value column = emit.add(at.begin, v * emit.width);
    int64_t lanes = std::min(emit.width, at.active - v * emit.width);
    if (linear.getResidual()) {
      Value residual = context.buffer(linear.getResidual());
      value = emit.addf(
          value,
          emit.loadVector(residual, rowIndices(residual, image, row, column),
                          lanes));
    }
    emit.storeVector(value, out, rowIndices(out, image, row, column), lanes);
  }

  /// A tile's sums lie together.
  Emitter::Values sumIndices(Columns at, Value slot, int64_t v) {
    return {emit.div(emit.sub(at.begin, at.first), columns), slot,
            emit.index(v * emit.width)};
  }

  Value weightPosition(Value column, Value k) {
    return flatPosition(
        emit, weight,
        {emit.div(column, kStripColumns), k, emit.rem(column, kStripColumns)});
  }

  KernelContext &context;
  Emitter &emit;
  LinearOp linear;
  Value weight, out;
  int64_t depth; ///< steps of the product
  int64_t piece; ///< steps that all tiles of a block do before the next ones
  int64_t outputs;
  int64_t columns; ///< of a tile
  PackedRows left;
  int64_t chunk; ///< columns whose sums wait together
  Value sums;    ///< [tiles of a chunk][rows of a block][columns], or null
};

} // namespace

LogicalResult vitc::lowerLinearKernel(KernelContext &context) {
  auto linear = context.yielded().getDefiningOp<LinearOp>();
  if (!linear)
    return context.kernel.emitOpError() << "expects to yield a vit.linear";
  TileAttr tile = context.tile();
  int64_t steps = linear.getWeight().getType().getDimSize(1);
  if (tile.getDepth() && steps % tile.getDepth())
    return context.kernel.emitOpError()
           << "expects the tile's depth to divide " << steps << " steps, got "
           << tile.getDepth();
  LinearLowering(context, linear).run();
  return success();
}
