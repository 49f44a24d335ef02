//===- TextTable.h - Tables in a terminal -----------------------*- C++ -*-===//

#ifndef VITC_CODEGEN_DRIVER_TEXTTABLE_H
#define VITC_CODEGEN_DRIVER_TEXTTABLE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace vitc {

/// Rows of text, padded so that columns line up.
class TextTable {
public:
  /// One letter for every column: 'l' for text, 'r' for numbers, which stand
  /// to the right.
  explicit TextTable(llvm::StringRef columns) : columns(columns) {}
  /// Adds a row; columns that it lacks are empty.
  void add(std::vector<std::string> row) { rows.push_back(std::move(row)); }
  /// Prints the rows, two spaces before every column.
  void print(llvm::raw_ostream &os) const;

private:
  std::string columns;
  std::vector<std::vector<std::string>> rows;
};

/// "blocks.*.attn" for "blocks.3.attn": a name that is the same in all blocks.
std::string blockPattern(llvm::StringRef name);

/// 350100 as "350.1 kB".
std::string kilobytes(uint64_t bytes);

/// 86567656 as "86,567,656".
std::string groupDigits(uint64_t number);

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_TEXTTABLE_H
