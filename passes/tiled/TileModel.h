//===- TileModel.h - From shapes and a CPU level to tiles ------*- C++ -*-===//
//
// The cost model of tile selection; knows nothing of IR.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_PASSES_TILED_TILEMODEL_H
#define VITC_PASSES_TILED_TILEMODEL_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace vitc {

/// What the choice of tiles needs to know of a CPU level. Cache sizes are the
/// smallest among CPUs of the level that are in wide use.
struct LevelModel {
  int64_t vectorWidth;   ///< f32 elements of a vector register
  int64_t registerCount; ///< vector registers
  int64_t l1Bytes;       ///< data cache of a core
  int64_t l2Bytes;       ///< second cache of a core
};

/// The model of a level, or nothing for an unknown name.
std::optional<LevelModel> lookupLevelModel(llvm::StringRef level);

/// How a kernel is cut; see `#vit.tile`.
struct TilePlan {
  int64_t vector, rows, columns, block, depth = 0;
  bool packed = false;
};

/// Tile of a product of rows of `depth` elements with `outputs` columns, which
/// lie in panels of `panel`.
TilePlan planProduct(const LevelModel &level, int64_t panel, int64_t outputs,
                     int64_t depth);

/// Tile of a product in the lanes: `panel` outputs for several of `words`.
TilePlan planLanes(const LevelModel &level, int64_t panel, int64_t words);

} // namespace vitc

#endif // VITC_PASSES_TILED_TILEMODEL_H
