//===- Datum.cpp - What an expression of a spec is worth ------------------===//

#include "models/Datum.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <charconv>

using namespace llvm;
using namespace vitc;

Datum Datum::ofInteger(int64_t value) {
  Datum result;
  result.kind = Kind::Integer;
  result.integer = value;
  result.real = static_cast<double>(value);
  return result;
}

Datum Datum::ofReal(double value) {
  Datum result;
  result.kind = Kind::Real;
  result.real = value;
  return result;
}

Datum Datum::ofBoolean(bool value) {
  Datum result;
  result.kind = Kind::Boolean;
  result.boolean = value;
  return result;
}

Datum Datum::ofName(StringRef value) {
  Datum result;
  result.kind = Kind::Name;
  result.name = value.str();
  return result;
}

Datum Datum::ofSize(int64_t height, int64_t width) {
  Datum result;
  result.kind = Kind::Size;
  result.integer = height;
  result.width = width;
  return result;
}

Datum Datum::ofList(std::vector<Datum> items) {
  Datum result;
  result.kind = Kind::List;
  result.items = std::move(items);
  return result;
}

std::string Datum::print() const {
  switch (kind) {
  case Kind::Integer:
    return std::to_string(integer);
  case Kind::Real: {
    // The shortest text that reads back as the same number.
    char text[32];
    return std::string(text, std::to_chars(text, std::end(text), real).ptr);
  }
  case Kind::Boolean:
    return boolean ? "true" : "false";
  case Kind::Name:
    return "'" + name + "'";
  case Kind::Size:
    return std::to_string(integer) + "x" + std::to_string(width);
  case Kind::List: {
    constexpr size_t longest = 16;
    std::string text =
        join(map_range(ArrayRef(items).take_front(longest),
                       [](const Datum &item) { return item.print(); }),
             ", ");
    return "[" + text + (items.size() > longest ? ", ...]" : "]");
  }
  }
  return "";
}

bool Datum::operator==(const Datum &other) const {
  if (isNumber() && other.isNumber())
    return is(Kind::Integer) && other.is(Kind::Integer)
               ? integer == other.integer
               : real == other.real;
  if (kind != other.kind)
    return false;
  switch (kind) {
  case Kind::Boolean:
    return boolean == other.boolean;
  case Kind::Name:
    return name == other.name;
  case Kind::Size:
    return integer == other.integer && width == other.width;
  default:
    return items == other.items;
  }
}

StringRef vitc::kindName(Datum::Kind kind) {
  switch (kind) {
  case Datum::Kind::Integer:
    return "an integer";
  case Datum::Kind::Real:
    return "a real number";
  case Datum::Kind::Boolean:
    return "true or false";
  case Datum::Kind::Name:
    return "a name";
  case Datum::Kind::Size:
    return "a size such as 320x256";
  case Datum::Kind::List:
    return "a list";
  }
  return "";
}

std::optional<Datum> vitc::convert(const Datum &value, Datum::Kind kind) {
  if (value.is(kind))
    return value;
  if (value.is(Datum::Kind::Integer) && kind == Datum::Kind::Real)
    return Datum::ofReal(value.real);
  if (value.is(Datum::Kind::Integer) && kind == Datum::Kind::Size)
    return Datum::ofSize(value.integer, value.integer);
  return std::nullopt;
}
