//===- ElaborateTensors.cpp - Names of the graph to those of a checkpoint -===//
//
// A spec's rules may spell a tensor otherwise, or compute it from others.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitOps.h"
#include "models/Elaborator.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace llvm;
using namespace vitc;
using mlir::Value;

Value Elaborator::tensor(const NodeContext &node, StringRef name,
                         ArrayRef<int64_t> shape) {
  if (!inRule)
    for (const TensorRule &rule : spec.tensors)
      if (auto found = rule.pattern.match(name))
        return ruledTensor(node, rule, *found, shape);
  return checkpointTensor(node, name, shape);
}

Value Elaborator::ruledTensor(const NodeContext &node, const TensorRule &rule,
                              ArrayRef<std::string> found,
                              ArrayRef<int64_t> shape) {
  Frame frame{node.frame.path, BlockEnvironment(document), {}};
  frame.environment.locals["path"] = Datum::ofName(frame.path);
  frame.environment.locals["name"] = Datum::ofName(node.name);
  for (auto [placeholder, text] : zip(rule.pattern.placeholders, found)) {
    int64_t number;
    bool isNumber = !StringRef(text).getAsInteger(10, number);
    frame.environment.locals[placeholder] =
        isNumber ? Datum::ofInteger(number) : Datum::ofName(text);
  }
  if (rule.rename) {
    std::optional<std::string> name = rule.rename->evaluate(frame.environment);
    return name ? checkpointTensor(node, *name, shape) : nullptr;
  }
  llvm::SaveAndRestore names(inRule, true);
  Value value = expression({frame, *rule.weight, node.name, node.location},
                           Expected(shape.vec()));
  if (!value || shapeOf(value) == shape)
    return value;
  rule.json->error(errors, "expected a weight of shape " + formatShape(shape) +
                               ", found " + formatShape(shapeOf(value)));
  return nullptr;
}

Value Elaborator::checkpointTensor(const NodeContext &node, StringRef name,
                                   ArrayRef<int64_t> shape) {
  auto resultType = type(node, shape);
  if (!resultType)
    return nullptr;
  auto [entry, isNew] = tensors.try_emplace(name);
  if (isNew) {
    entry->second = {
        vit::WeightTensorOp::create(builder, node.location, *resultType, name),
        node.op.json};
  } else if (shapeOf(entry->second.value) != shape) {
    auto [line, column] =
        entry->second.json->source->lineColumn(entry->second.json->begin);
    node.op.json->error(errors, "expected tensor " + quoteName(name) +
                                    " to have one shape, found " +
                                    formatShape(shape) + " here and " +
                                    formatShape(shapeOf(entry->second.value)) +
                                    " at line " + Twine(line));
    return nullptr;
  }
  return entry->second.value;
}

Value Elaborator::tensorOf(const NodeContext &node, const Expected &expected) {
  const FieldSpec *name = node.op.find("tensor");
  Expected shape = expected;
  if (node.op.find("shape")) {
    shape = integers(node, "shape");
    if (!shape)
      return nullptr;
  }
  if (!shape) {
    node.op.json->error(errors, "expected the key 'shape': it does not follow "
                                "from the context");
    return nullptr;
  }
  std::optional<std::string> text;
  if (name && name->name)
    text = name->name->evaluate(node.frame.environment);
  if (!text)
    return nullptr;
  if (text->empty() ||
      any_of(*text, [](unsigned char c) { return c <= ' ' || c == 0x7f; })) {
    error(node, "tensor",
          "expected a tensor's name without spaces and control characters, "
          "found " +
              quoteName(*text));
    return nullptr;
  }
  return tensor(node, *text, *shape);
}
