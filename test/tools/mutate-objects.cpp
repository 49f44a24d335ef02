//===- mutate-objects.cpp - Damaged objects by the thousand ---------------===//
//
// Feeds damaged copies of an object file to the reader of its model, which this
// program contains with the address and undefined-behaviour sanitizers on. A
// prefix must end in an error; other damage may miss what is read.
//
//===----------------------------------------------------------------------===//

#include "codegen/CompiledObject.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <random>

using namespace llvm;
using namespace vitc;

/// True if the reader refuses `bytes`.
static bool refuses(StringRef bytes) {
  // A copy of just these bytes, so that the sanitizer sees a read behind them.
  auto copy = MemoryBuffer::getMemBufferCopy(bytes, "object");
  auto object = CompiledObject::parse(*copy);
  if (object)
    return false;
  consumeError(object.takeError());
  return true;
}

int main(int argc, char **argv) {
  auto file = MemoryBuffer::getFile(argc > 1 ? argv[1] : "");
  if (!file) {
    errs() << "usage: mutate-objects OBJECT\n";
    return 1;
  }
  std::string good = (*file)->getBuffer().str();
  unsigned refused = 0, accepted = 0, failures = refuses(good);
  size_t step = 1 + good.size() / 2000;
  for (size_t size = 0; size < good.size(); size += step)
    ++(refuses(good.substr(0, size)) ? refused : failures);

  std::mt19937 random(20240229);
  const uint64_t words[] = {0,
                            1,
                            uint64_t(1) << 31,
                            ~uint64_t(),
                            ~uint64_t() >> 1,
                            good.size(),
                            good.size() - 1,
                            0xff00};
  for (int i = 0; i < 4000; ++i) {
    std::string bytes = good;
    for (size_t edits = 1 + random() % 3; edits; --edits) {
      size_t at = random() % (bytes.size() - 8);
      if (random() % 2) {
        bytes[at] = static_cast<char>(random());
        continue;
      }
      // Fields of ELF are aligned.
      at &= ~size_t(random() % 2 ? 7 : 3);
      support::endian::write64le(bytes.data() + at,
                                 words[random() % std::size(words)]);
    }
    ++(refuses(bytes) ? refused : accepted);
  }
  outs() << refused << " refused, " << accepted << " still right, " << failures
         << " failures\n";
  return failures != 0;
}
