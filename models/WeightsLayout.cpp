//===- WeightsLayout.cpp - Where packed weights lie in the file -----------===//

#include "models/WeightsLayout.h"

#include "vitc/model.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
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

/// The names of the checkpoint's tensors among `ops`.
std::string nameFor(const WeightOps &ops) {
  llvm::SetVector<StringRef> names;
  for (Operation *op : ops.list())
    if (auto tensor = dyn_cast<vit::WeightTensorOp>(op))
      names.insert(tensor.getName());
  return names.empty() ? "constant" : join(names, "+");
}

/// A text that says how the result of `pack` follows from the checkpoint.
void printRecipe(raw_ostream &os, vit::PackOp pack, const WeightOps &ops) {
  for (Operation *op : ops.list()) {
    os << op->getName() << '(';
    interleaveComma(op->getOperands(), os, [&](Value operand) {
      os << ops.number(operand.getDefiningOp());
    });
    os << ')' << op->getAttrDictionary() << op->getResult(0).getType() << '\n';
  }
  os << pack.getResult().getType() << '\n';
}

} // namespace

WeightsLayout vitc::layOutWeights(func::FuncOp model) {
  WeightsLayout layout;
  std::string recipes;
  raw_string_ostream os(recipes);
  uint64_t nameBytes = 0;
  model.walk([&](vit::PackOp pack) {
    WeightOps ops;
    ops.add(pack.getWeight());
    printRecipe(os, pack, ops);
    uint64_t bytes =
        cast<MemRefType>(pack.getResult().getType()).getNumElements() *
        sizeof(float);
    layout.weights.push_back({pack, nameFor(ops), nameBytes, 0, bytes});
    nameBytes += layout.weights.back().name.size() + 1;
  });

  uint64_t namesBegin = sizeof(vitc_weights_header) +
                        layout.weights.size() * sizeof(vitc_weights_entry);
  layout.dataOffset = alignTo(namesBegin + nameBytes, VITC_ALIGNMENT);
  uint64_t offset = layout.dataOffset;
  for (PackedWeight &weight : layout.weights) {
    weight.nameOffset += namesBegin;
    weight.offset = offset;
    os << weight.offset << '\n';
    offset = alignTo(offset + weight.bytes, VITC_ALIGNMENT);
  }
  layout.fileBytes = offset;
  layout.hash = SHA256::hash(arrayRefFromStringRef(recipes));
  return layout;
}
