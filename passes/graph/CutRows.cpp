//===- CutRows.cpp - Compute only the rows that somebody reads ------------===//
//
// Runs before q, k and v are merged, so that keys and values of all rows can
// part from queries of a few.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/Remarks.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/TypeSwitch.h"
#include <fmt/format.h>

#define DEBUG_TYPE "vit-cut-rows"

namespace vitc {
#define GEN_PASS_DEF_CUTROWSPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

struct RowRange {
  int64_t begin, end;
  int64_t size() const { return end - begin; }
};

/// The hull of the rows that the readers of `value` take. Nothing if one of
/// them takes all, unless computing some rows twice costs little (`cheap`).
std::optional<RowRange> neededRows(Value value, bool cheap) {
  RowRange hull{0, 0};
  for (Operation *user : value.getUsers()) {
    auto slice = dyn_cast<SliceRowsOp>(user);
    if (!slice && cheap)
      continue;
    if (!slice)
      return std::nullopt;
    int64_t begin = slice.getBegin();
    int64_t end = begin + slice.getType().getDimSize(0);
    hull.begin = hull.end ? std::min(hull.begin, begin) : begin;
    hull.end = std::max(hull.end, end);
  }
  if (!hull.end)
    return std::nullopt;
  return hull;
}

RankedTensorType withRows(Type type, int64_t rows) {
  auto tensor = cast<RankedTensorType>(type);
  SmallVector<int64_t> shape(tensor.getShape());
  shape[0] = rows;
  return tensor.clone(shape);
}

Value sliceRows(OpBuilder &builder, Location loc, Value value, RowRange rows) {
  RankedTensorType type = withRows(value.getType(), rows.size());
  if (isWeight(value))
    return WeightSliceOp::create(builder, loc, type, value, /*axis=*/0,
                                 rows.begin);
  return SliceRowsOp::create(builder, loc, type, value, rows.begin);
}

/// Slices the operand of an elementwise op unless it is repeated over rows.
Value sliceLike(OpBuilder &builder, Location loc, Value value, RowRange rows) {
  if (cast<RankedTensorType>(value.getType()).getRank() < 2)
    return value;
  return sliceRows(builder, loc, value, rows);
}

/// `op` on `rows` of its operands only, or null if its rows depend on others.
Operation *cloneOnRows(OpBuilder &builder, Operation *op, RowRange rows) {
  Location loc = op->getLoc();
  IRMapping map;
  bool known =
      llvm::TypeSwitch<Operation *, bool>(op)
          .Case<LinearOp>([&](LinearOp linear) {
            map.map(linear.getInput(),
                    sliceRows(builder, loc, linear.getInput(), rows));
            if (Value r = linear.getResidual())
              map.map(r, sliceLike(builder, loc, r, rows));
            return true;
          })
          .Case<LayerNormOp, ActivationOp, SoftmaxOp>([&](auto unary) {
            map.map(unary.getInput(),
                    sliceRows(builder, loc, unary.getInput(), rows));
            return true;
          })
          .Case<AddOp>([&](AddOp add) {
            if (add.getRow())
              return false;
            map.map(add.getLhs(), sliceRows(builder, loc, add.getLhs(), rows));
            map.map(add.getRhs(), sliceLike(builder, loc, add.getRhs(), rows));
            return true;
          })
          .Case<MulOp>([&](MulOp mul) {
            map.map(mul.getLhs(), sliceRows(builder, loc, mul.getLhs(), rows));
            map.map(mul.getRhs(), sliceLike(builder, loc, mul.getRhs(), rows));
            return true;
          })
          .Case<AttentionOp>([&](AttentionOp attention) {
            // Keys and values may be the queries' own value: only the first
            // operand is cut, so a mapping by value would be wrong.
            return attention.getQuery() != attention.getKey() &&
                   attention.getQuery() != attention.getValue() &&
                   (map.map(attention.getQuery(),
                            sliceRows(builder, loc, attention.getQuery(), rows)),
                    true);
          })
          .Default([](Operation *) { return false; });
  if (!known)
    return nullptr;
  Operation *cut = builder.clone(*op, map);
  cut->getResult(0).setType(withRows(op->getResult(0).getType(), rows.size()));
  return cut;
}

struct CutRowsPass : vitc::impl::CutRowsPassBase<CutRowsPass> {
  void runOnOperation() override {
    // From the outputs back: when an op is reached, its readers are final.
    SmallVector<Operation *> ops;
    for (Operation &op : getOperation().getBody().front())
      ops.push_back(&op);
    for (Operation *op : llvm::reverse(ops))
      if (op->getNumResults() == 1)
        visit(op);
  }

  void visit(Operation *op) {
    Value value = op->getResult(0);
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || type.getRank() != 2 || isWeight(value) ||
        isa<SliceRowsOp, ConcatRowsOp>(op))
      return;
    std::optional<RowRange> rows = neededRows(value, isa<LayerNormOp>(op));
    if (!rows)
      return;
    if (rows->size() * 2 > type.getDimSize(0)) {
      if (rows->size() < type.getDimSize(0))
        VITC_REMARK(missed, op->getLoc(), "MostRowsNeeded")
            << "computes all rows: more than half of them are read";
      return;
    }
    OpBuilder builder(op);
    Operation *cut = cloneOnRows(builder, op, *rows);
    if (!cut)
      return;
    VITC_REMARK(passed, op->getLoc(), "RowsCut")
        << fmt::format("computes rows {} to {} of {}", rows->begin,
                       rows->end - 1, type.getDimSize(0));
    for (Operation *user : llvm::make_early_inc_range(value.getUsers())) {
      auto slice = dyn_cast<SliceRowsOp>(user);
      if (!slice)
        continue;
      int64_t begin = slice.getBegin();
      builder.setInsertionPoint(slice);
      slice.replaceAllUsesWith(
          sliceRows(builder, slice.getLoc(), cut->getResult(0),
                    {begin - rows->begin,
                     begin - rows->begin + slice.getType().getDimSize(0)}));
      slice.erase();
    }
    if (op->use_empty())
      op->erase();
    // Slices of whole values fold away now, which shows their readers to the
    // ops above.
    for (Operation *user :
         llvm::make_early_inc_range(cut->getResult(0).getUsers()))
      if (auto slice = dyn_cast<SliceRowsOp>(user);
          slice && slice.getType() == slice.getInput().getType()) {
        slice.replaceAllUsesWith(slice.getInput());
        slice.erase();
      }
  }
};

} // namespace
