//===- WeightsLayout.h - Where packed weights lie in the file ---*- C++ -*-===//
//
// What a model function says of its weights file after vit-plan-weights:
// everything but the numbers in it, and the hash by which an object recognises
// a file that was packed for it.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_WEIGHTSLAYOUT_H
#define VITC_MODELS_WEIGHTSLAYOUT_H

#include "dialect/VitOps.h"
#include "models/WeightSource.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace vitc {

struct PackedWeight {
  vit::PackOp op;
  std::string name;    ///< "blocks.0.attn.qkv.weight"
  uint64_t nameOffset; ///< of the name in the file
  uint64_t offset;     ///< bytes from the first byte of the file
  uint64_t bytes;      ///< without the padding behind it
};

struct WeightsLayout {
  std::vector<PackedWeight> weights; ///< in the order of the ops
  uint64_t dataOffset;               ///< of the first packed byte
  uint64_t fileBytes;
  /// Of all offsets, result types and the weight ops above them: two functions
  /// with equal hashes want the same bytes from the same checkpoint.
  Digest hash;
};

/// The layout that vit-plan-weights gave `model`; an error if it has not run,
/// or if what it left was changed.
llvm::Expected<WeightsLayout> readWeightsLayout(mlir::func::FuncOp model);

} // namespace vitc

#endif // VITC_MODELS_WEIGHTSLAYOUT_H
