//===- VitDialect.cpp - Registration of the vit dialect -------------------===//

#include "dialect/VitDialect.h"
#include "dialect/VitOps.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace vitc::vit;

#include "dialect/VitDialect.cpp.inc"
#include "dialect/VitEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/VitAttrs.cpp.inc"

void VitDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/VitAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/VitOps.cpp.inc"
      >();
}
