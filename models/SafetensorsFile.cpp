//===- SafetensorsFile.cpp - A checkpoint on disk -------------------------===//

#include "models/SafetensorsFile.h"

#include "models/MessageText.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;
using namespace vitc;

namespace {

/// The format's own limit on the header.
constexpr uint64_t maxHeaderBytes = 100'000'000;

float fromHalf(uint16_t half) {
  uint32_t sign = uint32_t(half & 0x8000) << 16;
  uint32_t exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
  if (exponent == 0) { // zero and subnormal: fraction * 2^-24
    float value = static_cast<float>(fraction) * 0x1p-24f;
    return sign ? -value : value;
  }
  if (exponent == 0x1f) // infinity and NaN
    return llvm::bit_cast<float>(sign | 0x7f800000 | fraction << 13);
  return llvm::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
}

float fromBrain(uint16_t brain) {
  return llvm::bit_cast<float>(uint32_t(brain) << 16);
}

} // namespace

SafetensorsFile::SafetensorsFile(std::unique_ptr<MemoryBuffer> buffer,
                                 StringRef data,
                                 std::vector<SafetensorsEntry> entries)
    : buffer(std::move(buffer)), data(data), entries(std::move(entries)) {
  for (auto [i, entry] : enumerate(this->entries))
    index[entry.name] = i;
}

Expected<std::unique_ptr<SafetensorsFile>>
SafetensorsFile::open(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError(buffer.getError(),
                             "cannot read " + quoteName(path) + ": " +
                                 buffer.getError().message());
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
  return std::unique_ptr<SafetensorsFile>(
      new SafetensorsFile(std::move(buffer), data, std::move(*entries)));
}

const SafetensorsEntry *SafetensorsFile::lookup(StringRef name) const {
  auto found = index.find(name);
  return found == index.end() ? nullptr : &entries[found->second];
}

std::string SafetensorsFile::describe() const {
  return quoteName(buffer->getBufferIdentifier());
}

Error SafetensorsFile::check(StringRef name, ArrayRef<int64_t> shape) const {
  const SafetensorsEntry *entry = lookup(name);
  if (!entry)
    return createStringError("expected tensor " + quoteName(name) +
                             " of shape " + formatShape(shape) +
                             ", found none in " + describe());
  if (ArrayRef<int64_t>(entry->shape) != shape)
    return createStringError("expected tensor " + quoteName(name) +
                             " of shape " + formatShape(shape) + ", found " +
                             formatShape(entry->shape) + " in " + describe());
  if (!is_contained({"F32", "F16", "BF16"}, entry->dtype))
    return createStringError("expected tensor " + quoteName(name) +
                             " of type F32, F16 or BF16, found " +
                             entry->dtype + " in " + describe());
  return Error::success();
}

std::vector<std::string> SafetensorsFile::names() const {
  std::vector<std::string> names;
  for (const SafetensorsEntry &entry : entries)
    names.push_back(entry.name);
  return names;
}

void SafetensorsFile::read(StringRef name, ArrayRef<int64_t>, int64_t begin,
                           MutableArrayRef<float> out) const {
  const SafetensorsEntry *entry = lookup(name);
  const char *from = data.data() + entry->begin;
  if (entry->dtype == "F32") {
    from += begin * 4;
    if constexpr (llvm::endianness::native == llvm::endianness::little) {
      memcpy(out.data(), from, out.size() * 4);
    } else {
      for (size_t i = 0; i < out.size(); ++i)
        out[i] = llvm::bit_cast<float>(support::endian::read32le(from + i * 4));
    }
    return;
  }
  from += begin * 2;
  auto convert = entry->dtype == "F16" ? fromHalf : fromBrain;
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = convert(support::endian::read16le(from + i * 2));
}

Digest SafetensorsFile::digest() const { return digest(this); }

Digest SafetensorsFile::digest(ArrayRef<const SafetensorsFile *> files) {
  struct Tensor {
    const SafetensorsEntry *entry;
    StringRef data; ///< of its file
  };
  std::vector<Tensor> sorted;
  for (const SafetensorsFile *file : files)
    for (const SafetensorsEntry &entry : file->entries)
      sorted.push_back({&entry, file->data});
  llvm::sort(sorted, [](const Tensor &a, const Tensor &b) {
    return a.entry->name < b.entry->name;
  });
  SHA256 hash;
  for (auto [entry, data] : sorted) {
    // Lengths in front, so that no two lists of tensors give the same bytes.
    hash.update(std::to_string(entry->name.size()) + ":" + entry->name + ":" +
                entry->dtype + formatShape(entry->shape));
    hash.update(data.slice(entry->begin, entry->end));
  }
  return hash.final();
}
