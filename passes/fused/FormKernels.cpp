//===- FormKernels.cpp - Group layer ops into kernels ---------------------===//
//
// The last pass that sees the whole graph as tensors. What runs together is
// decided here and visible in the IR from now on.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/Remarks.h"
#include "passes/buffers/Layout.h"
#include "passes/fused/InPlace.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/SetVector.h"
#include <fmt/format.h>

#define DEBUG_TYPE "vit-form-kernels"

namespace vitc {
#define GEN_PASS_DEF_FORMKERNELSPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc::vit;

namespace {

using Group = llvm::SmallSetVector<Operation *, 8>;

/// Ops that only say where rows lie; they become views of buffers.
bool isView(Operation *op) {
  return isa<ConcatRowsOp, SliceRowsOp, SliceColumnsOp, ReshapeOp>(op);
}

bool isComputation(Operation *op) {
  return isa_and_present<VitDialect>(op->getDialect()) && !isView(op) &&
         !op->hasTrait<WeightTrait>() && !isa<KernelOp, YieldOp>(op);
}

int64_t rankOf(Operation *op) {
  return cast<RankedTensorType>(op->getResult(0).getType()).getRank();
}

/// The map that `op` shows columns of, or null.
AttentionMapOp slicedMap(Operation *op) {
  auto slice = dyn_cast_or_null<SliceColumnsOp>(op);
  return slice ? slice.getInput().getDefiningOp<AttentionMapOp>()
               : AttentionMapOp();
}

/// Treats every row of its operands alike.
bool isRowwise(Operation *op) {
  return isa<LayerNormOp, ActivationOp, AddOp, MulOp, SoftmaxOp,
             ConcatColumnsOp>(op);
}

using ErasedOps = llvm::SmallPtrSetImpl<Operation *>;

/// Replaces `group` by a kernel with clones of its ops. Ops that others still
/// need stay where they are; the others go and are added to `erased`.
KernelOp formKernel(KernelKind kind, const Group &group, ErasedOps &erased) {
  SmallVector<Operation *> ops(group.begin(), group.end());
  llvm::sort(ops,
             [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  Operation *last = ops.back();
  llvm::SmallSetVector<Value, 8> inputs;
  SmallVector<Value> results;
  for (Operation *op : ops) {
    for (Value operand : op->getOperands())
      if (!group.contains(operand.getDefiningOp()))
        inputs.insert(operand);
    // Norms, unfolds and slices are recomputed by each kernel that takes them
    // along, so only what comes last leaves the kernel; a lanes kernel keeps
    // everything to itself that nobody else reads.
    bool leaves = kind == KernelKind::Lanes
                      ? llvm::any_of(op->getUsers(),
                                     [&](Operation *user) {
                                       return !group.contains(user);
                                     })
                      : op == last;
    if (leaves)
      results.push_back(op->getResult(0));
  }

  OpBuilder builder(last);
  builder.setInsertionPointAfter(last);
  auto kernel = KernelOp::create(
      builder, last->getLoc(),
      llvm::map_to_vector(results, [](Value v) { return v.getType(); }),
      KernelKindAttr::get(builder.getContext(), kind), inputs.getArrayRef(),
      ValueRange(), TileAttr());
  Block &body = kernel.getBody().emplaceBlock();
  IRMapping map;
  for (Value input : inputs)
    map.map(input, body.addArgument(input.getType(), input.getLoc()));
  builder.setInsertionPointToStart(&body);
  for (Operation *op : ops)
    builder.clone(*op, map);
  YieldOp::create(
      builder, last->getLoc(),
      llvm::map_to_vector(results, [&](Value v) { return map.lookup(v); }));
  for (auto [result, out] : llvm::zip(results, kernel.getOuts()))
    result.replaceAllUsesWith(out);
  for (Operation *op : llvm::reverse(ops))
    if (op->use_empty()) {
      erased.insert(op);
      op->erase();
    }
  return kernel;
}

/// A kernel that copies `value`, placed before `before`: no kernel could write
/// it where it is wanted.
Value formCopy(Value value, Operation *before) {
  OpBuilder builder(before);
  auto kernel = KernelOp::create(
      builder, value.getLoc(), value.getType(),
      KernelKindAttr::get(builder.getContext(), KernelKind::Rows), value,
      ValueRange(), TileAttr());
  Block &body = kernel.getBody().emplaceBlock();
  body.addArgument(value.getType(), value.getLoc());
  builder.setInsertionPointToStart(&body);
  YieldOp::create(builder, value.getLoc(), body.getArguments());
  VITC_REMARK(passed, value.getLoc(), "CopyFormed")
      << "rows kernel that copies: no kernel makes the value in its place";
  return kernel.getOuts()[0];
}

bool isCopy(Operation *op) {
  auto kernel = dyn_cast<KernelOp>(op);
  return kernel && kernel.getBody().front().without_terminator().empty();
}

/// A kernel that reads some rows of a buffer as well as all.
bool readsSlices(Operation *op) {
  auto kernel = dyn_cast<KernelOp>(op);
  return isCopy(op) || (kernel && kernel.getKind() == KernelKind::Transpose);
}

/// add(z, u) row r -> concat_rows(z[:r], add(z[r:], u), z[r + n:]), whose parts
/// are views and one computation.
void splitRowAdd(AddOp add) {
  OpBuilder builder(add);
  Location loc = add.getLoc();
  RankedTensorType type = add.getType();
  int64_t begin = *add.getRow(), rows = type.getDimSize(0);
  int64_t end = begin + add.getRhs().getType().getDimSize(0);
  auto slice = [&](int64_t from, int64_t to) -> Value {
    return SliceRowsOp::create(builder, loc,
                               type.clone({to - from, type.getDimSize(1)}),
                               add.getLhs(), from);
  };
  SmallVector<Value> parts;
  if (begin > 0)
    parts.push_back(slice(0, begin));
  parts.push_back(AddOp::create(builder, loc, slice(begin, end), add.getRhs(),
                                IntegerAttr()));
  if (end < rows)
    parts.push_back(slice(end, rows));
  add.replaceAllUsesWith(
      ConcatRowsOp::create(builder, loc, type, parts).getResult());
  add.erase();
}

struct FormKernelsPass : vitc::impl::FormKernelsPassBase<FormKernelsPass> {
  void runOnOperation() override {
    dropResultShapes();
    if (failed(checkMaps()))
      return signalPassFailure();
    for (auto add : llvm::make_early_inc_range(getOperation().getOps<AddOp>()))
      if (add.getRow())
        splitRowAdd(add);
    formLanes();
    SmallVector<Operation *> ops;
    for (Operation &op : getOperation().getBody().front())
      if (isComputation(&op) || isa<SliceColumnsOp>(op))
        ops.push_back(&op);
    formRowKernels(ops);
    copyNested();
    copyViews();
    copyResults();
  }

  /// A result lies without gaps, so that its shape places nothing.
  void dropResultShapes() {
    func::FuncOp func = getOperation();
    auto ret = cast<func::ReturnOp>(func.getBody().front().getTerminator());
    for (OpOperand &result : ret->getOpOperands())
      while (auto reshape = result.get().getDefiningOp<ReshapeOp>()) {
        if (!reshape.getInput().getDefiningOp())
          break;
        result.set(reshape.getInput());
        if (reshape.use_empty())
          reshape.erase();
      }
    func.setType(FunctionType::get(&getContext(), func.getArgumentTypes(),
                                   ret.getOperandTypes()));
  }

  /// No kernel reads a map, or columns of one.
  LogicalResult checkMaps() {
    for (auto map : getOperation().getOps<AttentionMapOp>()) {
      SmallVector<Operation *> readers;
      for (Operation *user : map->getUsers())
        if (slicedMap(user))
          llvm::append_range(readers, user->getUsers());
        else
          readers.push_back(user);
      for (Operation *reader : readers)
        if (!isa<func::ReturnOp>(reader))
          return map.emitOpError() << "expects to be an output only, but '"
                                   << reader->getName() << "' reads it";
    }
    return success();
  }

  /// Runs of neighbouring ops on nested tokens become one kernel each.
  void formLanes() {
    SmallVector<Group> runs(1);
    for (Operation &op : getOperation().getBody().front()) {
      if (op.hasTrait<WeightTrait>())
        continue;
      // A map has its heads as a further dimension.
      int64_t plain = isa<AttentionMapOp>(op) || slicedMap(&op) ? 3 : 2;
      bool nested = op.getNumResults() == 1 && rankOf(&op) > plain;
      if (nested && (isComputation(&op) || isa<SliceColumnsOp>(op)))
        runs.back().insert(&op);
      else if (!runs.back().empty())
        runs.emplace_back();
    }
    llvm::SmallPtrSet<Operation *, 16> erased;
    for (const Group &run : runs)
      if (!run.empty())
        report(formKernel(KernelKind::Lanes, run, erased));
  }

  void formRowKernels(ArrayRef<Operation *> ops) {
    llvm::SmallPtrSet<Operation *, 16> erased;
    // Backwards, so that readers take their producers along.
    for (Operation *op : llvm::reverse(ops)) {
      if (erased.contains(op) || op->use_empty())
        continue;
      Group group;
      group.insert(op);
      KernelKind kind = KernelKind::Rows;
      if (auto linear = dyn_cast<LinearOp>(op)) {
        kind = KernelKind::Linear;
        takeAlong(linear.getInput(), group);
      } else if (isa<AttentionOp, AttentionMapOp>(op) || slicedMap(op)) {
        kind = KernelKind::Attention;
        AttentionMapOp map = slicedMap(op);
        if (map)
          group.insert(map);
        takeParts(map ? map : op, group);
      } else if (isa<PoolOp>(op)) {
        kind = KernelKind::Pool;
      } else if (isa<TransposeOp>(op)) {
        kind = KernelKind::Transpose;
      } else if (isRowwise(op)) {
        takeRowwise(op, group);
      }
      // A slice that is left has readers that can't read columns of a row.
      report(formKernel(kind, group, erased));
    }
  }

  /// A product takes a norm without scale, or an unfold, along.
  static void takeAlong(Value input, Group &group) {
    Operation *op = input.getDefiningOp();
    auto norm = dyn_cast_or_null<LayerNormOp>(op);
    if ((norm && !norm.getScale()) || isa_and_present<UnfoldOp>(op))
      group.insert(op);
  }

  /// An attention reads rows and columns where they lie.
  static void takeParts(Operation *op, Group &group) {
    for (Value operand : op->getOperands())
      while (Operation *slice = operand.getDefiningOp()) {
        if (!isa<SliceColumnsOp, SliceRowsOp>(slice))
          break;
        group.insert(slice);
        operand = slice->getOperand(0);
      }
  }

  /// Rowwise ops take slices along, and producers that nobody else reads.
  static void takeRowwise(Operation *op, Group &group) {
    for (Value operand : op->getOperands()) {
      Operation *producer = operand.getDefiningOp();
      if (isa_and_present<SliceColumnsOp>(producer))
        group.insert(producer);
      else if (producer && isRowwise(producer) && producer->hasOneUse() &&
               operand.getType() == op->getResult(0).getType()) {
        group.insert(producer);
        takeRowwise(producer, group);
      }
    }
  }

  /// Nested tokens lie in groups, which products read as rows; others get a
  /// copy.
  void copyNested() {
    SmallVector<ReshapeOp> reshapes(getOperation().getOps<ReshapeOp>().begin(),
                                    getOperation().getOps<ReshapeOp>().end());
    for (ReshapeOp reshape : reshapes) {
      copyFor(reshape, [](OpOperand &use) {
        return !readsGroups(use) && !isa<func::ReturnOp>(use.getOwner());
      });
    }
  }

  /// Gives the readers of `view` that `wants` picks a copy of it to read.
  void copyFor(Operation *view, llvm::function_ref<bool(OpOperand &)> wants) {
    SmallVector<OpOperand *> uses;
    for (OpOperand &use : view->getUses())
      if (wants(use))
        uses.push_back(&use);
    if (uses.empty())
      return;
    Value copy = formCopy(view->getResult(0), view->getNextNode());
    for (OpOperand *use : uses)
      use->set(copy);
  }

  /// True for a copy and for the left operand of a product.
  static bool readsGroups(OpOperand &use) {
    if (isCopy(use.getOwner()))
      return true;
    auto kernel = dyn_cast<KernelOp>(use.getOwner());
    if (!kernel || kernel.getKind() != KernelKind::Linear)
      return false;
    BlockArgument arg =
        kernel.getBody().front().getArgument(use.getOperandNumber());
    return llvm::none_of(arg.getUsers(), [&](Operation *user) {
      auto linear = dyn_cast<LinearOp>(user);
      return linear && linear.getResidual() == arg;
    });
  }

  /// Parts of a concatenation that no kernel makes, and slices that a kernel
  /// reads, are copied.
  void copyViews() {
    SmallVector<ConcatRowsOp> concats(
        getOperation().getOps<ConcatRowsOp>().begin(),
        getOperation().getOps<ConcatRowsOp>().end());
    for (ConcatRowsOp concat : concats) {
      Value overwritten = vitc::findOverwritten(concat);
      int64_t row = 0;
      for (OpOperand &input : concat->getOpOperands()) {
        auto slice = input.get().getDefiningOp<SliceRowsOp>();
        bool inPlace = slice && overwritten == slice.getInput() &&
                       static_cast<int64_t>(slice.getBegin()) == row;
        auto kernel = input.get().getDefiningOp<KernelOp>();
        if (!inPlace && (!kernel || !input.get().hasOneUse()))
          input.set(formCopy(input.get(), concat));
        row += cast<RankedTensorType>(input.get().getType()).getDimSize(0);
      }
    }
    SmallVector<SliceRowsOp> slices(
        getOperation().getOps<SliceRowsOp>().begin(),
        getOperation().getOps<SliceRowsOp>().end());
    for (SliceRowsOp slice : slices) {
      if (isOverwrittenView(slice))
        continue;
      copyFor(slice, [](OpOperand &use) {
        return !isa<ConcatRowsOp>(use.getOwner()) &&
               !readsSlices(use.getOwner());
      });
    }
  }

  /// What the function returns is written by a kernel for it alone. Copies are
  /// made at once, so that what they read need not be kept for them.
  void copyResults() {
    Operation *ret = getOperation().getBody().front().getTerminator();
    llvm::SmallPtrSet<Value, 8> returned;
    for (OpOperand &use : ret->getOpOperands()) {
      Value value = use.get();
      auto type = cast<RankedTensorType>(value.getType());
      Operation *writer = value.getDefiningOp();
      auto kernel = dyn_cast_or_null<KernelOp>(writer);
      bool elsewhere = kernel && kernel.getKind() == KernelKind::Lanes;
      if (type.getRank() == 2 && type.getElementType().isF32())
        elsewhere = !isa_and_present<KernelOp, ConcatRowsOp>(writer) ||
                    isPaddedFor(value, ret) || !returned.insert(value).second;
      if (elsewhere)
        use.set(formCopy(value, writer ? writer->getNextNode() : ret));
    }
  }

  /// True for rows that lie otherwise for those that read them, beside `ret`
  /// and copies: their kernels stay what they are if the rows are returned,
  /// too.
  static bool isPaddedFor(Value rows, Operation *ret) {
    int64_t columns = cast<RankedTensorType>(rows.getType()).getDimSize(1);
    return vitc::paddedRow(columns) != columns &&
           llvm::any_of(rows.getUsers(), [&](Operation *user) {
             return user != ret && !isCopy(user);
           });
  }

  /// A slice that is read by a kernel whose result replaces it.
  static bool isOverwrittenView(SliceRowsOp slice) {
    for (Operation *user : slice->getUsers()) {
      auto kernel = dyn_cast<KernelOp>(user);
      if (!kernel)
        continue;
      for (Operation *reader : kernel->getUsers())
        if (auto concat = dyn_cast<ConcatRowsOp>(reader))
          if (vitc::findOverwritten(concat) == slice.getInput())
            return true;
    }
    return false;
  }

  static void report(KernelOp kernel) {
    std::string names;
    for (Operation &op : kernel.getBody().front().without_terminator())
      names += (names.empty() ? "" : ", ") + op.getName().stripDialect().str();
    VITC_REMARK(passed, kernel.getLoc(), "KernelFormed") << fmt::format(
        "{} kernel of {}", stringifyKernelKind(kernel.getKind()).str(), names);
  }
};

} // namespace
