//===- TextTable.cpp - Tables in a terminal -------------------------------===//

#include "codegen/driver/TextTable.h"

using namespace llvm;
using namespace vitc;

void TextTable::print(raw_ostream &os) const {
  std::vector<size_t> widths(columns.size());
  for (const auto &row : rows)
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  for (const auto &row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      std::string space(widths[i] - row[i].size(), ' ');
      line += "  " + (columns[i] == 'r' ? space + row[i] : row[i] + space);
    }
    os << StringRef(line).rtrim() << '\n';
  }
}

std::string vitc::groupDigits(uint64_t number) {
  std::string digits = std::to_string(number);
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(i, ",");
  return digits;
}
