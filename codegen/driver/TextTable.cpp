//===- TextTable.cpp - Tables in a terminal -------------------------------===//

#include "codegen/driver/TextTable.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <fmt/format.h>

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

std::string vitc::blockPattern(StringRef name) {
  SmallVector<StringRef> parts;
  name.split(parts, '.');
  for (StringRef &part : parts)
    if (all_of(part, isDigit))
      part = "*";
  return join(parts, ".");
}

std::string vitc::kilobytes(uint64_t bytes) {
  return fmt::format("{:.1f} kB", double(bytes) * 1e-3);
}

std::string vitc::groupDigits(uint64_t number) {
  std::string digits = std::to_string(number);
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(i, ",");
  return digits;
}
