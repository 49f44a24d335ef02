//===- LowerLanes.cpp - Places for the values of a lanes kernel -----------===//
//
// One task is a group of units. Inputs are read where they lie; what the kernel
// keeps to itself goes through scratch, which stays in L2. A result may share
// its buffer with an input, so it is written there directly only if nothing
// reads an input's element afterwards.
//
//===----------------------------------------------------------------------===//

#include "passes/buffers/Layout.h"
#include "passes/tiled/Lanes.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// The value whose elements `value` shows.
Value rootOf(Value value) {
  while (auto slice = value.getDefiningOp<SliceColumnsOp>())
    value = slice.getInput();
  return value;
}

/// True if the op reads element (word, channel) of `operand` for the last time
/// before it writes that element of its result.
bool readsBeforeWriting(Operation *op, OpOperand &operand) {
  if (operand.get().getDefiningOp<SliceColumnsOp>() ||
      operand.get().getType() != op->getResult(0).getType())
    return false;
  if (auto linear = dyn_cast<LinearOp>(op))
    return linear.getResidual() == operand.get() &&
           linear.getInput() != operand.get() &&
           linear.getActivation() == Activation::None;
  return isa<LayerNormOp, ActivationOp, AddOp, MulOp, SoftmaxOp>(op);
}

class LanesLowering {
public:
  explicit LanesLowering(KernelContext &context)
      : context(context), emit(context.emit), state(context, emit) {}

  LogicalResult run() {
    ValueRange outputs = context.kernel.getOutputs();
    for (Value output : outputs)
      if (!isLanes(cast<MemRefType>(output.getType())))
        return context.kernel.emitOpError() << "expects results of groups";
    findLastReaders();
    if (failed(placeArguments()))
      return failure();
    placeResults();

    int64_t groups = cast<MemRefType>(outputs[0].getType()).getDimSize(1);
    int64_t units = typeOf(context.yielded()).getDimSize(0);
    LogicalResult result = success();
    emit.loop(context.rowBegin, context.rowEnd, 1, [&](Value row) {
      state.image = emit.div(row, groups);
      state.group = emit.rem(row, groups);
      // Lanes behind the last unit hold nothing.
      Value lanes = emit.min(
          emit.sub(emit.index(units), emit.mul(state.group, kLaneCount)),
          emit.index(kLaneCount));
      emit.loop(emit.index(0), lanes, emit.width, [&](Value lane) {
        state.lane = lane;
        for (Operation &op : context.body().without_terminator())
          if (failed(emitLanesLayer(state, &op)))
            result = failure();
        copyResults();
      });
    });
    return result;
  }

private:
  void findLastReaders() {
    int64_t position = 0;
    for (Operation &op : context.body()) {
      for (Value operand : op.getOperands())
        if (!isa<SliceColumnsOp>(op))
          lastReader[rootOf(operand)] = position;
      positions[&op] = position++;
    }
  }

  LogicalResult placeArguments() {
    for (BlockArgument argument : context.body().getArguments()) {
      Value buffer = context.buffer(argument);
      int64_t channels = typeOf(argument).getShape().back();
      bool table = !isLanes(cast<MemRefType>(buffer.getType()));
      state.places[argument] = {buffer, channels, 0, table};
      for (OpOperand &use : argument.getUses())
        if (table && !isReadable(use))
          return use.getOwner()->emitOpError()
                 << "expects a table of rank 1 or 2 as operand "
                 << use.getOperandNumber() << ", got " << argument.getType();
    }
    return success();
  }

  /// True for an operand that is no activation but has its own way of reading.
  bool isReadable(OpOperand &use) {
    auto buffer = cast<MemRefType>(context.buffer(use.get()).getType());
    if (isa<UnfoldOp>(use.getOwner()))
      return true;
    if (auto linear = dyn_cast<LinearOp>(use.getOwner());
        linear && linear.getWeight() == use.get())
      return buffer.getRank() == 3;
    return use.getOperandNumber() > 0 && buffer.getRank() <= 2;
  }

