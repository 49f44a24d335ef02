//===- NpyFile.cpp - Arrays in NumPy's file format ------------------------===//

#include "models/NpyFile.h"

#include "models/MessageText.h"
#include "models/OutputFiles.h"
#include "models/ReadFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>

using namespace llvm;
using namespace vitc;

namespace {

constexpr StringLiteral magic("\x93NUMPY");

/// NumPy's own limit on dimensions, and more header than any array needs.
constexpr size_t maxRank = 64;
constexpr uint64_t maxHeaderBytes = 1 << 20;

struct TypeInfo {
  NpyType type;
  StringLiteral description, name, dtype;
  uint64_t bytes;
};
/// In the order of the enumerators. NumPy has no bfloat16: JAX saves it as two
/// bytes of no type.
constexpr TypeInfo types[] = {{NpyType::F32, "<f4", "float32", "F32", 4},
                              {NpyType::F64, "<f8", "float64", "F64", 8},
                              {NpyType::U8, "|u1", "uint8", "U8", 1},
                              {NpyType::F16, "<f2", "float16", "F16", 2},
                              {NpyType::BF16, "|V2", "bfloat16", "BF16", 2},
                              {NpyType::I8, "|i1", "int8", "I8", 1},
                              {NpyType::I16, "<i2", "int16", "I16", 2},
                              {NpyType::I32, "<i4", "int32", "I32", 4},
                              {NpyType::I64, "<i8", "int64", "I64", 8},
                              {NpyType::U16, "<u2", "uint16", "U16", 2},
                              {NpyType::U32, "<u4", "uint32", "U32", 4},
                              {NpyType::U64, "<u8", "uint64", "U64", 8}};

const TypeInfo &infoOf(NpyType type) {
  return types[static_cast<size_t>(type)];
}

/// Reads the header, a Python dictionary with three entries. The functions
/// return false, or nothing, after they have set `error`.
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : rest(text) {}

  bool parse();

  const TypeInfo *type = nullptr;
  SmallVector<int64_t, 4> shape;
  std::string error;

private:
  bool fail(const Twine &text) {
    error = text.str();
    return false;
  }
  bool consume(char c) {
    rest = rest.ltrim();
    return rest.consume_front(StringRef(&c, 1));
  }
  std::optional<StringRef> parseString();
  bool parseType();
  bool parseOrder();
  bool parseShape();

  StringRef rest;
};

std::optional<StringRef> HeaderParser::parseString() {
  char quote = consume('\'') ? '\'' : consume('"') ? '"' : 0;
  size_t end = quote ? rest.find(quote) : StringRef::npos;
  if (end == StringRef::npos) {
    fail("expected a string in the header, found " +
         quoteName(rest.take_front(20)));
    return std::nullopt;
  }
  StringRef text = rest.take_front(end);
  rest = rest.drop_front(end + 1);
  return text;
}

bool HeaderParser::parseType() {
  std::optional<StringRef> text = parseString();
  if (!text)
    return false;
  for (const TypeInfo &info : types)
    if (*text == info.description)
      type = &info;
  return type || fail("expected numbers, little-endian, such as '<f4', '<f8' "
                      "or '|u1', found " +
                      quoteName(*text));
}

bool HeaderParser::parseOrder() {
  rest = rest.ltrim();
  if (rest.consume_front("False"))
    return true;
  if (rest.consume_front("True"))
    return fail("expected an array in C order, found Fortran order");
  return fail("expected fortran_order to be True or False, found " +
              quoteName(rest.take_front(20)));
}

bool HeaderParser::parseShape() {
  if (!consume('('))
    return fail("expected shape to be a tuple, found " +
                quoteName(rest.take_front(20)));
  while (!consume(')')) {
    int64_t length;
    rest = rest.ltrim();
    bool isZero = rest.starts_with("0");
    if (rest.empty() || !isDigit(rest.front()) ||
        rest.consumeInteger(10, length) || (isZero && length))
      return fail("expected a dimension of at most 63 bits, found " +
                  quoteName(rest.take_front(20)));
    if (shape.size() == maxRank)
      return fail("expected at most " + Twine(maxRank) +
                  " dimensions, found more");
    shape.push_back(length);
    if (!consume(',') && !rest.ltrim().starts_with(")"))
      return fail("expected ',' or ')' after a dimension, found " +
                  quoteName(rest.take_front(20)));
  }
  return true;
}

