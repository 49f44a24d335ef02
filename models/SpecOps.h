//===- SpecOps.h - The ops a spec can use, and their fields -----*- C++ -*-===//
//
// One table for the reader, the importer and, through a test, the JSON Schema.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_SPECOPS_H
#define VITC_MODELS_SPECOPS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace vitc {

/// What a field of an op holds. All but Operand, Operands, Weight, Weights,
/// Parts and Tensor are expressions.
enum class FieldKind {
  Operand,  ///< name of a value, or an object: a weight expression
  Operands, ///< array of operands, each with an optional `when`
  Weight,   ///< an object: a weight expression
  Weights,  ///< array of weight expressions
  Presence, ///< whether there is such a weight, or a weight expression with an
            ///< optional `when`
  Parts,    ///< array of names
  Tensor,   ///< template of a checkpoint tensor's name
  Integer,
  Real,
  Boolean,
  Size,
  Choice,   ///< one of FieldInfo::choices
  Integers, ///< list
  Reals,    ///< list, or one number
};

struct FieldInfo {
  llvm::StringLiteral name;
  FieldKind kind;
  bool required = false;
  llvm::ArrayRef<llvm::StringLiteral> choices = {};
};

enum class OpKind {
  // Layers.
  Activation,
  Add,
  Attention,
  AttentionMap,
  ConcatColumns,
  ConcatRows,
  LayerNorm,
  Linear,
  Mul,
  Pool,
  Reshape,
  SliceColumns,
  SliceRows,
  Softmax,
  Transpose,
  Unfold,
  // Weights.
  Tensor,
  WeightAdd,
  WeightConcat,
  WeightConstant,
  WeightMatvec,
  WeightRepeat,
  WeightResample,
  WeightResampleKernel,
  WeightReshape,
  WeightScale,
  WeightSincos,
  WeightSlice,
  WeightTranspose,
};

struct OpInfo {
  llvm::StringLiteral name;
  OpKind kind;
  llvm::ArrayRef<FieldInfo> fields;

  const FieldInfo *find(llvm::StringRef field) const;
};

/// Ops of the graph and of weight expressions, each sorted by name.
llvm::ArrayRef<OpInfo> layerOps();
llvm::ArrayRef<OpInfo> weightOps();

/// {"tensor": ..., "shape": ...}: the leaf of weight expressions.
const OpInfo &tensorOp();

} // namespace vitc

#endif // VITC_MODELS_SPECOPS_H
