//===- ReadTables.cpp - What the stages decided, as plain tables ----------===//

#include "codegen/LevelTable.h"
#include "dialect/VitOps.h"
#include "passes/buffers/Layout.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace vitc;
using namespace vitc::vit;

static uint64_t attribute(func::FuncOp func, StringRef name) {
  auto value = func->getAttrOfType<IntegerAttr>(name);
  return value ? value.getInt() : 0;
}

/// Where a step's buffer lies.
static vitc_operand locate(Value buffer, uint64_t inputs) {
  vitc_operand operand{};
  if (auto range = buffer.getDefiningOp<RowRangeOp>()) {
    operand = locate(range.getInput(), inputs);
    auto type = cast<MemRefType>(range.getInput().getType());
    auto [strides, offset] = type.getStridesAndOffset();
    operand.offset += range.getBegin() * strides[1] * 4;
  } else if (auto pack = buffer.getDefiningOp<PackOp>()) {
    operand.space = VITC_SPACE_WEIGHTS;
    operand.offset = *pack.getOffset();
  } else if (auto arena = buffer.getDefiningOp<BufferOp>()) {
    operand.space = VITC_SPACE_ARENA;
    operand.image_offset = *arena.getOffset();
  } else {
    uint64_t index = cast<BlockArgument>(buffer).getArgNumber();
    operand.space = index < inputs ? VITC_SPACE_INPUT : VITC_SPACE_OUTPUT;
    operand.index = index < inputs ? index : index - inputs;
  }
  return operand;
}

/// What a buffer spans of the arena, from where its operand lies.
static ArenaRange arenaRange(Value buffer, const vitc_operand &operand) {
  auto type = cast<MemRefType>(buffer.getType());
  uint64_t begin = operand.image_offset + operand.offset;
  uint64_t bytes = imageBytes(type);
  if (buffer.getDefiningOp<RowRangeOp>()) {
    auto [strides, offset] = type.getStridesAndOffset();
    bytes = type.getDimSize(1) * strides[1] * 4;
  }
  return {begin, begin + bytes};
}

// vitc_kernel_kind has the numbers of the dialect's enumeration.
static_assert(int(vit::KernelKind::Linear) == VITC_KERNEL_LINEAR &&
              int(vit::KernelKind::Attention) == VITC_KERNEL_ATTENTION &&
              int(vit::KernelKind::Rows) == VITC_KERNEL_ROWS &&
              int(vit::KernelKind::Pool) == VITC_KERNEL_POOL &&
              int(vit::KernelKind::Lanes) == VITC_KERNEL_LANES &&
              int(vit::KernelKind::Transpose) == VITC_KERNEL_TRANSPOSE);

llvm::StringMap<vitc_kernel_kind> vitc::readKernelKinds(ModuleOp module) {
  llvm::StringMap<vitc_kernel_kind> kinds;
  for (auto func : module.getOps<func::FuncOp>())
    for (auto kernel : func.getOps<KernelOp>())
      // The enumerations agree by their definition; see model.h.
      kinds[func.getName()] = static_cast<vitc_kernel_kind>(kernel.getKind());
  return kinds;
}

LevelTable vitc::readLevelTable(ModuleOp module, const CpuLevel &level,
                                const llvm::StringMap<vitc_kernel_kind> &kinds,
                                const std::array<uint8_t, 32> &weightsHash) {
  LevelTable table;
  table.level = level;
  table.weightsHash = weightsHash;
  for (auto func : module.getOps<func::FuncOp>()) {
    table.arenaWorkerBytes =
        std::max(table.arenaWorkerBytes, attribute(func, "vit.scratch_bytes"));
    if (func.getOps<StepOp>().empty())
      continue;
    uint64_t inputs = attribute(func, "vit.inputs");
    table.arenaImageBytes = attribute(func, "vit.arena_image_bytes");
    table.weightsBytes = attribute(func, "vit.weights_bytes");
    for (auto step : func.getOps<StepOp>()) {
      StepTable entry;
      entry.kernel = step.getCallee().str();
      entry.name = step.getName().str();
      entry.kind = kinds.lookup(entry.kernel);
      entry.rows = step.getRows();
      entry.grain = step.getGrain();
      entry.columns = step.getColumns();
      entry.macs = step.getMacs();
      entry.weightBytes = entry.imageBytes = 0;
      for (Value buffer : step.getBuffers()) {
        entry.operands.push_back(locate(buffer, inputs));
        const vitc_operand &operand = entry.operands.back();
        if (operand.space == VITC_SPACE_ARENA)
          entry.arena.push_back(arenaRange(buffer, operand));
        auto type = cast<MemRefType>(buffer.getType());
        if (operand.space == VITC_SPACE_WEIGHTS)
          entry.weightBytes += type.getNumElements() * 4;
        else
          entry.imageBytes += imageBytes(type);
      }
      vitc_operand scratch{};
      scratch.space = VITC_SPACE_SCRATCH;
      entry.operands.push_back(scratch);
      table.steps.push_back(std::move(entry));
    }
  }
  table.arenaWorkerBytes = roundUp(table.arenaWorkerBytes, kAlignment);
  return table;
}
