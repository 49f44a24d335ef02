//===- Describe.cpp - Sizes and costs of an imported graph ----------------===//

#include "models/Describe.h"
#include "dialect/Shapes.h"
#include "dialect/VitOps.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace vitc;

namespace {

uint64_t macsOf(mlir::Operation &op) {
  // Of two operands a product over `inner`: rows * inner * columns.
  auto scores = [](auto attention) {
    ArrayRef<int64_t> q = shapeOf(attention.getQuery());
    uint64_t keys = shapeOf(attention.getKey()).drop_front(q.size() - 2)[0];
    return SaturatingMultiply<uint64_t>(elementsOf(q), keys);
  };
  return TypeSwitch<mlir::Operation *, uint64_t>(&op)
      .Case([](vit::LinearOp linear) {
        return SaturatingMultiply<uint64_t>(
            elementsOf(shapeOf(linear.getInput())),
            shapeOf(linear.getWeight())[0]);
      })
      .Case([&](vit::AttentionOp attention) {
        uint64_t keys = shapeOf(attention.getKey()).drop_back().back();
        return SaturatingAdd<uint64_t>(
            scores(attention),
            SaturatingMultiply<uint64_t>(
                elementsOf(shapeOf(attention.getResult())), keys));
      })
      .Case([&](vit::AttentionMapOp map) { return scores(map); })
      .Default(uint64_t(0));
}

} // namespace

std::vector<Setting> vitc::describeSettings(const Spec &spec,
                                            DocumentEnvironment &document) {
  std::vector<Setting> settings;
  for (const Parameter &parameter : spec.parameters)
    if (std::optional<Datum> value = document.lookup(parameter.name))
      settings.push_back(
          {parameter.name, describeType(parameter),
           value->is(Datum::Kind::Name) ? value->name : value->print(),
           parameter.doc});
  return settings;
}

std::vector<ResampledTensor>
vitc::describeResampling(mlir::func::FuncOp function) {
  // The checkpoint's tensor that most of `value` comes from.
  auto nameOf = [](mlir::Value value) {
    while (mlir::Operation *op = value.getDefiningOp()) {
      if (auto tensor = dyn_cast<vit::WeightTensorOp>(op))
        return tensor.getName().str();
      if (op->getNumOperands() == 0)
        break;
      value = op->getOperand(0);
    }
    return std::string();
  };
  std::vector<ResampledTensor> result;
  for (mlir::Operation &op : function.getBody().front()) {
    if (auto table = dyn_cast<vit::WeightResampleOp>(op)) {
      ArrayRef<int64_t> in = shapeOf(table.getInput());
      ArrayRef<int64_t> out = shapeOf(table.getResult());
      result.push_back({nameOf(table.getInput()), in[0], in[1], out[0], out[1],
                        vit::stringifyFilter(table.getFilter()).str(),
                        table.getOffset().convertToDouble()});
    } else if (auto kernel = dyn_cast<vit::WeightResampleKernelOp>(op)) {
      ArrayRef<int64_t> in = shapeOf(kernel.getInput());
      ArrayRef<int64_t> out = shapeOf(kernel.getResult());
      result.push_back({nameOf(kernel.getInput()), in[2], in[3], out[2], out[3],
                        "pseudo-inverse of " +
                            vit::stringifyFilter(kernel.getFilter()).str()});
    }
  }
  return result;
}

std::string vitc::printResampled(const ResampledTensor &tensor) {
  std::string text =
      tensor.name + " from " +
      Datum::ofSize(tensor.fromRows, tensor.fromColumns).print() + " to " +
      Datum::ofSize(tensor.toRows, tensor.toColumns).print() + " (" +
      tensor.filter;
  if (tensor.offset != 0)
    text += ", offset " + Datum::ofReal(tensor.offset).print();
  return text + ")";
}

void vitc::describeLayers(mlir::func::FuncOp function,
                          ModelDescription &description) {
  DenseSet<mlir::Operation *> counted;
  // Parameters of the tensors below `value` that no layer before has used.
  auto parametersOf = [&](mlir::Value value) {
    uint64_t sum = 0;
    SmallVector<mlir::Value> worklist{value};
    while (!worklist.empty()) {
      mlir::Operation *op = worklist.pop_back_val().getDefiningOp();
      if (!op || !vit::isWeight(op->getResult(0)) || !counted.insert(op).second)
        continue;
      if (isa<vit::WeightTensorOp>(op))
        sum += elementsOf(shapeOf(op->getResult(0)));
      llvm::append_range(worklist, op->getOperands());
    }
    return sum;
  };

  for (mlir::Operation &op : function.getBody().front()) {
    if (op.getNumResults() != 1 || vit::isWeight(op.getResult(0)))
      continue;
    LayerSummary layer;
    if (auto name = dyn_cast<mlir::NameLoc>(op.getLoc()))
      layer.name = name.getName().str();
    layer.op = op.getName().stripDialect().str();
    layer.shape = shapeOf(op.getResult(0)).vec();
    layer.macs = macsOf(op);
    for (mlir::Value operand : op.getOperands())
      layer.parameters += parametersOf(operand);
    description.parameters += layer.parameters;
    description.macs = SaturatingAdd(description.macs, layer.macs);
    // The parts of a linear are one layer to a reader.
    LayerSummary *last =
        description.layers.empty() ? nullptr : &description.layers.back();
    if (last && last->name == layer.name && last->op == layer.op) {
      last->shape.back() += layer.shape.back();
      last->parameters += layer.parameters;
      last->macs = SaturatingAdd(last->macs, layer.macs);
    } else {
      description.layers.push_back(std::move(layer));
    }
  }
}
