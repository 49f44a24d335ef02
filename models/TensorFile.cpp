//===- TensorFile.cpp - A file of named tensors ---------------------------===//

#include "models/TensorFile.h"

#include "models/MessageText.h"
#include "models/NpzFile.h"
#include "models/SafetensorsFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;
using namespace vitc;

namespace {

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

Expected<std::unique_ptr<TensorFile>> TensorFile::open(StringRef path) {
  if (path.ends_with(".npz"))
    return NpzFile::open(path);
  return SafetensorsFile::open(path);
}

bool TensorFile::add(StoredTensor tensor) {
  if (!index.try_emplace(tensor.name, list.size()).second)
    return false;
  list.push_back(std::move(tensor));
  return true;
}

const StoredTensor *TensorFile::lookup(StringRef name) const {
  auto found = index.find(name);
  return found == index.end() ? nullptr : &list[found->second];
}

std::string TensorFile::describe() const { return quoteName(path); }

Error TensorFile::check(StringRef name, ArrayRef<int64_t> shape) const {
  const StoredTensor *tensor = lookup(name);
  if (!tensor)
    return createStringError("expected tensor " + quoteName(name) +
                             " of shape " + formatShape(shape) +
                             ", found none in " + describe());
  if (ArrayRef<int64_t>(tensor->shape) != shape)
    return createStringError("expected tensor " + quoteName(name) +
                             " of shape " + formatShape(shape) + ", found " +
                             formatShape(tensor->shape) + " in " + describe());
  if (!is_contained({"F32", "F16", "BF16"}, tensor->dtype))
    return createStringError("expected tensor " + quoteName(name) +
                             " of type F32, F16 or BF16, found " +
                             tensor->dtype + " in " + describe());
  return Error::success();
}

std::vector<std::string> TensorFile::names() const {
  std::vector<std::string> names;
  for (const StoredTensor &tensor : list)
    names.push_back(tensor.name);
  return names;
}

void TensorFile::read(StringRef name, ArrayRef<int64_t>, int64_t begin,
                      MutableArrayRef<float> out) const {
  const StoredTensor *tensor = lookup(name);
  const uint8_t *from = tensor->data.data();
  if (tensor->dtype == "F32") {
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
  auto convert = tensor->dtype == "F16" ? fromHalf : fromBrain;
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = convert(support::endian::read16le(from + i * 2));
}

Digest TensorFile::digest() const { return digest(this); }

Digest TensorFile::digest(ArrayRef<const TensorFile *> files) {
  std::vector<const StoredTensor *> sorted;
  for (const TensorFile *file : files)
    for (const StoredTensor &tensor : file->list)
      sorted.push_back(&tensor);
  llvm::sort(sorted, [](const StoredTensor *a, const StoredTensor *b) {
    return a->name < b->name;
  });
  SHA256 hash;
  for (const StoredTensor *tensor : sorted) {
    // Lengths in front, so that no two lists of tensors give the same bytes.
    hash.update(std::to_string(tensor->name.size()) + ":" + tensor->name + ":" +
                tensor->dtype + formatShape(tensor->shape));
    hash.update(tensor->data);
  }
  return hash.final();
}
