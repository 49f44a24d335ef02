//===- PackedRows.h - The left operand of a product ------------*- C++ -*-===//
//
// Rows as the register tiles read them: packed tile by tile, a few steps of
// every row at a time, so that a tile is one stream through the caches; or in
// place, where too few outputs read them.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_PASSES_TILED_PACKEDROWS_H
#define VITC_PASSES_TILED_PACKEDROWS_H

#include "passes/tiled/RegisterTile.h"
#include "passes/tiled/RowSource.h"

namespace vitc {

class PackedRows {
public:
  /// The rows of `input`, a value of the kernel's body, cut into the kernel's
  /// tiles and into pieces of `piece` steps.
  PackedRows(KernelContext &context, mlir::Value input, int64_t piece);

  /// Steps that are held at a time: all of them, or one piece.
  int64_t steps() const { return held; }
  bool isWhole() const { return held == depth; }

  /// Holds `steps()` steps from `from` on of rows [begin, end) of `image`, at
  /// most a block of them.
  void hold(mlir::Value image, mlir::Value begin, mlir::Value end,
            mlir::Value from);

  /// Step `k`, the first of a piece, of a tile of `height` rows from `row` on,
  /// as `coverRows` cuts the rows that are held.
  LeftOperand tile(mlir::Value row, int64_t height, mlir::Value k);

private:
  void packTile(mlir::Value row, mlir::Value height);
  mlir::Value packedPosition(mlir::Value row, mlir::Value part);

  /// Steps of a row that lie side by side: a step of the tile's loop.
  static constexpr int64_t kGroup = 4;

  KernelContext &context;
  Emitter &emit;
  RowSource source;
  int64_t depth, piece, held;
  int64_t pieceSteps;      ///< of a packed row, in whole groups
  int64_t pieceStride;     ///< elements from one packed piece to the next
  mlir::Value packed;      ///< [pieces][tiles][groups][rows][kGroup], or null
  mlir::Value begin, from; ///< of what is held
};

} // namespace vitc

#endif // VITC_PASSES_TILED_PACKEDROWS_H
