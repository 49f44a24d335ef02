//===- AssignBuffers.cpp - Edges to buffers, kernels to functions ---------===//
//
// Each tensor between kernels gets a place in memory. The places are chosen so
// that nothing is copied: a result is written where its readers want it.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/buffers/KernelFunctions.h"
#include "passes/buffers/Layout.h"
#include "passes/fused/InPlace.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/TypeSwitch.h"

#define DEBUG_TYPE "vit-assign-buffers"

namespace vitc {
#define GEN_PASS_DEF_ASSIGNBUFFERSPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

/// Rewrites one model function.
class BufferAssignment {
public:
  BufferAssignment(func::FuncOp model, KernelFunctions &kernels)
      : model(model), kernels(kernels), builder(model.getContext()) {}

  LogicalResult run() {
    Block &body = model.getBody().front();
    ret = cast<func::ReturnOp>(body.getTerminator());
    addOutputArguments();
    for (Operation &op : llvm::make_early_inc_range(body.without_terminator()))
      if (!op.hasTrait<WeightTrait>() && failed(visit(&op)))
        return failure();
    if (failed(checkResults()))
      return failure();
    finish();
    return success();
  }

private:
  func::FuncOp model;
  KernelFunctions &kernels;
  OpBuilder builder;
  func::ReturnOp ret;
  unsigned inputCount = 0;
  SmallVector<Operation *> replaced;
  /// Where a tensor lies: a buffer, an argument, or a view of one.
  DenseMap<Value, Value> places;
  /// Packed weights, by value and layout.
  DenseMap<std::pair<Value, Type>, Value> packs;

  /// Inputs become buffers; every result becomes a further argument.
  void addOutputArguments() {
    Block &body = model.getBody().front();
    inputCount = body.getNumArguments();
    for (unsigned i = 0; i < inputCount; ++i) {
      BlockArgument arg = body.getArgument(i);
      // Tensor uses are rewired through `places`; the type changes in finish().
      auto type = cast<RankedTensorType>(arg.getType());
      places[arg] = body.addArgument(denseLayout(type), arg.getLoc());
    }
    for (Value result : ret.getOperands())
      body.addArgument(denseLayout(cast<RankedTensorType>(result.getType())),
                       result.getLoc());
  }

  BlockArgument outputArgument(unsigned index) {
    return model.getBody().front().getArgument(2 * inputCount + index);
  }

  LogicalResult visit(Operation *op) {
    builder.setInsertionPoint(op);
    replaced.push_back(op);
    return llvm::TypeSwitch<Operation *, LogicalResult>(op)
        .Case([&](KernelOp kernel) { return visitKernel(kernel); })
        .Case([&](ConcatRowsOp concat) {
          destination(concat.getResult());
          return success();
        })
        .Case([&](SliceRowsOp slice) -> LogicalResult {
          if (isWeight(slice.getInput()))
            return slice.emitOpError() << "expects no weight here";
          places[slice] =
              rowRange(places.lookup(slice.getInput()), slice.getBegin(),
                       slice.getType().getDimSize(0));
          return success();
        })
        .Case([&](ReshapeOp reshape) { return visitReshape(reshape); })
        .Default([](Operation *op) {
          return op->emitOpError() << "expects to be part of a kernel here";
        });
  }

  /// Groups keep words and channels together in either shape.
  LogicalResult visitReshape(ReshapeOp reshape) {
    if (isWeight(reshape.getInput()))
      return reshape.emitOpError() << "expects no weight here";
    Value place = places.lookup(reshape.getInput());
    auto type = cast<MemRefType>(place.getType());
    auto from = reshape.getInput().getType(), to = reshape.getType();
    // An image of the right width looks like groups of lanes.
    if (isa<BlockArgument>(reshape.getInput()) || !isLanes(type) ||
        from.getRank() != 3 || to.getRank() != 2 ||
        from.getDimSize(0) != to.getDimSize(0))
      return reshape.emitOpError()
             << "expects to join the words of nested tokens, got " << from
             << " to " << to;
    places[reshape] = place;
    return success();
  }

  /// An image has a layout of its own, which only gathering windows knows.
  LogicalResult checkImage(KernelOp kernel, unsigned index) {
    auto image = dyn_cast<BlockArgument>(kernel.getInputs()[index]);
    if (!image || cast<RankedTensorType>(image.getType()).getRank() != 3)
      return success();
    for (Operation *user :
         kernel.getBody().front().getArgument(index).getUsers())
      if (!isa<UnfoldOp>(user))
        return user->emitOpError()
               << "expects no image here: only vit.unfold reads one";
    return success();
  }

  LogicalResult visitKernel(KernelOp kernel) {
    SmallVector<Value> operands;
    for (auto [index, input] : llvm::enumerate(kernel.getInputs())) {
      if (isWeight(input)) {
        operands.push_back(pack(input, weightLayout(kernel, index),
                                weightRole(kernel, index), kernel.getLoc()));
        continue;
      }
      operands.push_back(places.lookup(input));
    }
    for (Value result : kernel.getOuts()) {
      Value place = destination(result, kernel);
      if (!place)
        return kernel.emitOpError()
               << "expects results of rank 2, or of rank 3 inside the model, "
                  "got "
               << result.getType();
      operands.push_back(place);
    }
    for (unsigned index = 0; index < kernel.getInputs().size(); ++index)
      if (failed(checkImage(kernel, index)))
        return failure();
    kernels.addStep(builder, kernel, operands);
    return success();
  }

