//===- SpecReaderGraph.cpp - From JSON to Spec: nodes and blocks ----------===//

#include "models/NearestName.h"
#include "models/SpecReader.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace vitc;

const FieldSpec *OpSpec::find(StringRef name) const {
  for (const FieldSpec &field : fields)
    if (field.info->name == name)
      return &field;
  return nullptr;
}

namespace {

std::vector<std::string> names(ArrayRef<OpInfo> ops) {
  std::vector<std::string> result;
  for (const OpInfo &op : ops)
    result.push_back(op.name.str());
  return result;
}

Scope with(const Scope &scope, ArrayRef<std::string> more) {
  Scope result = scope;
  result.insert(result.end(), more.begin(), more.end());
  return result;
}

} // namespace

FieldSpec SpecReader::field(const JsonValue &json, const FieldInfo &info,
                            const Scope &scope) {
  FieldSpec field;
  field.info = &info;
  field.json = &json;
  switch (info.kind) {
  case FieldKind::Operand:
    if (auto value = operand(json, scope))
      field.operands.push_back(std::move(*value));
    break;
  case FieldKind::Operands:
    if (array(json, 1))
      for (const auto &item : json.items)
        if (auto value = operand(*item, scope))
          field.operands.push_back(std::move(*value));
    break;
  case FieldKind::Weights:
  case FieldKind::Weight:
    if (info.kind == FieldKind::Weight || array(json, 1)) {
      SmallVector<const JsonValue *> items{&json};
      if (info.kind == FieldKind::Weights) {
        items.clear();
        for (const auto &item : json.items)
          items.push_back(item.get());
      }
      for (const JsonValue *item : items)
        if (auto op = weight(*item, scope)) {
          OperandSpec value;
          value.json = item;
          value.weight = std::make_unique<OpSpec>(std::move(*op));
          field.operands.push_back(std::move(value));
        }
    }
    break;
  case FieldKind::Presence:
    if (!json.is(JsonValue::Kind::Object))
      field.expression = Expression::read(json, scope, errors);
    else if (auto value = operand(json, scope))
      field.operands.push_back(std::move(*value));
    break;
  case FieldKind::Parts:
    if (array(json, 2, 16))
      for (const auto &item : json.items)
        if (auto name = identifier(*item)) {
          if (is_contained(field.parts, *name))
            item->error(errors, "part " + quoteName(*name) + " is named twice");
          field.parts.push_back(*name);
        }
    break;
  case FieldKind::Tensor:
    field.name = Template::read(json, with(scope, {"path", "name"}), errors);
    break;
  case FieldKind::Choice: {
    std::vector<std::string> choices;
    for (StringRef name : info.choices)
      choices.push_back(name.str());
    field.expression = choice(json, choices, scope);
    break;
  }
  case FieldKind::Integer:
  case FieldKind::Real:
  case FieldKind::Boolean:
  case FieldKind::Size:
  case FieldKind::Integers:
  case FieldKind::Reals:
    field.expression = Expression::read(json, scope, errors);
    break;
  }
  return field;
}

OpSpec SpecReader::op(const JsonValue &json, const OpInfo &info,
                      ArrayRef<StringRef> others, const Scope &scope) {
  OpSpec op;
  op.info = &info;
  op.json = &json;
  SmallVector<StringRef> required, optional(others);
  for (const FieldInfo &field : info.fields)
    (field.required ? required : optional).push_back(field.name);
  object(json, required, optional);
  for (const FieldInfo &info : info.fields)
    if (const JsonValue *value = json.find(info.name))
      op.fields.push_back(field(*value, info, scope));
  return op;
}

std::optional<OpSpec> SpecReader::layer(const JsonValue &json,
                                        const Scope &scope) {
  const JsonValue *name = json.find("op");
  std::optional<std::string> known = oneOf(*name, names(layerOps()));
  if (!known)
    return std::nullopt;
  for (const OpInfo &info : layerOps())
    if (info.name == *known)
      return op(json, info, {"name", "op", "when"}, scope);
  return std::nullopt;
}

