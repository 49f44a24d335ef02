//===- PlanArena.cpp - Buffers that never meet share their place ----------===//

#include "dialect/VitOps.h"
#include "passes/Passes.h"
#include "passes/buffers/Layout.h"

#include <fmt/format.h>

#include "passes/Remarks.h"

#define DEBUG_TYPE "vit-plan-arena"

namespace vitc {
#define GEN_PASS_DEF_PLANARENAPASS
#include "passes/Passes.h.inc"
} // namespace vitc

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

namespace {

/// A buffer with its size and the steps between which it is alive.
struct Interval {
  BufferOp buffer;
  int64_t bytes;
  int64_t first, last;
  int64_t offset = 0;

  bool meets(const Interval &other) const {
    return first <= other.last && other.first <= last;
  }
};

void collectSteps(Value place, const DenseMap<Operation *, int64_t> &stepIndex,
                  Interval &interval) {
  for (Operation *user : place.getUsers()) {
    if (auto range = dyn_cast<RowRangeOp>(user)) {
      collectSteps(range.getResult(), stepIndex, interval);
      continue;
    }
    int64_t index = stepIndex.lookup(user);
    interval.first = std::min(interval.first, index);
    interval.last = std::max(interval.last, index);
  }
}

/// Largest first, each at the lowest offset that is free while it is alive.
int64_t place(MutableArrayRef<Interval> intervals) {
  SmallVector<Interval *> order;
  for (Interval &interval : intervals)
    order.push_back(&interval);
  llvm::stable_sort(order, [](const Interval *a, const Interval *b) {
    return a->bytes > b->bytes;
  });
  SmallVector<Interval *> placed; // by offset
  int64_t total = 0;
  for (Interval *interval : order) {
    int64_t offset = 0;
    for (const Interval *other : placed)
      if (other->meets(*interval)) {
        if (other->offset - offset >= interval->bytes)
          break;
        offset = std::max(offset, other->offset + other->bytes);
      }
    interval->offset = offset;
    total = std::max(total, offset + interval->bytes);
    placed.insert(llvm::upper_bound(placed, interval,
                                    [](const Interval *a, const Interval *b) {
                                      return a->offset < b->offset;
                                    }),
                  interval);
  }
  return total;
}

struct PlanArenaPass : vitc::impl::PlanArenaPassBase<PlanArenaPass> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (!func.getOps<StepOp>().empty())
        plan(func);
  }

  void plan(func::FuncOp func) {
    DenseMap<Operation *, int64_t> stepIndex;
    for (auto step : func.getOps<StepOp>())
      stepIndex[step] = static_cast<int64_t>(stepIndex.size());
    SmallVector<Interval> intervals;
    int64_t sum = 0;
    for (auto buffer : func.getOps<BufferOp>()) {
      int64_t bytes =
          roundUp(imageBytes(cast<MemRefType>(buffer.getResult().getType())),
                  kAlignment);
      Interval interval{buffer, bytes, INT64_MAX, -1};
      collectSteps(buffer.getResult(), stepIndex, interval);
      intervals.push_back(interval);
      sum += bytes;
    }
    int64_t total = place(intervals);
    Builder builder(func.getContext());
    for (Interval &interval : intervals) {
      interval.buffer.setOffsetAttr(builder.getI64IntegerAttr(interval.offset));
      VITC_REMARK(analysis, interval.buffer.getLoc(), "BufferPlaced")
          << fmt::format("bytes {} to {} of the arena, steps {} to {}",
                         interval.offset, interval.offset + interval.bytes,
                         interval.first, interval.last);
    }
    VITC_REMARK(passed, func.getLoc(), "ArenaPlanned")
        << fmt::format("{} bytes an image for {} buffers of {} bytes together",
                       total, intervals.size(), sum);
    func->setAttr("vit.arena_image_bytes", builder.getI64IntegerAttr(total));
  }
};

} // namespace
