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

/// No weights file is larger; sums of sizes below it cannot overflow.
constexpr uint64_t maxFileBytes = uint64_t(1) << 48;

/// The weight ops above some values, each once, operands first.
class WeightOps {
public:
  /// Adds the ops that `value` needs; fails if one is not a weight op.
  LogicalResult add(Value value) {
    if (!vit::isWeight(value))
      return failure();
    Operation *op = value.getDefiningOp();
    if (ops.contains(op))
      return success();
    for (Value operand : op->getOperands())
      if (failed(add(operand)))
        return failure();
    ops.insert(op);
    return success();
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

/// The size of a packed weight; none if its type is not one that can be packed.
std::optional<uint64_t> packedBytes(vit::PackOp pack) {
  auto type = cast<MemRefType>(pack.getResult().getType());
  if (!type.hasStaticShape() || !type.getLayout().isIdentity() ||
      !type.getElementType().isF32())
    return std::nullopt;
  uint64_t bytes = 4;
  for (int64_t length : type.getShape())
    if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(length), &bytes) ||
        bytes > maxFileBytes)
      return std::nullopt;
  return bytes;
}

} // namespace

FailureOr<WeightsLayout> vitc::layOutWeights(func::FuncOp model) {
  WeightsLayout layout;
  std::string recipes;
  raw_string_ostream os(recipes);
  uint64_t nameBytes = 0;
  WalkResult result = model.walk([&](vit::PackOp pack) {
    WeightOps ops;
    if (failed(ops.add(pack.getWeight()))) {
      pack.emitOpError() << "expects a value that weight ops alone compute";
      return WalkResult::interrupt();
    }
    std::optional<uint64_t> bytes = packedBytes(pack);
    if (!bytes) {
      pack.emitOpError() << "expects a result of f32 with a static identity "
                            "layout of at most 2^48 bytes, got "
                         << pack.getResult().getType();
      return WalkResult::interrupt();
    }
    std::string name = nameFor(ops);
    printRecipe(os, pack, ops);
    layout.weights.push_back({pack, name, nameBytes, 0, *bytes});
    nameBytes += name.size() + 1;
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();

  uint64_t namesBegin = sizeof(vitc_weights_header) +
                        layout.weights.size() * sizeof(vitc_weights_entry);
  layout.dataOffset = alignTo(namesBegin + nameBytes, VITC_ALIGNMENT);
  uint64_t offset = layout.dataOffset;
  for (PackedWeight &weight : layout.weights) {
    weight.nameOffset += namesBegin;
    weight.offset = offset;
    offset = alignTo(offset + weight.bytes, VITC_ALIGNMENT);
    os << weight.offset << '\n';
    if (offset > maxFileBytes) {
      weight.op.emitOpError() << "makes the weights larger than 2^48 bytes";
      return failure();
    }
  }
  layout.fileBytes = offset;
  layout.hash = SHA256::hash(arrayRefFromStringRef(recipes));
  return layout;
}