std::optional<OpSpec> SpecReader::weight(const JsonValue &json,
                                         const Scope &scope) {
  if (!json.is(JsonValue::Kind::Object)) {
    json.error(errors, "expected a weight expression, {\"tensor\": ...} or "
                       "{\"op\": ...}, found " +
                           json.describe());
    return std::nullopt;
  }
  if (json.find("tensor"))
    return op(json, tensorOp(), {"when"}, scope);
  const JsonValue *name = json.find("op");
  if (!name) {
    json.error(errors, "expected the key 'tensor' or 'op'");
    return std::nullopt;
  }
  std::optional<std::string> known = oneOf(*name, names(weightOps()));
  if (!known)
    return std::nullopt;
  for (const OpInfo &info : weightOps())
    if (info.name == *known)
      return op(json, info, {"op", "when"}, scope);
  return std::nullopt;
}

std::vector<TensorRule> SpecReader::tensorRules(const JsonValue &json,
                                                const Scope &scope) {
  std::vector<TensorRule> rules;
  if (!map(json))
    return rules;
  for (const auto &item : json.items) {
    std::string error;
    std::optional<NamePattern> pattern = NamePattern::parse(item->key, error);
    if (!pattern) {
      item->errorAtKey(errors, error);
      continue;
    }
    for (const std::string &name : pattern->placeholders)
      if (is_contained(scope, name))
        item->errorAtKey(errors, "placeholder " + quoteName(name) +
                                     " has the name of a parameter");
    TensorRule rule;
    rule.json = item.get();
    Scope inner = with(scope, pattern->placeholders);
    rule.pattern = std::move(*pattern);
    if (item->is(JsonValue::Kind::String)) {
      rule.rename = Template::read(*item, inner, errors);
    } else if (auto op = weight(*item, inner)) {
      rule.weight = std::make_unique<OpSpec>(std::move(*op));
    }
    if (rule.rename || rule.weight)
      rules.push_back(std::move(rule));
  }
  return rules;
}

std::optional<Template> SpecReader::valueName(const JsonValue &json,
                                              const Scope &scope) {
  bool hasExpressions =
      json.is(JsonValue::Kind::String) && StringRef(json.string).contains('{');
  return hasExpressions || path(json) ? Template::read(json, scope, errors)
                                      : std::nullopt;
}

std::optional<OperandSpec> SpecReader::operand(const JsonValue &json,
                                               const Scope &scope) {
  OperandSpec operand;
  operand.json = &json;
  if (json.is(JsonValue::Kind::String)) {
    operand.value = valueName(json, scope);
    return operand.value ? std::optional(std::move(operand)) : std::nullopt;
  }
  if (!json.is(JsonValue::Kind::Object)) {
    json.error(errors, "expected the name of a value or a weight expression, "
                       "found " +
                           json.describe());
    return std::nullopt;
  }
  operand.when = expression(json, "when", scope);
  if (const JsonValue *value = json.find("value")) {
    object(json, {"value"}, {"when"});
    operand.value = valueName(*value, scope);
    return operand.value ? std::optional(std::move(operand)) : std::nullopt;
  }
  std::optional<OpSpec> op = weight(json, scope);
  if (!op)
    return std::nullopt;
  operand.weight = std::make_unique<OpSpec>(std::move(*op));
  return operand;
}

