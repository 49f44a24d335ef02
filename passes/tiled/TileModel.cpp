//===- TileModel.cpp - From shapes and a CPU level to tiles ---------------===//

#include "passes/tiled/TileModel.h"
#include "passes/buffers/Layout.h"

#include "llvm/ADT/StringSwitch.h"
#include <algorithm>

using namespace vitc;

std::optional<LevelModel> vitc::lookupLevelModel(llvm::StringRef level) {
  return llvm::StringSwitch<std::optional<LevelModel>>(level)
      .Case("x86-64-v3", LevelModel{8, 16, 32 << 10, 256 << 10})
      .Case("x86-64-v4", LevelModel{16, 32, 32 << 10, 1 << 20})
      .Default(std::nullopt);
}

/// Steps whose strips of the weight take half of L1, so that they stay there
/// while a block's rows pass; but not so few that the sums' way to memory and
/// back counts. Zero where all steps are few enough or have no such divisor.
static int64_t planDepth(const LevelModel &level, int64_t columns,
                         int64_t depth) {
  constexpr int64_t fewest = 128, enough = 384;
  int64_t most = std::max(enough, level.l1Bytes / 2 / (4 * columns));
  int64_t pieces = ceilDiv(depth, most);
  while (depth % pieces)
    ++pieces;
  return pieces == 1 || depth / pieces < fewest ? 0 : depth / pieces;
}

TilePlan vitc::planProduct(const LevelModel &level, int64_t panel,
                           int64_t outputs, int64_t depth) {
  // A column of the tile costs one load of the weight per step of K, a row one
  // broadcast. Two vectors of columns need the fewest loads per multiply-add
  // that fit beside as many rows as the registers allow; what is left over
  // holds the loaded weight and one broadcast.
  constexpr int64_t columnVectors = 2;
  int64_t columns = std::min(panel, columnVectors * level.vectorWidth);
  int64_t vectors = columns / level.vectorWidth;
  int64_t rows = (level.registerCount - vectors - 1) / vectors;
  // An even number of rows covers most heights with fewer remainders.
  if (rows > 8)
    rows -= rows % 2;
  // The packed rows take half of L2; the other half is for the panels that
  // stream past. With fewer than some 200 rows to a block the weight would come
  // from memory so often that it is the limit: then rows rather come from L3.
  constexpr int64_t fewestRows = 200, mostRows = 1024;
  int64_t block =
      std::clamp(level.l2Bytes / 2 / (4 * depth), fewestRows, mostRows);
  // Packing an element takes as long as its products with some 8 columns.
  constexpr int64_t fewestOutputs = 384;
  return {level.vectorWidth,
          rows,
          columns,
          roundUp(block, rows),
          planDepth(level, columns, depth),
          outputs >= fewestOutputs};
}

TilePlan vitc::planLanes(const LevelModel &level, int64_t panel,
                         int64_t words) {
  // The words' values and one broadcast weight stay in registers beside the
  // accumulators.
  int64_t rows = (level.registerCount - 2) / (panel + 1);
  while (rows > 1 && words % rows)
    --rows;
  return {level.vectorWidth, rows, panel, 1};
}
