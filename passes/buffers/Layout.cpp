//===- Layout.cpp - How tensors lie in memory -----------------------------===//

#include "passes/buffers/Layout.h"

using namespace mlir;

int64_t vitc::paddedRow(int64_t columns) {
  constexpr int64_t line = kAlignment / 4, page = 4096 / 4;
  int64_t padded = roundUp(columns, line);
  return padded % page ? padded : padded + line;
}

int64_t vitc::lanesPanel(int64_t outputs) {
  for (int64_t panel : {6, 5, 4})
    if (outputs % panel == 0)
      return panel;
  return 6;
}

static MemRefType strided(ArrayRef<int64_t> shape, ArrayRef<int64_t> strides,
                          Type element) {
  auto layout = StridedLayoutAttr::get(element.getContext(), 0, strides);
  return MemRefType::get(shape, element, layout);
}

MemRefType vitc::rowsLayout(RankedTensorType type) {
  int64_t rows = type.getDimSize(0), columns = type.getDimSize(1);
  int64_t stride = paddedRow(columns);
  return strided({ShapedType::kDynamic, rows, columns},
                 {rows * stride, stride, 1}, type.getElementType());
}

MemRefType vitc::lanesLayout(RankedTensorType type) {
  int64_t units = type.getDimSize(0);
  return MemRefType::get({ShapedType::kDynamic, ceilDiv(units, kLaneCount),
                          type.getNumElements() / units, kLaneCount},
                         type.getElementType());
}

MemRefType vitc::denseLayout(RankedTensorType type) {
  SmallVector<int64_t> shape(type.getShape());
  shape.insert(shape.begin(), ShapedType::kDynamic);
  if (type.getRank() != 2)
    return MemRefType::get(shape, type.getElementType());
  // Strides spelt out: outputs and buffers then compare equal.
  return strided(shape, {shape[1] * shape[2], shape[2], 1},
                 type.getElementType());
}

MemRefType vitc::flattenRows(MemRefType type) {
  if (type.getRank() != 3)
    return {};
  auto [strides, offset] = type.getStridesAndOffset();
  int64_t rows = type.getDimSize(1);
  if (rows != 1 && strides[0] != rows * strides[1])
    return {};
  return strided({ShapedType::kDynamic, type.getDimSize(2)},
                 {rows == 1 ? strides[0] : strides[1], 1},
                 type.getElementType());
}

int64_t vitc::imageBytes(MemRefType type) {
  auto [strides, offset] = type.getStridesAndOffset();
  return strides[0] * type.getElementTypeBitWidth() / 8;
}
