//===- mutate-images.cpp - Damaged images end in an error -----------------===//
//
// Reads thousands of damaged versions of the images that it is given: bytes
// changed, cut off, repeated. Nothing may be read or written out of bounds; an
// image that still decodes has the size that it says. Prints how many were
// refused.
//
//===----------------------------------------------------------------------===//

#include "codegen/driver/ImageFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <random>

using namespace llvm;
using namespace vitc;

static std::string damage(StringRef good, std::mt19937 &random) {
  std::string bytes = good.str();
  auto place = [&] { return random() % (bytes.size() + 1); };
  if (random() % 4 == 0)
    bytes.resize(place());
  if (random() % 8 == 0)
    bytes.insert(place(), good.substr(place(), random() % 64));
  for (unsigned i = random() % 4; i-- && !bytes.empty();)
    bytes[random() % bytes.size()] =
        random() % 2 ? char(random()) : "\0\x7f\x80\xff"[random() % 4];
  return bytes;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    errs() << "usage: mutate-images SCRATCH IMAGE...\n";
    return 1;
  }
  std::mt19937 random(1);
  unsigned refused = 0, wrong = 0;
  for (int i = 2; i < argc; ++i) {
    auto good = MemoryBuffer::getFile(argv[i]);
    if (!good)
      return 1;
    for (unsigned round = 0; round < 500; ++round) {
      std::error_code error;
      raw_fd_ostream(argv[1], error) << damage((*good)->getBuffer(), random);
      unsigned channels = round % 2 ? 3 : 1;
      Expected<DecodedImage> image = readImage(argv[1], channels);
      if (!image) {
        consumeError(image.takeError());
        ++refused;
      } else {
        wrong += image->channels != channels ||
                 image->pixels.size() !=
                     uint64_t(image->height) * image->width * channels;
      }
    }
  }
  outs() << "refused " << refused << " of " << 500 * (argc - 2) << ", wrong "
         << wrong << '\n';
  return wrong != 0;
}
