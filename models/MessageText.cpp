//===- MessageText.cpp - Names and shapes in messages ---------------------===//

#include "models/MessageText.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

std::string vitc::quoteName(StringRef name) {
  constexpr size_t longest = 120;
  bool cut = name.size() > longest;
  std::string text = "'";
  for (char c : name.take_front(longest)) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      text += "\\x" + toHex(StringRef(&c, 1));
    else
      text += c;
  }
  return text + (cut ? "...'" : "'");
}

std::string vitc::formatShape(ArrayRef<int64_t> shape) {
  std::string text;
  raw_string_ostream os(text);
  os << '[';
  interleaveComma(shape, os);
  os << ']';
  return text;
}

std::string vitc::shapeText(ArrayRef<int64_t> shape) {
  return join(map_range(shape, [](int64_t d) { return std::to_string(d); }),
              " x ");
}

std::string vitc::jsonErrorText(StringRef what) {
  // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax
  // error while ... - ...; last read: '...'", or "[...] number overflow ...".
  constexpr size_t longest = 160;
  StringRef text = what.split("] ").second;
  if (text.starts_with("parse error at "))
    text = text.split(": ").second;
  return text.split("; last read").first.take_front(longest).str();
}
