//===- RowSource.h - Where the rows of a product come from -----*- C++ -*-===//
//
// The left operand of a product, or windows of an image on their own: rows of a
// buffer as they are, or rows that a prologue prepares in scratch: normalised,
// gathered from an image, or turned out of groups of lanes.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_PASSES_TILED_ROWSOURCE_H
#define VITC_PASSES_TILED_ROWSOURCE_H

#include "passes/tiled/KernelLowering.h"

namespace vitc {

/// Indices of row `row` of image `image` (null where rows of all images are one
/// run), column `column`, in a buffer of rows, a table or a vector.
Emitter::Values rowIndices(mlir::Value buffer, mlir::Value image,
                           mlir::Value row, mlir::Value column);

class RowSource {
public:
  /// The source of `input`, a value of the kernel's body.
  RowSource(KernelContext &context, mlir::Value input);

  /// True if a prologue prepares the rows.
  bool isPrepared() const { return static_cast<bool>(scratch); }

  /// True if several tiles come out of what is prepared together: groups of
  /// lanes.
  bool isShared() const { return lanes; }

  /// Prepares rows [begin, end) of `image`: at most a tile of them, or a block
  /// where tiles share what is prepared.
  void prepare(mlir::Value image, mlir::Value begin, mlir::Value end);

  /// The buffer that holds the prepared rows.
  mlir::Value rows() { return scratch ? scratch : buffer; }

  /// Indices of the first element of row `row`, which has been prepared.
  Emitter::Values firstElement(mlir::Value row);

private:
  void unfoldRow(mlir::Value image, mlir::Value row);
  void unfoldLine(mlir::Value image, mlir::Value top, mlir::Value left,
                  mlir::Value channel, mlir::Value line, mlir::Value slot);
  void unfoldPadded(mlir::Value image, mlir::Value top, mlir::Value left,
                    mlir::Value slot);
  void turnGroup(mlir::Value image, mlir::Value group);
  void normaliseRow(mlir::Value from, mlir::ValueRange fromIndices,
                    mlir::Value slot);

  KernelContext &context;
  Emitter &emit;
  vit::LayerNormOp norm;
  vit::UnfoldOp unfold;
  mlir::Value buffer;
  int64_t depth;
  bool lanes;                    ///< the buffer holds groups of lanes
  mlir::Value scratch;           ///< prepared rows, or null
  mlir::Value image, scratchRow; ///< of the rows prepared last
};

} // namespace vitc

#endif // VITC_PASSES_TILED_ROWSOURCE_H