  /// The place of `value`, made on first demand.
  Value destination(Value value, KernelOp writer = {}) {
    if (Value place = places.lookup(value))
      return place;
    return places[value] = findPlace(value, writer);
  }

  Value findPlace(Value value, KernelOp writer) {
    auto type = cast<RankedTensorType>(value.getType());
    for (OpOperand &use : value.getUses()) {
      if (use.getOwner() == ret)
        return type.getRank() == 2 ||
                       (writer && writer.getKind() != KernelKind::Lanes)
                   ? outputArgument(use.getOperandNumber())
                   : Value();
      if (auto concat = dyn_cast<ConcatRowsOp>(use.getOwner())) {
        int64_t row = 0;
        for (Value input :
             concat.getInputs().take_front(use.getOperandNumber()))
          row += cast<RankedTensorType>(input.getType()).getDimSize(0);
        return rowRange(destination(concat.getResult()), row,
                        type.getDimSize(0));
      }
    }
    if (auto concat = value.getDefiningOp<ConcatRowsOp>())
      if (Value source = findOverwritten(concat))
        return places.lookup(source);
    MemRefType layout =
        type.getRank() == 2 ? rowsLayout(type) : lanesLayout(type);
    if (writer)
      if (Value place = reusable(writer, layout))
        return place;
    return BufferOp::create(builder, value.getLoc(), layout, IntegerAttr());
  }

  /// The buffer of an input that dies in `kernel`, if its elements are read by
  /// the very task that replaces them.
  Value reusable(KernelOp kernel, MemRefType layout) {
    if (kernel.getOuts().size() != 1)
      return {};
    for (auto [index, input] : llvm::enumerate(kernel.getInputs())) {
      Value place = isWeight(input) ? Value() : places.lookup(input);
      if (place && place.getType() == layout &&
          place.getDefiningOp<BufferOp>() && diesIn(place, kernel) &&
          mayReplace(kernel, index))
        return place;
    }
    return {};
  }

  /// True if no value in `place` is read behind `kernel`, and by it only once.
  bool diesIn(Value place, KernelOp kernel) {
    unsigned readsHere = 0;
    for (auto &[value, where] : places) {
      if (where != place && viewedBuffer(where) != place)
        continue;
      for (Operation *user : value.getUsers()) {
        if (user == kernel)
          ++readsHere;
        else if (kernel->isBeforeInBlock(user) || user == ret)
          return false;
      }
    }
    return readsHere == 1;
  }

  static Value viewedBuffer(Value place) {
    while (auto range = place.getDefiningOp<RowRangeOp>())
      place = range.getInput();
    return place;
  }

  Value rowRange(Value place, int64_t begin, int64_t rows) {
    auto type = cast<MemRefType>(place.getType());
    if (rows == type.getDimSize(1))
      return place;
    SmallVector<int64_t> shape(type.getShape());
    shape[1] = rows;
    return RowRangeOp::create(
        builder, place.getLoc(),
        MemRefType::get(shape, type.getElementType(), type.getLayout()), place,
        begin);
  }

  Value pack(Value weight, MemRefType layout, StringRef role, Location loc) {
    Value &packed = packs[{weight, layout}];
    if (!packed) {
      packed = PackOp::create(builder, loc, layout, weight, IntegerAttr());
      packed.getDefiningOp()->setAttr(
          "vit.name", builder.getStringAttr(nodeName(loc) + "." + role));
    }
    return packed;
  }

  /// Fails where a result lies elsewhere than the caller looks for it.
  LogicalResult checkResults() {
    for (auto [index, result] : llvm::enumerate(ret.getOperands()))
      if (places.lookup(result) != outputArgument(index))
        return ret.emitOpError()
               << "expects a kernel to make result " << index << " alone";
    return success();
  }

  /// Drops the tensors; what is left are weights, buffers and steps.
  void finish() {
    builder.setInsertionPoint(ret);
    func::ReturnOp::create(builder, ret.getLoc());
    ret.erase();
    for (Operation *op : llvm::reverse(replaced))
      op->erase();
    Block &body = model.getBody().front();
    SmallVector<DictionaryAttr> attrs;
    model.getAllArgAttrs(attrs);
    attrs.resize(inputCount, builder.getDictionaryAttr({}));
    SmallVector<DictionaryAttr> resultAttrs;
    model.getAllResultAttrs(resultAttrs);
    resultAttrs.resize(model.getNumResults(), builder.getDictionaryAttr({}));
    attrs.append(resultAttrs.begin(), resultAttrs.end());
    body.eraseArguments(0, inputCount);
    model.setFunctionType(builder.getFunctionType(body.getArgumentTypes(), {}));
    model.setAllResultAttrs(ArrayRef<DictionaryAttr>());
    model.setAllArgAttrs(attrs);
    model->setAttr("vit.inputs", builder.getI64IntegerAttr(inputCount));
  }
};

struct AssignBuffersPass
    : vitc::impl::AssignBuffersPassBase<AssignBuffersPass> {
  void runOnOperation() override {
    KernelFunctions kernels(getOperation());
    for (auto func :
         llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (!func.getOps<KernelOp>().empty() &&
          failed(BufferAssignment(func, kernels).run()))
        return signalPassFailure();
  }
};

} // namespace
