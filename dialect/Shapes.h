//===- Shapes.h - Questions about shapes ------------------------*- C++ -*-===//

#ifndef VITC_DIALECT_SHAPES_H
#define VITC_DIALECT_SHAPES_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"

namespace vitc {

inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getShape();
}

/// The elements of `shape`, or of a part of one; 1 without dimensions.
inline int64_t elementsOf(llvm::ArrayRef<int64_t> shape) {
  return mlir::ShapedType::getNumElements(shape);
}

/// True if `part` is `whole` or its trailing dimensions.
inline bool isTrailing(llvm::ArrayRef<int64_t> part,
                       llvm::ArrayRef<int64_t> whole) {
  return part.size() <= whole.size() && part == whole.take_back(part.size());
}

} // namespace vitc

#endif // VITC_DIALECT_SHAPES_H
