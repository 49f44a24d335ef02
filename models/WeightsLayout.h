//===- WeightsLayout.h - Where packed weights lie in the file ---*- C++ -*-===//
//
// The order of a function's vit.pack ops decides everything about the weights
// file but the numbers in it: names, sizes, offsets and the hash by which an
// object recognises a file that was packed for it.
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
  /// The checkpoint tensors it is made of, "a.weight+b.weight"; "constant" if
  /// there are none.
  std::string name;
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

/// Lays out the weights that `model` packs. The `offset` attributes of its
/// vit.pack ops are neither needed nor looked at.
WeightsLayout layOutWeights(mlir::func::FuncOp model);

} // namespace vitc

#endif // VITC_MODELS_WEIGHTSLAYOUT_H
