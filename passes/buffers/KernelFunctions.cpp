//===- KernelFunctions.cpp - One function for each distinct kernel --------===//

#include "passes/buffers/KernelFunctions.h"
#include "passes/buffers/Layout.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/TypeSwitch.h"
#include <fmt/format.h>

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

static void collectNames(Location loc, SmallVectorImpl<StringRef> &names) {
  if (auto name = dyn_cast<NameLoc>(loc))
    names.push_back(name.getName());
  else if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : fused.getLocations())
      collectNames(part, names);
}

std::string vitc::nodeName(Location loc) {
  SmallVector<StringRef> names;
  collectNames(loc, names);
  if (names.empty())
    return "node";
  StringRef common = names[0];
  for (StringRef name : names)
    while (!name.starts_with(common))
      common = common.drop_back();
  common = common.rtrim('.');
  return (common.empty() ? names[0] : common).str();
}

MemRefType vitc::weightLayout(KernelOp kernel, unsigned index) {
  BlockArgument arg = kernel.getBody().front().getArgument(index);
  auto type = cast<RankedTensorType>(arg.getType());
  bool lanes = kernel.getKind() == KernelKind::Lanes;
  SmallVector<int64_t> shape(type.getShape());
  if (arg.hasOneUse()) {
    OpOperand &use = *arg.use_begin();
    if (auto linear = dyn_cast<LinearOp>(use.getOwner())) {
      int64_t outputs = linear.getWeight().getType().getDimSize(0);
      int64_t strip = lanes ? lanesPanel(outputs) : kStripColumns;
      if (linear.getWeight() == arg)
        return MemRefType::get({ceilDiv(shape[0], strip), shape[1], strip},
                               type.getElementType());
      if (linear.getBias() == arg)
        return MemRefType::get({roundUp(shape[0], strip)},
                               type.getElementType());
    }
  }
  // Lanes kernels read single numbers, the others whole vectors.
  if (!lanes)
    shape.back() = roundUp(shape.back(), kLaneCount);
  return MemRefType::get(shape, type.getElementType());
}

StringRef vitc::weightRole(KernelOp kernel, unsigned index) {
  BlockArgument arg = kernel.getBody().front().getArgument(index);
  Operation *user = arg.use_empty() ? nullptr : *arg.user_begin();
  return llvm::TypeSwitch<Operation *, StringRef>(user)
      .Case([&](LinearOp op) {
        return op.getWeight() == arg ? "weight"
               : op.getBias() == arg ? "bias"
                                     : "residual";
      })
      .Case([&](LayerNormOp op) {
        return op.getScale() == arg ? "scale" : "shift";
      })
      .Default([](Operation *) { return "table"; });
}

int64_t vitc::countMacs(Operation *op) {
  auto scores = [](RankedTensorType q, RankedTensorType k) {
    return q.getNumElements() * k.getDimSize(k.getRank() - 2);
  };
  return llvm::TypeSwitch<Operation *, int64_t>(op)
      .Case([](LinearOp linear) {
        return linear.getType().getNumElements() *
               linear.getWeight().getType().getDimSize(1);
      })
      .Case([&](AttentionOp attention) {
        RankedTensorType keys = attention.getKey().getType();
        return scores(attention.getQuery().getType(), keys) +
               scores(attention.getType(), keys);
      })
      .Case([&](AttentionMapOp map) {
        return scores(map.getQuery().getType(), map.getKey().getType());
      })
      .Default(int64_t(0));
}

/// True if the body treats rows of rank 2 one by one.
static bool hasIndependentRows(KernelOp kernel) {
  if (kernel.getKind() != KernelKind::Linear &&
      kernel.getKind() != KernelKind::Rows)
    return false;
  return kernel.getBody().front().getOps<UnfoldOp>().empty();
}

/// The buffers' types with images and rows as one dimension, or nothing where
/// a table of the weights belongs to the rows or the rows aren't evenly spaced.
static std::optional<SmallVector<Type>> flatTypes(KernelOp kernel,
                                                  ArrayRef<Value> buffers) {
  if (!hasIndependentRows(kernel))
    return std::nullopt;
  SmallVector<Type> types;
  for (auto [index, buffer] : llvm::enumerate(buffers)) {
    auto type = cast<MemRefType>(buffer.getType());
    bool weight = index < kernel.getInputs().size() &&
                  isWeight(kernel.getInputs()[index]);
    if (weight && type.getRank() == 2)
      return std::nullopt;
    types.push_back(weight ? type : flattenRows(type));
    if (!types.back())
      return std::nullopt;
  }
  return types;
}

