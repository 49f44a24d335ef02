//===- LowerRows.cpp - Ops that treat every row alike ---------------------===//
//
// One row at a time: each op of the body passes over the row, which stays in
// L1; the last one writes the result. A copy may also take a unit's matrix out
// of its group, and an unfold gathers its rows from an image.
//
//===----------------------------------------------------------------------===//

#include "passes/buffers/Layout.h"
#include "passes/tiled/KernelLowering.h"
#include "passes/tiled/RowLoops.h"
#include "passes/tiled/RowSource.h"
#include "passes/tiled/VectorMath.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

class RowsLowering {
public:
  explicit RowsLowering(KernelContext &context)
      : context(context), emit(context.emit),
        out(context.kernel.getOutputs()[0]),
        columns(cast<MemRefType>(out.getType()).getShape().back()) {
    for (Operation &op : context.body().without_terminator())
      if (op.getResult(0) != context.yielded() && !isa<SliceColumnsOp>(op))
        scratch[op.getResult(0)] = context.scratch.take({paddedRow(columns)});
  }

  LogicalResult run() {
    auto type = cast<MemRefType>(out.getType());
    int64_t rows = type.getRank() >= 3 ? type.getDimSize(1) : 0;
    LogicalResult result = success();
    emit.loop(context.rowBegin, context.rowEnd, 1, [&](Value gridRow) {
      image = rows ? emit.div(gridRow, rows) : Value();
      row = rows ? emit.rem(gridRow, rows) : gridRow;
      for (Operation &op : context.body().without_terminator())
        if (failed(lowerOp(&op)))
          result = failure();
      Value yielded = context.yielded();
      if (auto copied = dyn_cast<BlockArgument>(yielded);
          copied && isLanes(cast<MemRefType>(context.buffer(copied).getType())))
        emitUnit(context.buffer(copied));
      else if (copied || yielded.getDefiningOp<SliceColumnsOp>())
        emitElementwise(yielded, [&](Value k, int64_t active) {
          return load(yielded, k, active);
        });
    });
    return result;
  }

private:
  using Element = llvm::function_ref<Value(Value k, int64_t active)>;

  /// Copies unit `row` of `groups`, [group][element][unit], to the result.
  void emitUnit(Value groups) {
    Value units = out;
    auto type = cast<MemRefType>(out.getType());
    int64_t elements = cast<MemRefType>(groups.getType()).getDimSize(2);
    if (type.getRank() > 3) {
      SmallVector<ReassociationIndices> dimensions{{0}, {1}, {}};
      for (int64_t i = 2; i < type.getRank(); ++i)
        dimensions[2].push_back(i);
      auto flat =
          MemRefType::get({ShapedType::kDynamic, type.getDimSize(1), elements},
                          type.getElementType());
      units = memref::CollapseShapeOp::create(emit.builder, emit.loc, flat, out,
                                              dimensions);
    }
    Value group = emit.div(row, kLaneCount), lane = emit.rem(row, kLaneCount);
    emit.loop(0, elements, [&](Value k) {
      emit.store(emit.load(groups, {image, group, k, lane}), units,
                 {image, row, k});
    });
  }

  /// A vector of `value`'s row.
  Value load(Value value, Value k, int64_t active) {
    if (auto slice = value.getDefiningOp<SliceColumnsOp>())
      return load(slice.getInput(),
                  emit.add(k, static_cast<int64_t>(slice.getBegin())), active);
    if (Value buffer = scratch.lookup(value))
      return emit.loadVector(buffer, {k}, active);
    Value buffer = context.buffer(value);
    return emit.loadVector(buffer, rowIndices(buffer, image, row, k), active);
  }

  /// Writes the row of `result` vector by vector.
  void emitElementwise(Value result, Element element) {
    emitColumns(result, emit.index(0), columns, element);
  }

