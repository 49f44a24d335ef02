//===- ReadFile.cpp - The bytes of a file ---------------------------------===//

#include "models/ReadFile.h"

#include "models/MessageText.h"

#include "llvm/Support/FileSystem.h"

using namespace llvm;
using namespace vitc;

Expected<std::unique_ptr<MemoryBuffer>> vitc::readFile(StringRef path,
                                                       uint64_t most) {
  auto unreadable = [&](std::error_code code) {
    return createStringError(code, "cannot read " + quoteName(path) + ": " +
                                       code.message());
  };
  sys::fs::file_status status;
  if (std::error_code code = sys::fs::status(path, status))
    return unreadable(code);
  if (status.type() != sys::fs::file_type::regular_file)
    return createStringError(
        "expected a file, found a directory or device at " + quoteName(path));
  if (status.getSize() > most)
    return createStringError("expected a file of at most " + Twine(most) +
                             " bytes, found " + Twine(status.getSize()) +
                             " in " + quoteName(path));
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return unreadable(buffer.getError());
  return std::move(*buffer);
}
