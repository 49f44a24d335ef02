//===- Elaborator.cpp - Nodes, blocks and repetitions ---------------------===//

#include "models/Elaborator.h"
#include "dialect/VitOps.h"
#include "models/NearestName.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

using namespace llvm;
using namespace vitc;

namespace {

constexpr int64_t maxRepeat = 1024;
constexpr size_t maxNodes = 50000;
/// Work of a call: its names and scopes, whatever is in the block.
constexpr uint64_t callWork = 50;

std::string joined(StringRef path, StringRef name) {
  return path.empty() ? name.str() : (path + "." + name).str();
}

} // namespace

Elaborator::Elaborator(const Spec &spec, DocumentEnvironment &document,
                       mlir::OpBuilder &builder)
    : spec(spec), document(document), errors(document.errors),
      builder(builder) {}

mlir::Location Elaborator::location(StringRef name, const JsonValue &json) {
  auto [line, column] = json.source->lineColumn(json.begin);
  mlir::MLIRContext *context = builder.getContext();
  return mlir::NameLoc::get(
      mlir::StringAttr::get(context, name),
      mlir::FileLineColLoc::get(context, json.source->name, line, column));
}

void Elaborator::run(mlir::Value image) {
  Frame frame{"", BlockEnvironment(document), {}};
  values[spec.input.name] = {image ? GraphValue::Ready : GraphValue::Faulty,
                             image};
  for (const NodeSpec &item : spec.graph)
    node(item, frame);
}

mlir::Value Elaborator::output(const OutputSpec &output,
                               const std::string &name,
                               std::optional<int64_t> index) {
  Frame frame{"", BlockEnvironment(document), {}};
  if (index)
    frame.environment.locals[output.index] = Datum::ofInteger(*index);
  std::optional<std::string> value;
  if (output.value) {
    value = output.value->evaluate(frame.environment);
  } else if (output.call) {
    value = "outputs." + name;
    call(*output.call, *value, frame);
  }
  const JsonValue &json = output.value ? *output.value->json : *output.json;
  return value ? resolve(*value, frame, json).value : nullptr;
}

void Elaborator::hoist(mlir::Operation *last) {
  llvm::SmallSetVector<mlir::Operation *, 8> built;
  for (mlir::Operation *op = last->getNextNode(); op; op = op->getNextNode())
    built.insert(op);
  mlir::Operation *anchor = nullptr;
  for (mlir::Operation *op : built)
    for (mlir::Value operand : op->getOperands()) {
      mlir::Operation *reader = operand.getDefiningOp();
      if (!reader || vit::isWeight(operand) || built.contains(reader))
        continue;
      for (mlir::Operation *user : operand.getUsers())
        if (!built.contains(user) && (reader == operand.getDefiningOp() ||
                                      user->isBeforeInBlock(reader)))
          reader = user;
      if (!anchor || anchor->isBeforeInBlock(reader))
        anchor = reader;
    }
  if (!anchor)
    return;
  for (mlir::Operation *op : built) {
    // A tensor of the checkpoint may first have been read by what is behind.
    for (mlir::Value operand : op->getOperands()) {
      mlir::Operation *tensor = operand.getDefiningOp();
      if (tensor && isa<vit::WeightTensorOp>(tensor) &&
          anchor->isBeforeInBlock(tensor))
        tensor->moveBefore(anchor);
    }
    op->moveAfter(anchor);
    anchor = op;
  }
}

std::optional<bool> Elaborator::isPresent(const std::optional<Expression> &when,
                                          Environment &environment) {
  if (!when)
    return true;
  std::optional<Datum> value =
      when->evaluateAs(Datum::Kind::Boolean, environment);
  return value ? std::optional(value->boolean) : std::nullopt;
}

void Elaborator::define(const std::string &name, GraphValue value,
                        const JsonValue &json) {
  auto [entry, isNew] = values.try_emplace(name, value);
  if (!isNew && entry->second.value != value.value)
    json.error(errors, "the name " + quoteName(name) + " is used twice");
}

GraphValue Elaborator::resolve(const std::string &name, Frame &frame,
                               const JsonValue &json) {
  auto local = frame.inputs.find(name);
  if (local != frame.inputs.end())
    return local->second;
  auto found = values.find(joined(frame.path, name));
  // What is inside of something faulty is, too.
  for (StringRef outer = name; found == values.end() && !outer.empty();) {
    outer = outer.rsplit('.').first;
    auto entry = values.find(joined(frame.path, outer));
    if (entry != values.end() && entry->second.state == GraphValue::Faulty)
      return {};
    if (!outer.contains('.'))
      break;
  }
  if (found == values.end()) {
    std::vector<std::string> names;
    if (!errors.isFull() && document.spend(values.size())) {
      for (const auto &entry : frame.inputs)
        names.push_back(entry.first().str());
      std::string prefix = joined(frame.path, "");
      for (const auto &entry : values)
        if (entry.first().starts_with(prefix))
          names.push_back(entry.first().drop_front(prefix.size()).str());
      llvm::sort(names);
    }
    json.error(errors, "unknown value " + quoteName(name) +
                           suggestNearest(name, names));
    return {};
  }
  if (found->second.state == GraphValue::Absent)
    json.error(errors, quoteName(name) + " is absent: its 'when' is false");
  if (found->second.state == GraphValue::InParts)
    json.error(errors, quoteName(name) + " has parts: expected one of them, " +
                           "such as " + quoteName(name + ".PART"));
  return found->second;
}

