//===- VitDialect.h - The vit dialect --------------------------*- C++ -*-===//

#ifndef VITC_DIALECT_VITDIALECT_H
#define VITC_DIALECT_VITDIALECT_H

#include "mlir/IR/Dialect.h"

#include "dialect/VitDialect.h.inc"

#endif // VITC_DIALECT_VITDIALECT_H
