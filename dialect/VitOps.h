//===- VitOps.h - Attributes and ops of the vit dialect --------*- C++ -*-===//

#ifndef VITC_DIALECT_VITOPS_H
#define VITC_DIALECT_VITOPS_H

#include "dialect/VitDialect.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/VitEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/VitAttrs.h.inc"

namespace vitc::vit {
/// Most pixels of a side of a window, of its stride and of a resampled patch
/// kernel: far beyond any patch, and channels times a window's area fit into 64
/// bits.
constexpr int64_t kMaxWindow = 4096;

/// Most patches along a side of a grid: their product, with a prefix of as
/// many rows, fits into 64 bits.
constexpr int64_t kMaxGridSide = 65535;

/// Fails unless every operand of `op` is known when weights are packed.
llvm::LogicalResult verifyWeightOperands(mlir::Operation *op);

/// Marks the ops that packing evaluates; see VitWeightOps.td.
template <typename ConcreteType>
class WeightTrait : public mlir::OpTrait::TraitBase<ConcreteType, WeightTrait> {
public:
  static llvm::LogicalResult verifyTrait(mlir::Operation *op) {
    return verifyWeightOperands(op);
  }
};

/// True if `value` is known when the weights are packed.
inline bool isWeight(mlir::Value value) {
  mlir::Operation *op = value.getDefiningOp();
  return op && op->hasTrait<WeightTrait>();
}
} // namespace vitc::vit

#define GET_OP_CLASSES
#include "dialect/VitOps.h.inc"

#endif // VITC_DIALECT_VITOPS_H