GraphValue Elaborator::operand(const OperandSpec &operand, Frame &frame,
                               const std::string &node,
                               mlir::Location location) {
  if (operand.value) {
    std::optional<std::string> value =
        operand.value->evaluate(frame.environment);
    return value ? resolve(*value, frame, *operand.json) : GraphValue();
  }
  frame.environment.locals["path"] = Datum::ofName(frame.path);
  frame.environment.locals["name"] = Datum::ofName(node);
  NodeContext context{frame, *operand.weight, node, location};
  mlir::Value value = expression(context, std::nullopt);
  return {value ? GraphValue::Ready : GraphValue::Faulty, value};
}

void Elaborator::node(const NodeSpec &node, Frame &frame) {
  if (!document.spend(8))
    return;
  std::string name = joined(frame.path, node.name);
  std::optional<bool> present = isPresent(node.when, frame.environment);
  if (!present)
    return define(name, {}, *node.json);
  if (!*present)
    return skip(node, name, frame);
  if (node.call)
    return call(node, name, frame);
  if (++nodes > maxNodes) {
    spec.json->error(errors, "expected at most " + Twine(maxNodes) +
                                 " nodes in the unrolled graph");
    document.spend(UINT64_MAX);
    return;
  }
  GraphValue result;
  if (node.op) {
    frame.environment.locals["path"] = Datum::ofName(frame.path);
    frame.environment.locals["name"] = Datum::ofName(name);
    result.value = layer({frame, *node.op, name, location(name, *node.json)});
    if (result.value)
      result.state = GraphValue::Ready;
    else if (values.count(name + ".")) // the mark of linearParts
      result.state = GraphValue::InParts;
  }
  define(name, result, *node.json);
}

void Elaborator::skip(const NodeSpec &node, const std::string &name,
                      Frame &frame) {
  // An absent node stands for its input.
  mlir::Location where = location(name, *node.json);
  if (node.op) {
    const FieldSpec *input = node.op->find("input");
    if (!input || input->operands.empty())
      return define(name, {GraphValue::Absent, nullptr}, *node.json);
    GraphValue value = operand(input->operands[0], frame, name, where);
    if (const FieldSpec *parts = node.op->find("parts"))
      for (const std::string &part : parts->parts)
        define(joined(name, part), value, *node.json);
    return define(name, value, *node.json);
  }
  if (node.call)
    for (const auto &[label, input] : node.call->inputs)
      define(label.empty() ? name : joined(name, label),
             operand(input, frame, name, where), *node.json);
}

const BlockSpec *Elaborator::choose(const CallSpec &call, const JsonValue &json,
                                    Environment &environment) {
  for (const BlockChoice &choice : call.choices) {
    std::optional<bool> applies = isPresent(choice.when, environment);
    if (!applies)
      return nullptr;
    if (*applies) {
      auto block = spec.blocks.find(choice.block);
      return block == spec.blocks.end() || block->second.isRecursive
                 ? nullptr
                 : &block->second;
    }
  }
  json.error(errors, "none of the blocks applies: add one without 'when'");
  return nullptr;
}

void Elaborator::body(const BlockSpec &block, Frame &frame,
                      StringMap<GraphValue> &outputs) {
  for (const NodeSpec &item : block.graph)
    node(item, frame);
  for (const auto &[label, output] : block.outputs)
    outputs[label] =
        operand(output, frame, frame.path, location(frame.path, *output.json));
}

void Elaborator::call(const NodeSpec &node, const std::string &name,
                      Frame &frame) {
  const CallSpec &call = *node.call;
  int64_t count = 1;
  if (call.repeat) {
    std::optional<Datum> repeat =
        call.repeat->evaluateAs(Datum::Kind::Integer, frame.environment);
    count = repeat ? repeat->integer : 0;
    if (count < 0 || count > maxRepeat) {
      call.repeat->json->error(errors, "expected 0 to " + Twine(maxRepeat) +
                                           " repetitions, found " +
                                           Twine(count));
      count = 0;
    }
  }

  StringMap<GraphValue> current;
  for (const auto &[label, input] : call.inputs)
    current[label] = operand(input, frame, name, location(name, *input.json));

  for (int64_t i = 0; i < count; ++i) {
    BlockEnvironment caller = frame.environment;
    if (!call.index.empty())
      caller.locals[call.index] = Datum::ofInteger(i);
    const BlockSpec *block = choose(call, *node.json, caller);
    std::string path = call.repeat ? joined(name, std::to_string(i)) : name;
    Frame inner{path, BlockEnvironment(document), {}};
    StringMap<GraphValue> outputs;
    bool fits = block && block->inputs.size() == current.size() &&
                !block->outputs.empty();
    if (!fits)
      return define(name, {}, *node.json);
    for (const auto &[label, value] : call.with)
      if (is_contained(block->arguments, label))
        if (std::optional<Datum> argument = value.evaluate(caller))
          inner.environment.locals[label] = *argument;
    for (const auto &[label, value] : current)
      inner.inputs[label.empty() ? block->inputs[0] : label.str()] = value;
    body(*block, inner, outputs);
    // With a single value it does not matter whether it has a name.
    if (outputs.size() == 1 && current.size() == 1 && call.repeat) {
      GraphValue value = outputs.begin()->second;
      outputs.clear();
      outputs[current.begin()->first()] = value;
    }
    if (call.repeat)
      for (const auto &[label, value] : outputs)
        define(label.empty() ? path : joined(path, label), value, *node.json);
    current = std::move(outputs);
    if (!document.spend(callWork))
      return;
  }
  for (const auto &[label, value] : current)
    define(label.empty() ? name : joined(name, label), value, *node.json);
}
