//===- SafetensorsHeader.cpp - The JSON part of a safetensors file --------===//

#include "models/SafetensorsHeader.h"

#include "models/MessageText.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include <nlohmann/json.hpp>
#include <optional>

using namespace llvm;
using namespace vitc;

namespace {

/// More dimensions than any tensor has.
constexpr size_t maxRank = 16;

/// Bits of an element; 0 if the format has no such type.
unsigned elementBits(StringRef dtype) {
  static constexpr struct {
    const char *name;
    unsigned bits;
  } types[] = {{"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"BOOL", 8},
               {"U8", 8},      {"I8", 8},      {"F8_E5M2", 8}, {"F8_E4M3", 8},
               {"F8_E8M0", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},
               {"BF16", 16},   {"I32", 32},    {"U32", 32},    {"F32", 32},
               {"F64", 64},    {"I64", 64},    {"U64", 64},    {"C64", 64}};
  for (const auto &type : types)
    if (dtype == type.name)
      return type.bits;
  return 0;
}

/// Bytes of a tensor; none if they don't fit into 63 bits or end within a byte.
std::optional<uint64_t> tensorBytes(const SafetensorsEntry &tensor) {
  uint64_t bits = elementBits(tensor.dtype);
  for (int64_t length : tensor.shape)
    if (__builtin_mul_overflow(bits, static_cast<uint64_t>(length), &bits))
      return std::nullopt;
  if (bits % 8 || bits > static_cast<uint64_t>(INT64_MAX))
    return std::nullopt;
  return bits / 8;
}

/// Receives the parser's events. The grammar has three levels only, so the
/// place in it is a single enum; whatever nests deeper is an error.
class Handler {
public:
  enum class Place { Start, Tensors, Tensor, Shape, Offsets, Metadata, End };

  bool null() { return unexpected("null"); }
  bool boolean(bool) { return unexpected("a boolean"); }
  bool number_integer(int64_t) { return unexpected("a negative number"); }
  bool number_float(double, const std::string &text) {
    return unexpected("the number " + text);
  }
  bool binary(std::vector<uint8_t> &) { return unexpected("binary data"); }

  bool number_unsigned(uint64_t value) {
    if (place == Place::Shape) {
      if (tensor.shape.size() == maxRank)
        return fail(where() + "expected at most " + std::to_string(maxRank) +
                    " dimensions");
      if (value > static_cast<uint64_t>(INT64_MAX))
        return fail(where() + "dimension " + std::to_string(value) +
                    " is too large");
      tensor.shape.push_back(static_cast<int64_t>(value));
      return true;
    }
    if (place == Place::Offsets) {
      offsets.push_back(value);
      return offsets.size() <= 2 ||
             fail(where() + "expected two offsets, found more");
    }
    return unexpected("the number " + std::to_string(value));
  }

  bool string(std::string &text) {
    if (place == Place::Metadata)
      return true;
    if (place != Place::Tensor || field != "dtype")
      return unexpected("the string " + quoteName(text));
    tensor.dtype = text;
    return elementBits(text) ||
           fail(where() + "unknown element type " + quoteName(text));
  }

  bool start_object(size_t) {
    if (place == Place::Start) {
      place = Place::Tensors;
      return true;
    }
    if (place != Place::Tensors)
      return unexpected("an object");
    place = name == "__metadata__" ? Place::Metadata : Place::Tensor;
    tensor = {};
    tensor.name = name;
    fields.clear();
    offsets.clear();
    return true;
  }

  bool key(std::string &text) {
    if (place == Place::Tensors) {
      name = text;
      return names.insert(text).second ||
             fail("expected every tensor once, found " + quoteName(text) +
                  " twice");
    }
    field = text;
    if (place == Place::Tensor && field != "dtype" && field != "shape" &&
        field != "data_offsets")
      return fail(where() + "expected dtype, shape and data_offsets, found " +
                  quoteName(text));
    return fields.insert(text).second ||
           fail(where() + "found " + quoteName(text) + " twice");
  }

  bool end_object() {
    if (place == Place::Tensors) {
      place = Place::End;
      return true;
    }
    if (place == Place::Tensor && !finishTensor())
      return false;
    place = Place::Tensors;
    return true;
  }

  bool start_array(size_t) {
    if (place != Place::Tensor || field == "dtype")
      return unexpected("an array");
    place = field == "shape" ? Place::Shape : Place::Offsets;
    return true;
  }

  bool end_array() {
    place = Place::Tensor;
    return true;
  }

  bool parse_error(size_t position, const std::string &,
                   const nlohmann::detail::exception &error) {
    return fail("header byte " + std::to_string(position) + ": " +
                jsonErrorText(error.what()));
  }

  std::vector<SafetensorsEntry> tensors;
  std::string error;

private:
  bool fail(std::string text) {
    error = std::move(text);
    return false;
  }

  std::string where() const {
    if (place == Place::Metadata)
      return "__metadata__: ";
    std::string text = "tensor " + quoteName(name) + ": ";
    if (place == Place::Shape || place == Place::Offsets)
      text += field + ": ";
    return text;
  }

  bool unexpected(const std::string &found) {
    switch (place) {
    case Place::Start:
    case Place::End:
      break; // a header begins with '{', and nothing follows its end
    case Place::Tensors:
      return fail("tensor " + quoteName(name) + ": expected an object, found " +
                  found);
    case Place::Tensor:
      return fail(where() + field + ": expected " +
                  (field == "dtype" ? "a string" : "an array") + ", found " +
                  found);
    case Place::Metadata:
      return fail(where() + "expected a string, found " + found);
    case Place::Shape:
    case Place::Offsets:
      return fail(where() + "expected numbers from 0 up, found " + found);
    }
    return fail("malformed header");
  }

  bool finishTensor() {
    for (StringRef needed : {"dtype", "shape", "data_offsets"})
      if (!fields.contains(needed))
        return fail(where() + "expected " + needed.str() + ", found none");
    if (offsets.size() != 2 || offsets[0] > offsets[1])
      return fail(where() + "expected data_offsets [begin, end] with begin at "
                            "most end");
    tensor.begin = offsets[0];
    tensor.end = offsets[1];
    std::optional<uint64_t> bytes = tensorBytes(tensor);
    if (!bytes)
      return fail(where() + "shape " + formatShape(tensor.shape) + " of " +
                  tensor.dtype +
                  " has no size in bytes that fits into 63 "
                  "bits");
    if (*bytes != tensor.end - tensor.begin)
      return fail(where() + "expected " + std::to_string(*bytes) +
                  " bytes for shape " + formatShape(tensor.shape) + " of " +
                  tensor.dtype + ", found data_offsets of " +
                  std::to_string(tensor.end - tensor.begin));
    tensors.push_back(std::move(tensor));
    return true;
  }

  Place place = Place::Start;
  std::string name, field;
  StringSet<> names, fields;
  SmallVector<uint64_t, 2> offsets;
  SafetensorsEntry tensor;
};

/// Checks that the sorted `tensors` follow each other and fill the data.
Error checkCover(ArrayRef<SafetensorsEntry> tensors, uint64_t dataBytes) {
  uint64_t expected = 0;
  StringRef before;
  for (const SafetensorsEntry &tensor : tensors) {
    if (tensor.end > dataBytes)
      return createStringError(
          "tensor " + quoteName(tensor.name) + ": expected data that ends by " +
          "byte " + std::to_string(dataBytes) + " of the data, found " +
          std::to_string(tensor.end) + " (is the file truncated?)");
    if (tensor.begin < expected)
      return createStringError("tensor " + quoteName(tensor.name) +
                               ": overlaps tensor " + quoteName(before));
    if (tensor.begin > expected)
      return createStringError(
          "tensor " + quoteName(tensor.name) + ": expected data from byte " +
          std::to_string(expected) + ", found a hole before byte " +
          std::to_string(tensor.begin));
    expected = tensor.end;
    before = tensor.name;
  }
  if (expected != dataBytes)
    return createStringError(
        "expected the tensors to fill " + std::to_string(dataBytes) +
        " bytes of data, found that they end at " + std::to_string(expected));
  return Error::success();
}

} // namespace

Expected<std::vector<SafetensorsEntry>>
vitc::parseSafetensorsHeader(StringRef json, uint64_t dataBytes) {
  Handler handler;
  if (!json.starts_with("{"))
    return createStringError("expected a header that begins with '{'");
  if (!nlohmann::json::sax_parse(json.begin(), json.end(), &handler))
    return createStringError(handler.error);
  // Empty tensors first, so that they cannot seem to overlap their neighbour.
  llvm::sort(handler.tensors, [](const SafetensorsEntry &a,
                                 const SafetensorsEntry &b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  if (Error error = checkCover(handler.tensors, dataBytes))
    return std::move(error);
  return std::move(handler.tensors);
}