CallSpec SpecReader::call(const JsonValue &json, const Scope &scope) {
  CallSpec call;
  call.repeat = expression(json, "repeat", scope);
  Scope inner = scope;
  if (const JsonValue *index = json.find("index")) {
    call.index = identifier(*index).value_or("");
    inner = with(scope, call.index);
    if (!json.find("repeat"))
      index->errorAtKey(errors, "expected 'repeat' beside 'index'");
    else if (is_contained(scope, call.index))
      index->error(errors, quoteName(call.index) + " is declared twice");
  }

  const JsonValue &block = *json.find("block");
  if (block.is(JsonValue::Kind::Array)) {
    if (!array(block, 1))
      return call;
    for (const auto &item : block.items) {
      if (!object(*item, {"block"}, {"when"}))
        continue;
      const JsonValue *name = item->find("block");
      std::optional<std::string> known =
          name ? identifier(*name) : std::nullopt;
      if (known)
        call.choices.push_back(
            {*known, name, expression(*item, "when", inner)});
    }
  } else if (auto name = identifier(block)) {
    call.choices.push_back({*name, &block, std::nullopt});
  }

  if (const JsonValue *with = json.find("with")) {
    if (map(*with, 0, 100))
      for (const auto &item : with->items)
        if (auto value = Expression::read(*item, inner, errors))
          call.with.emplace_back(item->key, std::move(*value));
  }
  if (const JsonValue *input = json.find("input")) {
    if (json.find("inputs"))
      json.error(errors, "expected 'input' or 'inputs', found both");
    if (auto value = operand(*input, scope))
      call.inputs.emplace_back("", std::move(*value));
  } else if (const JsonValue *inputs = json.find("inputs")) {
    if (map(*inputs, 0, 100))
      for (const auto &item : inputs->items)
        if (auto value = operand(*item, scope))
          call.inputs.emplace_back(item->key, std::move(*value));
  }
  return call;
}

std::optional<NodeSpec> SpecReader::node(const JsonValue &json,
                                         const Scope &scope) {
  if (!json.is(JsonValue::Kind::Object)) {
    json.error(errors, "expected a node, an object, found " + json.describe());
    return std::nullopt;
  }
  NodeSpec node;
  node.json = &json;
  if (const JsonValue *name = json.find("name"))
    node.name = path(*name).value_or("");
  else
    json.error(errors, "expected the key 'name'");
  node.when = expression(json, "when", scope);
  if (json.find("block")) {
    object(json, {"name", "block"},
           {"when", "repeat", "index", "with", "input", "inputs"});
    node.call = call(json, scope);
  } else if (json.find("op"))
    node.op = layer(json, scope);
  else
    json.error(errors, "expected the key 'op' or 'block'");
  return node;
}

NodeSpec SpecReader::outputCall(const JsonValue &json, const Scope &scope) {
  NodeSpec node;
  node.json = &json;
  node.call = call(json, scope);
  return node;
}

std::vector<NodeSpec> SpecReader::graph(const JsonValue &json,
                                        const Scope &scope) {
  std::vector<NodeSpec> nodes;
  if (array(json))
    for (const auto &item : json.items)
      if (auto result = node(*item, scope))
        nodes.push_back(std::move(*result));
  return nodes;
}

BlockSpec SpecReader::block(const JsonValue &json, const Scope &documentScope) {
  BlockSpec block;
  block.name = json.key;
  block.json = &json;
  if (!object(json, {"inputs", "graph"}, {"arguments", "output", "outputs"}))
    return block;
  auto words = [&](StringRef key, std::vector<std::string> &into) {
    const JsonValue *list = json.find(key);
    if (list && array(*list, 0, 100))
      for (const auto &item : list->items)
        if (auto name = identifier(*item)) {
          if (is_contained(into, *name) ||
              (key == "arguments" && is_contained(documentScope, *name)))
            item->error(errors, quoteName(*name) + " is declared twice");
          into.push_back(*name);
        }
  };
  words("arguments", block.arguments);
  words("inputs", block.inputs);
  Scope scope = with(documentScope, block.arguments);
  if (const JsonValue *nodes = json.find("graph"))
    block.graph = graph(*nodes, scope);

  const JsonValue *output = json.find("output");
  const JsonValue *outputs = json.find("outputs");
  if (!output == !outputs)
    json.error(errors, "expected 'output' or 'outputs'");
  else if (output) {
    if (auto value = operand(*output, scope))
      block.outputs.emplace_back("", std::move(*value));
  } else if (map(*outputs, 1, 100)) {
    for (const auto &item : outputs->items)
      if (checkIdentifier(item->key, *item))
        if (auto value = operand(*item, scope))
          block.outputs.emplace_back(item->key, std::move(*value));
  }
  return block;
}

