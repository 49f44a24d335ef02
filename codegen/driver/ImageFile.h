//===- ImageFile.h - Read PNG and JPEG files --------------------*- C++ -*-===//
//
// For the tools only: the runtime takes pixels. Files may come from anyone.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_CODEGEN_DRIVER_IMAGEFILE_H
#define VITC_CODEGEN_DRIVER_IMAGEFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <vector>

namespace vitc {

/// Rows of interleaved 8-bit pixels, the top row first.
struct DecodedImage {
  int64_t height = 0, width = 0; ///< pixels
  unsigned channels = 0;         ///< 1 (grey) or 3 (RGB)
  std::vector<uint8_t> pixels;
};

/// Reads `path` as an image of `channels` channels. Colour becomes grey and
/// grey colour as Pillow's convert does it; transparency is dropped; files with
/// more than 8 bits keep the upper 8. The format is told by the first bytes.
llvm::Expected<DecodedImage> readImage(llvm::StringRef path, unsigned channels);

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_IMAGEFILE_H