/// Makes `body` speak of one row.
static void useOneRow(KernelOp kernel, ValueRange inputs, Block &body) {
  auto shrink = [](Value value) {
    auto type = cast<RankedTensorType>(value.getType());
    if (type.getRank() == 2)
      value.setType(type.clone({1, type.getDimSize(1)}));
  };
  for (auto [input, arg] : llvm::zip(inputs, body.getArguments()))
    if (!isWeight(input))
      shrink(arg);
  for (Operation &op : body.without_terminator())
    for (Value result : op.getResults())
      shrink(result);
}

static std::string kernelName(KernelOp kernel) {
  std::string name = stringifyKernelKind(kernel.getKind()).str();
  auto shape = [](RankedTensorType type) {
    std::string text;
    for (int64_t size : type.getShape())
      text += (text.empty() ? "" : "x") + std::to_string(size);
    return text;
  };
  for (Operation &op : kernel.getBody().front()) {
    if (auto linear = dyn_cast<LinearOp>(op);
        linear && kernel.getKind() == KernelKind::Linear)
      return fmt::format("{}_{}x{}", name,
                         linear.getWeight().getType().getDimSize(1),
                         linear.getWeight().getType().getDimSize(0));
  }
  auto yield = cast<YieldOp>(kernel.getBody().front().getTerminator());
  return name + "_" +
         shape(cast<RankedTensorType>(yield.getValues()[0].getType()));
}

func::FuncOp KernelFunctions::getOrCreate(KernelOp kernel,
                                          ArrayRef<Value> buffers) {
  OpBuilder builder(module.getContext());
  Location loc = builder.getUnknownLoc();
  SmallVector<Type> types = llvm::map_to_vector(
      buffers, [](Value buffer) { return buffer.getType(); });
  std::optional<SmallVector<Type>> flat = flatTypes(kernel, buffers);
  if (flat)
    types = *flat;
  unsigned inputs = kernel.getInputs().size();
  SmallVector<Type> arguments(types);
  // The worker's scratch, then first and last row, first and last column.
  arguments.push_back(
      MemRefType::get({ShapedType::kDynamic}, builder.getF32Type()));
  arguments.append(4, builder.getIndexType());

  auto func = func::FuncOp::create(loc, "kernel",
                                   builder.getFunctionType(arguments, {}));
  builder.setInsertionPointToStart(func.addEntryBlock());
  ValueRange args = func.getArguments();
  auto copy = KernelOp::create(
      builder, loc, TypeRange(), kernel.getKindAttr(), args.take_front(inputs),
      args.slice(inputs, types.size() - inputs), TileAttr());
  IRMapping map;
  kernel.getBody().cloneInto(&copy.getBody(), map);
  if (flat)
    useOneRow(copy, kernel.getInputs(), copy.getBody().front());
  copy->walk([&](Operation *op) { op->setLoc(loc); });
  func::ReturnOp::create(builder, loc);

  std::string body;
  llvm::raw_string_ostream os(body);
  func.print(os, OpPrintingFlags().useLocalScope());
  func::FuncOp &known = byBody[body];
  if (known) {
    func.erase();
    return known;
  }
  std::string name = kernelName(kernel);
  if (unsigned count = nameCounts[name]++)
    name += "_v" + std::to_string(count + 1);
  func.setName(name);
  func.setPrivate();
  module.push_back(func);
  return known = func;
}

void KernelFunctions::addStep(OpBuilder &builder, KernelOp kernel,
                              ArrayRef<Value> buffers) {
  func::FuncOp func = getOrCreate(kernel, buffers);
  auto out = cast<MemRefType>(buffers.back().getType());
  int64_t rows = out.getDimSize(1), columns = 1, macs = 0;
  for (Operation &op : kernel.getBody().front()) {
    macs += countMacs(&op);
    if (auto linear = dyn_cast<LinearOp>(op);
        linear && kernel.getKind() == KernelKind::Linear)
      columns =
          ceilDiv(linear.getWeight().getType().getDimSize(0), kPanelColumns);
    if (auto attention = dyn_cast<AttentionOp>(op);
        attention && kernel.getKind() == KernelKind::Attention)
      columns = attention.getHeads();
    if (auto map = dyn_cast<AttentionMapOp>(op);
        map && kernel.getKind() == KernelKind::Attention) {
      columns = map.getHeads();
      rows = map.getQuery().getType().getDimSize(0);
    }
    if (isa<TransposeOp>(op))
      rows = ceilDiv(rows, kLaneCount);
  }
  StepOp::create(builder, kernel.getLoc(), func.getName(),
                 nodeName(kernel.getLoc()), buffers, rows, /*grain=*/1, columns,
                 macs);
}