  void placeResults() {
    Operation *yield = context.body().getTerminator();
    int64_t scores = 0;
    for (Operation &op : context.body().without_terminator()) {
      Value result = op.getResult(0);
      if (auto slice = dyn_cast<SliceColumnsOp>(op)) {
        LanesPlace place = state.places[slice.getInput()];
        place.offset += slice.getBegin();
        state.places[result] = place;
        continue;
      }
      if (auto attention = dyn_cast<AttentionOp>(op))
        scores = std::max(scores, attention.getKey().getType().getDimSize(1));
      if (auto map = dyn_cast<AttentionMapOp>(op))
        scores = std::max(scores, map.getKey().getType().getDimSize(1));
      int64_t channels = typeOf(result).getShape().back();
      Value buffer;
      for (OpOperand &use : yield->getOpOperands())
        if (use.get() == result && mayWriteOutput(&op))
          buffer = context.kernel.getOutputs()[use.getOperandNumber()];
      if (!buffer)
        buffer = takeScratch(lanesWords(result) * channels);
      state.places[result] = {buffer, channels, 0, false};
      releaseScratch(&op);
    }
    if (scores)
      state.scores = context.scratch.take({scores, emit.width});
  }

  /// True if the result of `op` may overwrite any of the kernel's inputs.
  bool mayWriteOutput(Operation *op) {
    for (BlockArgument argument : context.body().getArguments()) {
      if (state.places[argument].table || !lastReader.count(argument) ||
          lastReader[argument] < positions[op])
        continue;
      if (lastReader[argument] > positions[op])
        return false;
      for (OpOperand &operand : op->getOpOperands())
        if (rootOf(operand.get()) == argument &&
            !readsBeforeWriting(op, operand))
          return false;
    }
    return true;
  }

  Value takeScratch(int64_t lines) {
    for (auto *it = free.begin(); it != free.end(); ++it)
      if (cast<MemRefType>(it->getType()).getDimSize(0) == lines) {
        Value buffer = *it;
        free.erase(it);
        return buffer;
      }
    return context.scratch.take({lines, emit.width});
  }

  /// Buffers whose values `op` reads last are free for later ones.
  void releaseScratch(Operation *op) {
    llvm::SmallSetVector<Value, 4> roots;
    for (Value operand : op->getOperands())
      roots.insert(rootOf(operand));
    for (Value root : roots)
      if (root.getDefiningOp() && lastReader[root] == positions[op] &&
          !llvm::is_contained(context.kernel.getOutputs(),
                              state.places[root].buffer))
        free.push_back(state.places[root].buffer);
  }

  /// Results that could not be written to their buffers at once.
  void copyResults() {
    for (OpOperand &use : context.body().getTerminator()->getOpOperands()) {
      LanesPlace from = state.places[use.get()];
      Value output = context.kernel.getOutputs()[use.getOperandNumber()];
      if (from.buffer == output)
        continue;
      int64_t channels = typeOf(use.get()).getShape().back();
      emit.loop(0, lanesWords(use.get()), [&](Value word) {
        emit.loop(0, channels, [&](Value channel) {
          Value line = emit.add(emit.mul(word, channels), channel);
          emit.storeVector(state.load(use.get(), word, channel), output,
                           {state.image, state.group, line, state.lane});
        });
      });
    }
  }

  KernelContext &context;
  Emitter &emit;
  LanesState state;
  llvm::DenseMap<Operation *, int64_t> positions;
  llvm::DenseMap<Value, int64_t> lastReader;
  llvm::SmallVector<Value> free;
};

} // namespace

int64_t vitc::lanesWords(Value value) {
  ArrayRef<int64_t> shape = typeOf(value).getShape();
  return typeOf(value).getNumElements() / shape.front() / shape.back();
}

Emitter::Values LanesState::indices(const LanesPlace &place, Value word,
                                    Value channel) {
  int64_t rank = cast<MemRefType>(place.buffer.getType()).getRank();
  if (place.table)
    return rank == 1 ? Emitter::Values{channel}
                     : Emitter::Values{word, channel};
  Value line =
      emit.add(emit.add(emit.mul(word, place.stride), place.offset), channel);
  return rank == 2 ? Emitter::Values{line, emit.index(0)}
                   : Emitter::Values{image, group, line, lane};
}

Value LanesState::load(Value value, Value word, Value channel) {
  const LanesPlace &place = places.find(value)->second;
  Emitter::Values at = indices(place, word, channel);
  return place.table ? emit.splat(emit.load(place.buffer, at))
                     : emit.loadVector(place.buffer, at);
}

void LanesState::store(Value vector, Value value, Value word, Value channel) {
  const LanesPlace &place = places.find(value)->second;
  emit.storeVector(vector, place.buffer, indices(place, word, channel));
}

LogicalResult vitc::lowerLanesKernel(KernelContext &context) {
  return LanesLowering(context).run();
}
