//===- Datum.h - What an expression of a spec is worth ----------*- C++ -*-===//

#ifndef VITC_MODELS_DATUM_H
#define VITC_MODELS_DATUM_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vitc {

/// An integer, real number, boolean, name, size (height x width) or list.
class Datum {
public:
  enum class Kind { Integer, Real, Boolean, Name, Size, List };

  static Datum ofInteger(int64_t value);
  static Datum ofReal(double value);
  static Datum ofBoolean(bool value);
  static Datum ofName(llvm::StringRef value);
  static Datum ofSize(int64_t height, int64_t width);
  static Datum ofList(std::vector<Datum> items);

  bool is(Kind other) const { return kind == other; }
  bool isNumber() const { return is(Kind::Integer) || is(Kind::Real); }

  /// As an expression would be written: 384, 1e-06, 'mean', 320x256, [0, 5].
  std::string print() const;
  bool operator==(const Datum &other) const;

  Kind kind = Kind::Integer;
  int64_t integer = 0;      ///< Integer; height of a Size
  int64_t width = 0;        ///< Size
  double real = 0;          ///< Real, Integer
  bool boolean = false;     ///< Boolean
  std::string name;         ///< Name
  std::vector<Datum> items; ///< List
};

/// "an integer", "a size such as 320x256", ...
llvm::StringRef kindName(Datum::Kind kind);

/// `value` as a `kind`: an integer becomes a real number or a square size where
/// one is expected; nothing else changes its kind.
std::optional<Datum> convert(const Datum &value, Datum::Kind kind);

} // namespace vitc

#endif // VITC_MODELS_DATUM_H
