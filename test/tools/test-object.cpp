//===- test-object.cpp - Print what an object says of its model -----------===//

#include "codegen/CompiledObject.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace vitc;

static cl::opt<std::string> input(cl::Positional, cl::Required,
                                  cl::desc("OBJECT"));

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv);
  Expected<CompiledObject> object = CompiledObject::open(input);
  if (!object) {
    WithColor::error(errs()) << toString(object.takeError()) << '\n';
    return 1;
  }
  outs() << object->name << '\n'
         << object->compiler << '\n'
         << object->build << '\n';
  for (const CompiledObject::Level &level : object->levels)
    outs() << level.name << ' ' << level.weightsBytes << ' '
           << toHex(level.weightsHash, /*LowerCase=*/true) << '\n';
  return 0;
}