  /// Writes `count` columns of the row from `first` on; `element` gets the
  /// place behind it.
  void emitColumns(Value result, Value first, int64_t count, Element element) {
    overRow(emit, count, {}, [&](Value k, int64_t active, ValueRange) {
      Value value = element(k, active);
      Value column = emit.add(first, k);
      if (Value buffer = scratch.lookup(result))
        emit.storeVector(value, buffer, {column}, active);
      else
        emit.storeVector(value, out, rowIndices(out, image, row, column),
                         active);
      return Emitter::Values();
    });
  }

  LogicalResult lowerOp(Operation *op) {
    return llvm::TypeSwitch<Operation *, LogicalResult>(op)
        .Case([&](LayerNormOp norm) {
          emitNorm(norm);
          return success();
        })
        .Case([&](SoftmaxOp softmax) {
          emitSoftmax(softmax);
          return success();
        })
        .Case([&](ActivationOp activation) {
          emitElementwise(activation, [&](Value k, int64_t active) {
            return emitActivation(emit, activation.getKind(),
                                  load(activation.getInput(), k, active));
          });
          return success();
        })
        .Case([&](AddOp add) {
          emitElementwise(add, [&](Value k, int64_t active) {
            return emit.addf(load(add.getLhs(), k, active),
                             load(add.getRhs(), k, active));
          });
          return success();
        })
        .Case([&](MulOp mul) {
          emitElementwise(mul, [&](Value k, int64_t active) {
            return emit.mulf(load(mul.getLhs(), k, active),
                             load(mul.getRhs(), k, active));
          });
          return success();
        })
        .Case([&](ConcatColumnsOp concat) {
          int64_t first = 0;
          for (Value part : concat.getInputs()) {
            int64_t count =
                cast<RankedTensorType>(part.getType()).getDimSize(1);
            emitColumns(
                concat, emit.index(first), count,
                [&](Value k, int64_t active) { return load(part, k, active); });
            first += count;
          }
          return success();
        })
        .Case([&](UnfoldOp unfold) { return emitUnfold(unfold); })
        .Case([](SliceColumnsOp) { return success(); })
        .Default([](Operation *op) {
          return op->emitOpError() << "does not treat every row alike";
        });
  }

  LogicalResult emitUnfold(UnfoldOp unfold) {
    if (unfold != context.yielded().getDefiningOp())
      return unfold.emitOpError() << "expects to be the kernel's result";
    RowSource windows(context, unfold);
    windows.prepare(image, row, emit.add(row, 1));
    emitElementwise(unfold, [&](Value k, int64_t active) {
      Emitter::Values at = windows.firstElement(row);
      at.back() = k;
      return emit.loadVector(windows.rows(), at, active);
    });
    return success();
  }

  void emitNorm(LayerNormOp norm) {
    overGroups(emit, norm, [&](Value first) {
      auto input = [&](Value k, int64_t active) {
        return load(norm.getInput(), emit.add(first, k), active);
      };
      auto [mean, scale] = emitRowStatistics(
          emit, norm.getGroupSize(), norm.getEps().convertToDouble(), input);
      Value means = emit.splat(mean), scales = emit.splat(scale);
      emitColumns(
          norm, first, norm.getGroupSize(), [&](Value k, int64_t active) {
            Value value = emit.mulf(emit.subf(input(k, active), means), scales);
            if (norm.getScale())
              value = emit.fma(value, load(norm.getScale(), k, active),
                               load(norm.getShift(), k, active));
            return value;
          });
    });
  }

  void emitSoftmax(SoftmaxOp op) {
    auto input = [&](Value k, int64_t active) {
      return load(op.getInput(), k, active);
    };
    RowSoftmax softmax =
        emitRowSoftmax(emit, columns, 1.0, input, [](Value, Value) {});
    Value inverse = emit.splat(softmax.inverse);
    emitElementwise(op, [&](Value k, int64_t active) {
      return emit.mulf(softmax.term(input(k, active)), inverse);
    });
  }

  KernelContext &context;
  Emitter &emit;
  Value out;
  int64_t columns;
  Value image, row;
  DenseMap<Value, Value> scratch; ///< rows of values inside the body
};

} // namespace

LogicalResult vitc::lowerRowsKernel(KernelContext &context) {
  return RowsLowering(context).run();
}
