//===- Report.cpp - What vitc compile decided -----------------------------===//

#include "codegen/driver/Report.h"

#include "codegen/driver/KernelKinds.h"
#include "codegen/driver/TextTable.h"
#include "dialect/VitOps.h"
#include "passes/buffers/KernelFunctions.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>
#include <fmt/format.h>

using namespace llvm;
using namespace vitc;

namespace {

/// Hands the decisions of passes to a report. Analyses (tiles, places in the
/// arena) are not decisions: the table of kernels has them.
class RemarkCollector : public mlir::remark::detail::MLIRRemarkStreamerBase {
public:
  explicit RemarkCollector(Report &report) : report(report) {}

  void streamOptimizationRemark(
      const mlir::remark::detail::Remark &remark) override {
    std::string text;
    for (const auto &argument : remark.getArgs())
      text += argument.val;
    report.add(remark.getRemarkType() == remarks::Type::Passed,
               remark.getCategoryName(), text, nodeName(remark.getLocation()));
  }

private:
  Report &report;
};

/// What all steps of one kernel come to.
struct KernelSum {
  uint64_t steps = 0, macs = 0;
  double nominal = 0;
  uint64_t arenaBegin = UINT64_MAX, arenaEnd = 0;
  vitc_kernel_kind kind = VITC_KERNEL_LINEAR;
};

std::string roundedMacs(double macs) {
  return groupDigits(static_cast<uint64_t>(std::llround(macs)));
}

} // namespace

std::string vitc::summarizePlaces(ArrayRef<std::string> places) {
  std::vector<std::string> patterns;
  for (StringRef place : places) {
    std::string pattern = blockPattern(place);
    if (!is_contained(patterns, pattern))
      patterns.push_back(std::move(pattern));
  }
  constexpr size_t shown = 4;
  size_t more = patterns.size() - std::min(patterns.size(), shown);
  patterns.resize(patterns.size() - more);
  return join(patterns, ", ") + (more ? fmt::format(" and {} more", more) : "");
}

void Report::collect(mlir::MLIRContext &context) {
  mlir::remark::RemarkCategories categories; // others are left out
  categories.passed = categories.missed = "vit-.*";
  // It fails only where an engine is there already, and no other is made.
  (void)mlir::remark::enableOptimizationRemarks(
      context, std::make_unique<RemarkCollector>(*this),
      std::make_unique<mlir::remark::RemarkEmittingPolicyAll>(), categories);
}

void Report::add(bool passed, StringRef pass, StringRef text, StringRef place) {
  Decisions &decisions = passed ? taken : declined;
  Key key(pass.str(), text.str());
  auto [entry, isNew] = decisions.byKey.try_emplace(key);
  if (isNew)
    decisions.order.push_back(key);
  // Patterns are tried again and again, and say the same each time.
  Decision &decision = entry->second;
  if (decision.known.insert(place.str()).second)
    decision.places.push_back(place.str());
}

void Report::atStage(StringRef stage, mlir::ModuleOp module) {
  if (stage == "graph")
    nominal.readGraph(module);
  if (stage == "fused")
    nominal.readKernels(module);
  if (stage == "buffers")
    for (auto function : module.getOps<mlir::func::FuncOp>())
      for (auto kernel : function.getOps<vit::KernelOp>()) {
        vit::TileAttr tile = *kernel.getTile();
        tiles[function.getName().str()] = {tile.getRows(), tile.getColumns(),
                                           tile.getBlock(), tile.getDepth()};
      }
}

void Report::print(raw_ostream &os, const LevelTable &table) const {
  os << "what was fused, folded or cut\n";
  print(os, taken);
  os << "\nwhat was not, and why\n";
  print(os, declined);
  printKernels(os, table);
}

void Report::print(raw_ostream &os, const Decisions &decisions) {
  TextTable lines("rlll");
  lines.add({"times", "pass", "what", "where"});
  for (const Key &key : decisions.order) {
    const Decision &decision = decisions.byKey.at(key);
    lines.add({std::to_string(decision.places.size()), key.first, key.second,
               summarizePlaces(decision.places)});
  }
  if (decisions.order.empty())
    os << "  nothing\n";
  else
    lines.print(os);
}

void Report::printKernels(raw_ostream &os, const LevelTable &table) const {
  llvm::MapVector<StringRef, KernelSum> kernels;
  KernelSum all;
  for (auto [index, step] : enumerate(table.steps)) {
    KernelSum &sum = kernels[step.kernel];
    double asked = nominal.perKernel()[index];
    sum.kind = step.kind;
    for (KernelSum *into : {&sum, &all}) {
      ++into->steps;
      into->macs += step.macs;
      into->nominal += asked;
    }
    for (const ArenaRange &range : step.arena) {
      sum.arenaBegin = std::min(sum.arenaBegin, range.begin);
      sum.arenaEnd = std::max(sum.arenaEnd, range.end);
    }
  }

  os << "\nkernels, each in the order of its first step\n";
  TextTable lines("llrrrrrrr");
  lines.add({"name", "kind", "tile", "block", "depth", "steps", "multiply-adds",
             "in the model", "arena"});
  for (const auto &[name, sum] : kernels) {
    const Tile &tile = tiles.at(name.str());
    lines.add(
        {name.str(), kernelKindName(sum.kind),
         fmt::format("{} x {}", tile.rows, tile.columns),
         groupDigits(tile.block), tile.depth ? groupDigits(tile.depth) : "all",
         std::to_string(sum.steps), groupDigits(sum.macs),
         roundedMacs(sum.nominal),
         sum.arenaEnd
             ? groupDigits(sum.arenaBegin) + " to " + groupDigits(sum.arenaEnd)
             : "none"});
  }
  lines.add({"total", "", "", "", "", std::to_string(all.steps),
             groupDigits(all.macs), roundedMacs(all.nominal),
             "0 to " + groupDigits(table.arenaImageBytes)});
  lines.print(os);
  os << "\n  tile           rows x columns of results that stay in registers; "
        "in lanes\n"
        "                 kernels words x outputs\n"
        "  block          rows that a part of the weight meets one after the other\n"
        "  depth          steps of a product that a block does at a time\n"
        "  steps          calls of the kernel in a run\n"
        "  multiply-adds  that those calls do for one image\n"
        "  in the model   that the layers they stand for ask\n"
        "  arena          bytes, of one image, that they read or write\n";
}
