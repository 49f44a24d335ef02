//===- test-npy.cpp - Read and write .npy files from the shell ------------===//
//
// Prints type, shape and elements of an array; with -o writes it again.
//
//===----------------------------------------------------------------------===//

#include "models/MessageText.h"
#include "models/NpyFile.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace vitc;

static cl::opt<std::string> input(cl::Positional, cl::Required,
                                  cl::desc("FILE.npy"));
static cl::opt<std::string> output("o", cl::desc("Write the array here"));

static int fail(Error error) {
  WithColor::error(errs()) << toString(std::move(error)) << '\n';
  return 1;
}

static void print(const NpyFile &file) {
  outs() << npyTypeName(file.type()) << ' ' << formatShape(file.shape());
  const uint8_t *from = file.data().begin(), *end = file.data().end();
  while (from != end) {
    switch (file.type()) {
    case NpyType::F32:
      outs() << format(" %.9g", static_cast<double>(bit_cast<float>(
                                    support::endian::read32le(from))));
      from += 4;
      break;
    case NpyType::F64:
      outs() << format(" %.17g",
                       bit_cast<double>(support::endian::read64le(from)));
      from += 8;
      break;
    case NpyType::U8:
      outs() << ' ' << static_cast<unsigned>(*from++);
      break;
    default: // types that only a checkpoint has
      return (void)(outs() << '\n');
    }
  }
  outs() << '\n';
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv);
  Expected<NpyFile> file = NpyFile::open(input);
  if (!file)
    return fail(file.takeError());
  print(*file);
  if (!output.empty())
    if (Error error =
            writeNpy(output, file->type(), file->shape(), file->data()))
      return fail(std::move(error));
  return 0;
}