bool HeaderParser::parse() {
  if (!consume('{'))
    return fail("expected a header that begins with '{'");
  bool seen[3] = {};
  while (!consume('}')) {
    std::optional<StringRef> key = parseString();
    if (!key)
      return false;
    if (!consume(':'))
      return fail("expected ':' after " + quoteName(*key));
    static constexpr StringLiteral keys[] = {"descr", "fortran_order", "shape"};
    size_t index = llvm::find(keys, *key) - std::begin(keys);
    if (index == std::size(keys))
      return fail("expected descr, fortran_order and shape, found " +
                  quoteName(*key));
    if (std::exchange(seen[index], true))
      return fail("found " + quoteName(*key) + " twice");
    bool parsed = index == 0   ? parseType()
                  : index == 1 ? parseOrder()
                               : parseShape();
    if (!parsed)
      return false;
    if (!consume(',') && !rest.ltrim().starts_with("}"))
      return fail("expected ',' or '}' after the value of " + quoteName(*key));
  }
  if (!seen[0] || !seen[1] || !seen[2])
    return fail("expected descr, fortran_order and shape, found fewer");
  return rest.trim().empty() ||
         fail("expected the header to end after '}', found " +
              quoteName(rest.trim().take_front(20)));
}

/// Bytes of an array; none if they don't fit into 63 bits.
std::optional<uint64_t> arrayBytes(const TypeInfo &type,
                                   ArrayRef<int64_t> shape) {
  uint64_t bytes = type.bytes;
  for (int64_t length : shape)
    if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(length), &bytes) ||
        bytes > static_cast<uint64_t>(INT64_MAX))
      return std::nullopt;
  return bytes;
}

} // namespace

StringRef vitc::npyTypeName(NpyType type) { return infoOf(type).name; }

StringRef vitc::npyDtype(NpyType type) { return infoOf(type).dtype; }

Expected<NpyFile> NpyFile::open(StringRef path) {
  auto buffer = readFile(path);
  if (!buffer)
    return buffer.takeError();
  return parse(std::move(*buffer));
}

Expected<NpyFile> NpyFile::parse(std::unique_ptr<MemoryBuffer> buffer) {
  auto fail = [&](const Twine &text) {
    return createStringError(quoteName(buffer->getBufferIdentifier()) + ": " +
                             text);
  };
  StringRef bytes = buffer->getBuffer();
  if (!bytes.starts_with(magic) || bytes.size() < 8)
    return fail("expected a .npy file, found something else");
  unsigned version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3 || bytes[7] != 0)
    return fail(
        "expected version 1.0, 2.0 or 3.0 of .npy, found " + Twine(version) +
        "." +
        Twine(static_cast<unsigned>(static_cast<unsigned char>(bytes[7]))));
  size_t begin = version == 1 ? 10 : 12;
  if (bytes.size() < begin)
    return fail("expected a header, found the end of the file");
  uint64_t length = version == 1 ? support::endian::read16le(bytes.data() + 8)
                                 : support::endian::read32le(bytes.data() + 8);
  if (length > maxHeaderBytes || length > bytes.size() - begin)
    return fail(
        "expected a header of at most " +
        Twine(std::min<uint64_t>(maxHeaderBytes, bytes.size() - begin)) +
        " bytes, found a length of " + Twine(length));
  HeaderParser header(bytes.substr(begin, length));
  if (!header.parse())
    return fail(header.error);
  StringRef data = bytes.drop_front(begin + length);
  std::optional<uint64_t> needed = arrayBytes(*header.type, header.shape);
  if (!needed)
    return fail("expected fewer than 2^63 bytes of data, found shape " +
                Twine(formatShape(header.shape)) + " of " + header.type->name);
  if (*needed != data.size())
    return fail("expected " + Twine(*needed) + " bytes of " +
                header.type->name + " for shape " + formatShape(header.shape) +
                ", found " + Twine(data.size()));
  NpyFile file;
  file.buffer = std::move(buffer);
  file.elementType = header.type->type;
  file.dimensions = header.shape;
  file.elements = arrayRefFromStringRef(data);
  return file;
}

Error vitc::writeNpy(StringRef path, NpyType type, ArrayRef<int64_t> shape,
                     ArrayRef<uint8_t> data) {
  const TypeInfo &info = infoOf(type);
  assert(arrayBytes(info, shape) == data.size() && "data of another shape");
  std::string header;
  raw_string_ostream os(header);
  os << "{'descr': '" << info.description
     << "', 'fortran_order': False, 'shape': (";
  interleaveComma(shape, os);
  os << (shape.size() == 1 ? ",), }" : "), }");
  // The data begins at a multiple of 64 bytes; a newline ends the header.
  header.append(alignTo(header.size() + 11, 64) - header.size() - 11, ' ');
  header += '\n';
  return writeFile(path, [&](raw_pwrite_stream &file) {
    auto length = static_cast<uint16_t>(header.size());
    file << magic << '\1' << '\0' << static_cast<char>(length & 0xff)
         << static_cast<char>(length >> 8) << header;
    file.write(reinterpret_cast<const char *>(data.data()), data.size());
    return Error::success();
  });
}
