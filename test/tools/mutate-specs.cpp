//===- mutate-specs.cpp - Faulty specs by the thousand --------------------===//
//
// mutate-specs FILE SPEC... writes damaged copies of each spec to FILE and
// imports them; this program contains the importer with the address and
// undefined-behaviour sanitizers on.
//
// What comes of a copy must be IR that verifies, without a word, or errors and
// no IR.
//
//===----------------------------------------------------------------------===//

#include "Mutation.h"
#include "models/Importer.h"

#include "mlir/IR/Verifier.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace vitc;

namespace {

/// Copies of one spec.
constexpr unsigned copies = 700;

void import(StringRef path, Tally &tally) {
  SilentContext context;
  std::string text;
  raw_string_ostream errors(text);
  auto imported = importModel(context, path, {}, errors);
  bool good = succeeded(imported)
                  ? text.empty() && succeeded(mlir::verify(*imported->module))
                  : StringRef(text).contains("error: ");
  tally.failures += !good || context.spoke;
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
    JsonMutator mutator((*spec)->getBuffer());
    for (unsigned copy = 0; copy < copies; ++copy) {
      unsigned before = tally.failures;
      std::string text = mutator.next();
      if (!writeText(argv[1], text))
        return 1;
      import(argv[1], tally);
      if (tally.failures != before) {
        errs() << "copy " << copy << " of " << argv[i] << '\n';
        (void)writeText((argv[1] + Twine(".failure")).str(), text);
      }
    }
  }
  return tally.print();
}
