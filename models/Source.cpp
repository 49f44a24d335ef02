//===- Source.cpp - Where a text comes from, and what is wrong in it ------===//

#include "models/Source.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace llvm;
using namespace vitc;

namespace {
/// More errors than anyone reads; bounds the memory a hostile file can take.
constexpr size_t maxErrors = 100;
} // namespace

Source::Source(std::string name, std::string text, bool isFile)
    : name(std::move(name)), text(std::move(text)), isFile(isFile) {
  lines.push_back(0);
  for (size_t i = 0; i < this->text.size(); ++i)
    if (this->text[i] == '\n')
      lines.push_back(i + 1);
}

std::pair<unsigned, unsigned> Source::lineColumn(size_t offset) const {
  offset = std::min(offset, text.size());
  auto next = std::upper_bound(lines.begin(), lines.end(), offset);
  unsigned line = next - lines.begin();
  return {line, static_cast<unsigned>(offset - lines[line - 1] + 1)};
}

void Diagnostics::add(const Source &source, size_t offset, const Twine &text) {
  if (!source.isFile)
    return addLine(("error: " + source.name + ": " + text).str());
  auto [line, column] = source.lineColumn(offset);
  addLine((source.name + ":" + Twine(line) + ":" + Twine(column) +
           ": error: " + text)
              .str());
}

void Diagnostics::add(const Twine &text) { addLine(("error: " + text).str()); }

void Diagnostics::addLine(std::string line) {
  for (char &c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      c = '?';
  if (errors.size() > maxErrors || !seen.insert(line).second)
    return;
  if (errors.size() == maxErrors)
    line = "error: too many errors, the others are left out";
  errors.push_back(std::move(line));
}

bool Diagnostics::isFull() const { return errors.size() > maxErrors; }

void Diagnostics::print(raw_ostream &os) const {
  for (const std::string &error : errors)
    os << error << '\n';
}

std::string vitc::quotedChoice(ArrayRef<std::string> names) {
  std::string result;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i)
      result += i + 1 == names.size() ? " or " : ", ";
    result += quoteName(names[i]);
  }
  return result;
}
