//===- SafetensorsFile.cpp - A checkpoint on disk -------------------------===//

#include "models/SafetensorsFile.h"

#include "models/MessageText.h"
#include "models/ReadFile.h"
#include "models/SafetensorsHeader.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace vitc;

namespace {

/// The format's own limit on the header.
constexpr uint64_t maxHeaderBytes = 100'000'000;

} // namespace

Expected<std::unique_ptr<SafetensorsFile>>
SafetensorsFile::open(StringRef path) {
  auto buffer = readFile(path);
  if (!buffer)
    return buffer.takeError();
  return parse(std::move(*buffer));
}

Expected<std::unique_ptr<SafetensorsFile>>
SafetensorsFile::parse(std::unique_ptr<MemoryBuffer> buffer) {
  StringRef bytes = buffer->getBuffer();
  std::string file = quoteName(buffer->getBufferIdentifier());
  if (bytes.size() < 8)
    return createStringError(file +
                             ": expected a safetensors file of at least 8 "
                             "bytes, found " +
                             std::to_string(bytes.size()));
  uint64_t length = support::endian::read64le(bytes.data());
  if (length > bytes.size() - 8 && !bytes.drop_front(8).starts_with("{"))
    return createStringError(
        file + ": expected a safetensors file, found something else");
  if (length > maxHeaderBytes)
    return createStringError(file +
                             ": expected a safetensors header of at "
                             "most " +
                             std::to_string(maxHeaderBytes) +
                             " bytes, found a length of " +
                             std::to_string(length));
  if (length > bytes.size() - 8)
    return createStringError(file + ": expected a header of " +
                             std::to_string(length) + " bytes, found only " +
                             std::to_string(bytes.size() - 8) +
                             " bytes in the file");
  StringRef data = bytes.drop_front(8 + length);
  auto entries = parseSafetensorsHeader(bytes.substr(8, length), data.size());
  if (!entries)
    return createStringError(file + ": " + toString(entries.takeError()));
  std::unique_ptr<SafetensorsFile> result(
      new SafetensorsFile(std::move(buffer)));
  for (SafetensorsEntry &entry : *entries)
    result->add({std::move(entry.name), std::move(entry.dtype),
                 std::move(entry.shape),
                 arrayRefFromStringRef(data.slice(entry.begin, entry.end))});
  return result;
}
