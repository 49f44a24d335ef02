//===- CutRows.cpp - Compute only the rows that somebody reads ------------===//
//
// Runs before q, k and v are merged, so that keys and values of all rows can
// part from queries of a few.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/Remarks.h"

#include "mlir/IR/PatternMatch.h"
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

/// The operands of `op` whose rows are the result's rows; none if its rows
/// depend on others.
SmallVector<OpOperand *> rowOperands(Operation *op) {
  if (op->getNumOperands() == 0)
    return {};
  // A right side of rank 1 is repeated over the rows.
  auto hasRows = [](OpOperand &operand) {
    return cast<RankedTensorType>(operand.get().getType()).getRank() == 2;
  };
  SmallVector<OpOperand *> operands{&op->getOpOperand(0)};
  if (isa<ConcatColumnsOp>(op)) {
    for (OpOperand &part : op->getOpOperands().drop_front())
      operands.push_back(&part);
    return operands;
  }
  if (isa<LayerNormOp, ActivationOp, SoftmaxOp, AttentionOp>(op))
    return operands;
  if (auto linear = dyn_cast<LinearOp>(op)) {
    for (OpOperand &residual : linear.getResidualMutable())
      if (hasRows(residual))
        operands.push_back(&residual);
    return operands;
  }
  auto add = dyn_cast<AddOp>(op);
  if (isa<MulOp>(op) || (add && !add.getRow())) {
    if (hasRows(op->getOpOperand(1)))
      operands.push_back(&op->getOpOperand(1));
    return operands;
  }
  return {};
}

/// `op` on `rows` of its operands only, or null if its rows depend on others.
Operation *cloneOnRows(OpBuilder &builder, Operation *op, RowRange rows) {
  if (rowOperands(op).empty())
    return nullptr;
  Operation *cut = builder.clone(*op);
  builder.setInsertionPoint(cut);
  for (OpOperand *operand : rowOperands(cut))
    operand->set(sliceRows(builder, op->getLoc(), operand->get(), rows));
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
    if (!cut) {
      VITC_REMARK(missed, op->getLoc(), "RowsDepend")
          << fmt::format("computes all rows: {} can't make some of them",
                         op->getName().getStringRef().str());
      return;
    }
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
