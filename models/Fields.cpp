//===- Fields.cpp - What the fields of an op are worth --------------------===//

#include "dialect/VitOps.h"
#include "models/Elaborator.h"
#include "models/NearestName.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace vitc;

namespace {
/// Elements of one tensor: 8 GiB of f32.
constexpr int64_t maxElements = int64_t(1) << 31;
} // namespace

void Elaborator::error(const NodeContext &node, StringRef field,
                       const Twine &text) {
  const FieldSpec *spec = node.op.find(field);
  (spec ? spec->json : node.op.json)->error(errors, text);
}

std::optional<Datum> Elaborator::field(const NodeContext &node, StringRef name,
                                       Datum::Kind kind) {
  const FieldSpec *spec = node.op.find(name);
  if (!spec || !spec->expression)
    return std::nullopt;
  return spec->expression->evaluateAs(kind, node.frame.environment);
}

std::optional<int64_t> Elaborator::integer(const NodeContext &node,
                                           StringRef name,
                                           std::optional<int64_t> otherwise) {
  if (!node.op.find(name))
    return otherwise;
  std::optional<Datum> value = field(node, name, Datum::Kind::Integer);
  return value ? std::optional(value->integer) : std::nullopt;
}

std::optional<double> Elaborator::real(const NodeContext &node, StringRef name,
                                       std::optional<double> otherwise) {
  if (!node.op.find(name))
    return otherwise;
  std::optional<Datum> value = field(node, name, Datum::Kind::Real);
  return value ? std::optional(value->real) : std::nullopt;
}

std::optional<bool> Elaborator::boolean(const NodeContext &node, StringRef name,
                                        bool otherwise) {
  if (!node.op.find(name))
    return otherwise;
  std::optional<Datum> value = field(node, name, Datum::Kind::Boolean);
  return value ? std::optional(value->boolean) : std::nullopt;
}

std::optional<std::array<int64_t, 2>>
Elaborator::size(const NodeContext &node, StringRef name,
                 std::optional<int64_t> otherwise) {
  using Size = std::array<int64_t, 2>;
  if (!node.op.find(name))
    return otherwise ? std::optional(Size{*otherwise, *otherwise})
                     : std::nullopt;
  std::optional<Datum> value = field(node, name, Datum::Kind::Size);
  return value ? std::optional(Size{value->integer, value->width})
               : std::nullopt;
}

std::optional<std::string> Elaborator::choice(const NodeContext &node,
                                              StringRef name,
                                              StringRef otherwise) {
  if (!node.op.find(name))
    return otherwise.str();
  std::optional<Datum> value = field(node, name, Datum::Kind::Name);
  if (!value)
    return std::nullopt;
  std::vector<std::string> choices;
  for (StringRef choice : node.op.info->find(name)->choices)
    choices.push_back(choice.str());
  if (is_contained(choices, value->name))
    return value->name;
  error(node, name,
        "expected one of " + quotedChoice(choices) + ", found " +
            quoteName(value->name) + suggestNearest(value->name, choices));
  return std::nullopt;
}

std::optional<std::vector<int64_t>>
Elaborator::integers(const NodeContext &node, StringRef name) {
  std::optional<Datum> value = field(node, name, Datum::Kind::List);
  if (!value)
    return std::nullopt;
  std::vector<int64_t> result;
  for (const Datum &item : value->items) {
    if (!item.is(Datum::Kind::Integer)) {
      error(node, name, "expected a list of integers, found " + item.print());
      return std::nullopt;
    }
    result.push_back(item.integer);
  }
  return result;
}

std::optional<std::vector<double>> Elaborator::reals(const NodeContext &node,
                                                     StringRef name) {
  const FieldSpec *spec = node.op.find(name);
  if (!spec || !spec->expression)
    return std::nullopt;
  std::optional<Datum> value =
      spec->expression->evaluate(node.frame.environment);
  if (!value)
    return std::nullopt;
  if (value->isNumber())
    value = Datum::ofList({*value});
  if (!value->is(Datum::Kind::List) || value->items.empty() ||
      !all_of(value->items, [](const Datum &v) { return v.isNumber(); })) {
    error(node, name,
          "expected a number or a list of numbers, found " + value->print());
    return std::nullopt;
  }
  std::vector<double> result;
  for (const Datum &item : value->items)
    result.push_back(item.real);
  return result;
}

mlir::Value Elaborator::input(const NodeContext &node, StringRef field) {
  const FieldSpec *spec = node.op.find(field);
  if (!spec || spec->operands.empty())
    return nullptr;
  return operand(spec->operands[0], node.frame, node.name, node.location).value;
}

mlir::Value Elaborator::computed(const NodeContext &node, StringRef field) {
  mlir::Value value = input(node, field);
  if (!value || !vit::isWeight(value))
    return value;
  error(node, field,
        "expected a value that depends on the input, found a weight");
  return nullptr;
}

std::optional<mlir::RankedTensorType>
Elaborator::type(const NodeContext &node, ArrayRef<int64_t> shape) {
  constexpr size_t maxRank = 8;
  bool fits = !shape.empty() && shape.size() <= maxRank;
  int64_t elements = 1;
  for (int64_t size : shape)
    fits = fits && size > 0 && !MulOverflow(elements, size, elements) &&
           elements <= maxElements;
  if (fits)
    return mlir::RankedTensorType::get(shape, builder.getF32Type());
  node.op.json->error(errors, "expected a shape of 1 to " + Twine(maxRank) +
                                  " positive sizes and at most " +
                                  Twine(maxElements) + " elements, found " +
                                  formatShape(shape.take_front(maxRank + 1)));
  return std::nullopt;
}