void SpecReader::checkCall(const CallSpec &call, const Spec &spec) {
  std::vector<std::string> blocks, taken;
  for (const auto &[name, block] : spec.blocks)
    blocks.push_back(name);
  for (const BlockChoice &choice : call.choices) {
    auto found = spec.blocks.find(choice.block);
    if (found == spec.blocks.end()) {
      choice.json->error(errors, "unknown block " + quoteName(choice.block) +
                                     suggestNearest(choice.block, blocks));
      continue;
    }
    const BlockSpec &block = found->second;
    for (const std::string &argument : block.arguments) {
      taken.push_back(argument);
      if (none_of(call.with,
                  [&](auto &item) { return item.first == argument; }))
        choice.json->error(errors, "expected a value of the block's argument " +
                                       quoteName(argument) + " in 'with'");
    }
    bool single = call.inputs.size() == 1 && call.inputs[0].first.empty();
    if (single ? block.inputs.size() != 1
               : call.inputs.size() != block.inputs.size())
      choice.json->error(
          errors,
          "expected inputs for " +
              (block.inputs.empty() ? "no names" : quotedChoice(block.inputs)) +
              " of block " + quoteName(choice.block) + ", found " +
              Twine(call.inputs.size()));
    else if (!single)
      for (const auto &[name, value] : call.inputs)
        if (!is_contained(block.inputs, name))
          value.json->error(errors, "unknown input " + quoteName(name) +
                                        " of block " + quoteName(choice.block) +
                                        suggestNearest(name, block.inputs));
    // A repetition feeds the outputs back.
    bool feeds = block.outputs.size() == block.inputs.size();
    for (const auto &[name, value] : block.outputs)
      feeds &= (name.empty() && block.inputs.size() == 1) ||
               is_contained(block.inputs, name);
    if (call.repeat && !feeds)
      choice.json->error(errors,
                         "expected a block whose outputs are named like "
                         "its inputs for 'repeat'");
  }
  for (const auto &[name, value] : call.with)
    if (!is_contained(taken, name) && value.json)
      value.json->errorAtKey(errors, "unknown argument " + quoteName(name) +
                                         suggestNearest(name, taken));
}

void SpecReader::checkOutputCall(const CallSpec &call, const Spec &spec) {
  checkCall(call, spec);
  for (const BlockChoice &choice : call.choices) {
    auto found = spec.blocks.find(choice.block);
    if (found != spec.blocks.end() && !found->second.outputs.empty() &&
        !found->second.outputs[0].first.empty())
      choice.json->error(errors,
                         "expected a block with 'output' for an output");
  }
}

void SpecReader::checkCalls(Spec &spec) {
  auto callees = [](const std::vector<NodeSpec> &graph) {
    std::vector<const BlockChoice *> result;
    for (const NodeSpec &node : graph)
      if (node.call)
        for (const BlockChoice &choice : node.call->choices)
          result.push_back(&choice);
    return result;
  };
  for (const NodeSpec &node : spec.graph)
    if (node.call)
      checkCall(*node.call, spec);
  for (const OutputSpec &output : spec.outputs)
    if (output.call)
      checkOutputCall(*output.call->call, spec);
  // Blocks that are safe to call: all of their callees are.
  StringSet<> safe;
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto &[name, block] : spec.blocks)
      if (!safe.contains(name) &&
          all_of(callees(block.graph), [&](const BlockChoice *choice) {
            return safe.contains(choice->block) ||
                   !spec.blocks.count(choice->block);
          })) {
        safe.insert(name);
        changed = true;
      }
  }
  for (auto &[name, block] : spec.blocks) {
    for (const NodeSpec &node : block.graph)
      if (node.call)
        checkCall(*node.call, spec);
    block.isRecursive = !safe.contains(name);
    if (block.isRecursive)
      block.json->errorAtKey(errors,
                             "block " + quoteName(name) + " calls itself");
  }
}
