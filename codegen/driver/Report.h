//===- Report.h - What vitc compile decided ---------------------*- C++ -*-===//
//
// `vitc compile --report`: the remarks of the passes, sorted and counted, and a
// table of the kernels. Watches a compilation from its first stage on.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_CODEGEN_DRIVER_REPORT_H
#define VITC_CODEGEN_DRIVER_REPORT_H

#include "codegen/LevelTable.h"
#include "codegen/driver/NominalMacs.h"

#include "mlir/IR/MLIRContext.h"

#include <map>
#include <set>

namespace vitc {

class Report {
public:
  /// Has the remarks of all passes in `context` come here; the report must be
  /// there as long as passes run.
  void collect(mlir::MLIRContext &context);

  /// Reads what it needs off the module at the end of a stage.
  void atStage(llvm::StringRef stage, mlir::ModuleOp module);

  /// Prints what was decided, and the kernels of `table`.
  void print(llvm::raw_ostream &os, const LevelTable &table) const;

  /// Adds a remark: `passed` or else declined, about the node `place`.
  void add(bool passed, llvm::StringRef pass, llvm::StringRef text,
           llvm::StringRef place);

private:
  using Key = std::pair<std::string, std::string>; ///< pass and text
  struct Decision {
    std::vector<std::string> places; ///< in order, each once
    std::set<std::string> known;
  };
  struct Decisions {
    std::vector<Key> order; ///< of their first appearance
    std::map<Key, Decision> byKey;
  };
  struct Tile {
    int64_t rows, columns, block, depth;
  };

  static void print(llvm::raw_ostream &os, const Decisions &decisions);
  void printKernels(llvm::raw_ostream &os, const LevelTable &table) const;

  Decisions taken, declined;
  std::map<std::string, Tile> tiles; ///< by kernel
  NominalMacs nominal;
};

/// Names of nodes as few patterns: "blocks.0.norm1" and "blocks.1.norm1" are
/// "blocks.*.norm1".
std::string summarizePlaces(llvm::ArrayRef<std::string> places);

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_REPORT_H
