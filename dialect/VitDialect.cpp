//===- VitDialect.cpp - Registration of the vit dialect -------------------===//

#include "dialect/VitDialect.h"
#include "dialect/VitOps.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace vitc::vit;

static constexpr int64_t maxElements = int64_t(1) << 32;
static constexpr int64_t maxTile = 65536;

LogicalResult TileAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               int64_t vector, int64_t rows, int64_t columns,
                               int64_t block, int64_t depth, bool packed) {
  for (int64_t size : {vector, rows, columns, block, depth ? depth : 1})
    if (size <= 0 || size > maxTile)
      return emitError() << "expects tile sizes from 1 to " << maxTile
                         << ", got " << size;
  return success();
}

bool vitc::vit::isBounded(ShapedType type) {
  int64_t elements = 1;
  for (int64_t size : type.getShape()) {
    if (ShapedType::isDynamic(size))
      continue;
    if (size <= 0 || size > maxElements / elements)
      return false;
    elements *= size;
  }
  auto buffer = dyn_cast<MemRefType>(type);
  SmallVector<int64_t> strides;
  int64_t offset;
  if (!buffer || failed(buffer.getStridesAndOffset(strides, offset)))
    return true;
  strides.push_back(offset);
  return llvm::all_of(strides, [](int64_t stride) {
    return ShapedType::isDynamic(stride) ||
           (stride >= 0 && stride <= maxElements);
  });
}

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
