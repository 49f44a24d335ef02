//===- WeightsLayout.cpp - Where packed weights lie in the file -----------===//

#include "models/WeightsLayout.h"

#include "models/MessageText.h"
#include "vitc/model.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mlir;
using namespace vitc;

namespace {

/// The weight ops above some values, each once, operands first.
class WeightOps {
public:
  /// Adds the ops that `value` needs, which its verifier knows to be weight
  /// ops.
  void add(Value value) {
    Operation *op = value.getDefiningOp();
    if (ops.contains(op))
      return;
    for (Value operand : op->getOperands())
      add(operand);
    ops.insert(op);
  }
  ArrayRef<Operation *> list() const { return ops.getArrayRef(); }
  size_t number(Operation *op) const {
    return std::distance(ops.begin(), llvm::find(ops, op));
  }

private:
  llvm::SetVector<Operation *> ops;
};

/// A text that says how the result of `pack` follows from the checkpoint.
void printRecipe(raw_ostream &os, vit::PackOp pack, const WeightOps &ops) {
  for (Operation *op : ops.list()) {
    os << op->getName() << '(';
    interleaveComma(op->getOperands(), os, [&](Value operand) {
      os << ops.number(operand.getDefiningOp());
    });
    os << ')' << op->getAttrDictionary() << op->getResult(0).getType();
    // As text, arrays of numbers lose digits.
    for (NamedAttribute attribute : op->getAttrs())
      if (auto numbers = dyn_cast<DenseF64ArrayAttr>(attribute.getValue()))
        for (double number : numbers.asArrayRef())
          os << ' ' << utohexstr(llvm::bit_cast<uint64_t>(number));
    os << '\n';
  }
  os << pack.getResult().getType() << '\n';
}

} // namespace

Expected<WeightsLayout> vitc::readWeightsLayout(func::FuncOp model) {
  auto dataOffset =
      model->getAttrOfType<IntegerAttr>("vit.weights_data_offset");
  auto fileBytes = model->getAttrOfType<IntegerAttr>("vit.weights_bytes");
  if (!dataOffset || !fileBytes)
    return createStringError("expected function '" + model.getName().str() +
                             "' to have passed vit-plan-weights");
  WeightsLayout layout;
  layout.dataOffset = static_cast<uint64_t>(dataOffset.getInt());
  layout.fileBytes = static_cast<uint64_t>(fileBytes.getInt());
  auto packs = llvm::to_vector(model.getOps<vit::PackOp>());
  uint64_t nameOffset =
      sizeof(vitc_weights_header) + packs.size() * sizeof(vitc_weights_entry);
  uint64_t offset = layout.dataOffset;
  std::string recipes;
  raw_string_ostream os(recipes);
  for (vit::PackOp pack : packs) {
    auto name = pack->getAttrOfType<StringAttr>("vit.name");
    if (!name || pack.getOffset() != static_cast<int64_t>(offset))
      return createStringError(
          "expected vit.pack " + quoteName(name ? name.getValue() : "") +
          " with a name and offset " + std::to_string(offset));
    WeightOps ops;
    ops.add(pack.getWeight());
    os << offset << '\n';
    printRecipe(os, pack, ops);
    auto type = cast<MemRefType>(pack.getResult().getType());
    uint64_t bytes = type.getNumElements() * sizeof(float);
    layout.weights.push_back({pack, name.str(), nameOffset, offset, bytes});
    nameOffset += name.size() + 1;
    offset = alignTo(offset + bytes, VITC_ALIGNMENT);
  }
  if (layout.dataOffset % VITC_ALIGNMENT || nameOffset > layout.dataOffset ||
      offset != layout.fileBytes)
    return createStringError("expected weights from a multiple of " +
                             std::to_string(VITC_ALIGNMENT) +
                             " that is at least " + std::to_string(nameOffset) +
                             " up to " + std::to_string(offset) + ", found " +
                             std::to_string(layout.dataOffset) + " and " +
                             std::to_string(layout.fileBytes));
  layout.hash = SHA256::hash(arrayRefFromStringRef(recipes));
  return layout;
}
