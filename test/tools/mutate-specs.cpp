//===- mutate-specs.cpp - Faulty specs by the thousand --------------------===//
//
// mutate-specs FILE SPEC... writes damaged copies of each spec to FILE and
// imports them; this program contains the importer with the address and
// undefined-behaviour sanitizers on.
//
// What comes of a copy must be IR that verifies, without a word, or errors and
// no IR. Edits of whole words and numbers leave most copies well-formed JSON, so
// that they reach every part of the importer.
//
//===----------------------------------------------------------------------===//

#include "models/Importer.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <random>

using namespace llvm;
using namespace vitc;

namespace {

/// Copies of one spec.
constexpr unsigned copies = 700;

const char *const otherValues[] = {
    "-1",        "0",       "1e999",        "9223372036854775808",
    "1e-320",    "null",    "true",         "[]",
    "{}",        "\"\"",    "\"\xff\xfe\"", "\"\\ud800\"",
    "\"{name}\"", "\"1/0\"", "\"0 // 0\"",   "\"range(1000000000)\"",
    "4294967296", "[[[[[[", "\"((((((((\"",  "1048576"};

struct Tally {
  unsigned rejected = 0, accepted = 0, failures = 0;
};

class Mutator {
public:
  explicit Mutator(StringRef spec) : spec(spec) {
    for (size_t i = 0; i < spec.size(); ++i)
      if (spec[i] == '"' || isDigit(spec[i]))
        i = addWord(i);
  }

  std::string next() {
    std::string text = spec.str();
    for (size_t edits = 1 + below(3); edits; --edits) {
      // The words' places hold for the first edit; later ones cut anywhere.
      auto [begin, end] = words[below(words.size())];
      begin = std::min(begin, text.size());
      end = std::clamp(end, begin, text.size());
      text.replace(begin, end - begin, replacement(text.substr(begin, 9)));
    }
    return text;
  }

private:
  /// Notes the string or number that begins at `begin`; returns its last byte.
  size_t addWord(size_t begin) {
    size_t end = begin + 1;
    if (spec[begin] == '"')
      end = std::min(spec.find('"', end), spec.size() - 1) + 1;
    else
      while (end < spec.size() && isAlnum(spec[end]))
        ++end;
    words.push_back({begin, end});
    return end - 1;
  }

  std::string replacement(const std::string &old) {
    switch (below(8)) {
    case 0:
      return "";
    case 1:
      return otherValues[below(std::size(otherValues))];
    case 2:
      return std::string(1, static_cast<char>(random())) + old;
    default: {
      auto [begin, end] = words[below(words.size())];
      return spec.substr(begin, end - begin).str();
    }
    }
  }

  size_t below(size_t limit) { return random() % limit; }

  StringRef spec;
  std::vector<std::pair<size_t, size_t>> words;
  std::mt19937 random{20240229};
};

bool writeFile(StringRef path, StringRef text) {
  std::error_code error;
  raw_fd_ostream file(path, error);
  file << text;
  return !error;
}

void import(StringRef path, Tally &tally) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  unsigned said = 0;
  context.getDiagEngine().registerHandler([&](mlir::Diagnostic &d) {
    errs() << "not for users: " << d << '\n';
    ++said;
  });
  std::string text;
  raw_string_ostream errors(text);
  auto imported = importModel(context, path, {}, errors);
  bool good = succeeded(imported)
                  ? text.empty() && succeeded(mlir::verify(*imported->module))
                  : StringRef(text).contains("error: ");
  tally.failures += !good || said;
  ++(succeeded(imported) ? tally.accepted : tally.rejected);
}

} // namespace

int main(int argc, char **argv) {
  Tally tally;
  for (int i = 2; i < argc; ++i) {
    auto spec = MemoryBuffer::getFile(argv[i]);
    if (!spec) {
      errs() << "could not read '" << argv[i] << "'\n";
      return 1;
    }
    Mutator mutator((*spec)->getBuffer());
    for (unsigned copy = 0; copy < copies; ++copy) {
      unsigned before = tally.failures;
      std::string text = mutator.next();
      if (!writeFile(argv[1], text))
        return 1;
      import(argv[1], tally);
      if (tally.failures != before) {
        errs() << "copy " << copy << " of " << argv[i] << '\n';
        (void)writeFile((argv[1] + Twine(".failure")).str(), text);
      }
    }
  }
  outs() << tally.rejected << " refused, " << tally.accepted
         << " still right, " << tally.failures << " failures\n";
  return tally.failures != 0;
}
