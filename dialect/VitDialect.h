//===- VitDialect.h - The vit dialect --------------------------*- C++ -*-===//

#ifndef VITC_DIALECT_VITDIALECT_H
#define VITC_DIALECT_VITDIALECT_H

#include "mlir/IR/BuiltinTypeInterfaces.h"
#include "mlir/IR/Dialect.h"

#include "dialect/VitDialect.h.inc"

namespace vitc::vit {
/// True if no static dimension is empty and all of them together hold at most
/// 2^32 elements: products of two such counts with a small factor still fit
/// into 64 bits. The strides and the offset of a buffer have the same limit.
bool isBounded(mlir::ShapedType type);
} // namespace vitc::vit

#endif // VITC_DIALECT_VITDIALECT_H
