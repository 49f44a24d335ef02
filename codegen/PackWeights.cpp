//===- PackWeights.cpp - Write the weights file ---------------------------===//

#include "codegen/PackWeights.h"

#include "models/OutputFiles.h"
#include "models/WeightProgram.h"
#include "models/WeightsLayout.h"
#include "vitc/model.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/EndianStream.h"
#include "llvm/Support/MathExtras.h"
#include <thread>

using namespace llvm;
using namespace mlir;
using namespace vitc;

namespace {

/// vitc_weights_header.content_checksum of what is passed to `add`, in
/// multiples of 32 bytes.
class ContentChecksum {
public:
  void add(ArrayRef<uint8_t> bytes) {
    for (size_t i = 0; i < bytes.size(); i += 32)
      for (size_t lane = 0; lane < 4; ++lane)
        mix(lanes[lane],
            support::endian::read64le(bytes.data() + i + 8 * lane));
  }
  uint64_t result() const {
    uint64_t hash = basis;
    for (uint64_t lane : lanes)
      mix(hash, lane);
    return hash;
  }

private:
  static constexpr uint64_t basis = 0xcbf29ce484222325;
  static void mix(uint64_t &hash, uint64_t word) {
    hash = (hash ^ word) * 0x100000001b3;
  }
  uint64_t lanes[4] = {basis, basis, basis, basis};
};

/// Evaluates one weight at a time in its packed layout.
class Packer {
public:
  explicit Packer(const WeightSource &source) : program(source) {}

  /// The bytes of `weight`, zero-filled to a multiple of VITC_ALIGNMENT; valid
  /// until the next call.
  ArrayRef<uint8_t> pack(PackedWeight &weight) {
    packed.assign(alignTo(weight.bytes, VITC_ALIGNMENT) / sizeof(float), 0.0f);
    Value value = weight.op.getWeight();
    ArrayRef<int64_t> in = weight.op.getWeight().getType().getShape();
    ArrayRef<int64_t> out =
        cast<MemRefType>(weight.op.getResult().getType()).getShape();
    if (out.size() > in.size())
      packPanels(value, in[0], in[1], out[2]);
    else
      packRows(value, in, out);
    program.dropKept();
    return ArrayRef(reinterpret_cast<const uint8_t *>(packed.data()),
                    packed.size() * sizeof(float));
  }

  /// True if all of the last result is finite; turns it to little-endian.
  bool finish() {
    constexpr uint32_t exponent = 0x7f800000;
    uint32_t found = 0;
    for (float x : packed)
      found |= (llvm::bit_cast<uint32_t>(x) & exponent) == exponent;
    if constexpr (llvm::endianness::native != llvm::endianness::little)
      for (float &x : packed)
        x = llvm::bit_cast<float>(llvm::byteswap(llvm::bit_cast<uint32_t>(x)));
    return !found;
  }

private:
  /// [n, k] to [ceil(n / width), k, width].
  void packPanels(Value value, int64_t n, int64_t k, int64_t width) {
    // A pitch beside a power of two keeps the rows out of each other's way in
    // the cache.
    int64_t pitch = k + 16;
    std::vector<float> rows(static_cast<size_t>(width * pitch));
    for (int64_t begin = 0; begin < n; begin += width) {
      int64_t count = std::min(width, n - begin);
      for (int64_t i = 0; i < count; ++i)
        program.read(
            value, (begin + i) * k,
            MutableArrayRef<float>(rows).slice(static_cast<size_t>(i * pitch),
                                               static_cast<size_t>(k)));
      float *panel = packed.data() + begin * k;
      for (int64_t j = 0; j < k; ++j)
        for (int64_t i = 0; i < count; ++i)
          panel[j * width + i] = rows[static_cast<size_t>(i * pitch + j)];
    }
  }

  /// Rows of shape `in` to those of the larger shape `out`.
  void packRows(Value value, ArrayRef<int64_t> in, ArrayRef<int64_t> out) {
    // Trailing dimensions that are alike are copied in one piece.
    size_t outer = in.size();
    while (outer > 1 && in[outer - 1] == out[outer - 1])
      --outer;
    packDimension(value, in, out, outer, 0, 0, 0);
  }

  /// Copies dimension `depth` and those inside it from element `from` of the
  /// weight to element `to` of the result; from `outer` on they are alike.
  void packDimension(Value value, ArrayRef<int64_t> in, ArrayRef<int64_t> out,
                     size_t outer, size_t depth, int64_t from, int64_t to) {
    int64_t inBlock = 1, outBlock = 1;
    for (size_t i = depth + 1; i < in.size(); ++i) {
      inBlock *= in[i];
      outBlock *= out[i];
    }
    if (depth + 1 >= outer) {
      program.read(value, from,
                   MutableArrayRef<float>(packed).slice(
                       static_cast<size_t>(to),
                       static_cast<size_t>(in[depth] * inBlock)));
      return;
    }
    for (int64_t i = 0; i < in[depth]; ++i)
      packDimension(value, in, out, outer, depth + 1, from + i * inBlock,
                    to + i * outBlock);
  }

  WeightProgram program;
  std::vector<float> packed;
};

/// Header, directory and names, up to the data. The checksum is not known yet.
void writeDirectory(const WeightsLayout &layout, const Digest &sourceHash,
                    uint64_t checksum, raw_ostream &os) {
  support::endian::Writer writer(os, llvm::endianness::little);
  auto writeDigest = [&](const Digest &digest) {
    os.write(reinterpret_cast<const char *>(digest.data()), digest.size());
  };
  os << VITC_WEIGHTS_MAGIC;
  writer.write<uint64_t>(layout.fileBytes);
  writer.write<uint64_t>(layout.weights.size());
  writer.write<uint64_t>(layout.dataOffset);
  writer.write<uint64_t>(checksum);
  writer.write<uint64_t>(0);
  writeDigest(layout.hash);
  writeDigest(sourceHash);
  for (const PackedWeight &weight : layout.weights) {
    writer.write<uint64_t>(weight.offset);
    writer.write<uint64_t>(weight.bytes);
    writer.write<uint64_t>(weight.nameOffset);
  }
  for (const PackedWeight &weight : layout.weights)
    os << weight.name << '\0';
}

Error writeData(WeightsLayout &layout, const WeightSource &source,
                uint64_t &checksum, raw_ostream &os) {
  Packer packer(source);
  ContentChecksum content;
  for (PackedWeight &weight : layout.weights) {
    ArrayRef<uint8_t> bytes = packer.pack(weight);
    if (!packer.finish())
      return createStringError("expected finite numbers in packed weight '" +
                               weight.name + "', found some that are not");
    content.add(bytes);
    os.write(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  }
  checksum = content.result();
  return Error::success();
}

} // namespace

Error vitc::writeWeights(func::FuncOp model, const WeightSource &source,
                         raw_pwrite_stream &os) {
  Expected<WeightsLayout> layout = readWeightsLayout(model);
  if (!layout)
    return layout.takeError();

  // Hashing takes about as long as all the rest, so it has its own thread.
  Digest sourceHash;
  std::thread hashing([&] { sourceHash = source.digest(); });
  os.write_zeros(static_cast<unsigned>(layout->dataOffset));
  uint64_t checksum = 0;
  Error error = writeData(*layout, source, checksum, os);
  hashing.join();
  if (error)
    return error;

  std::string directory;
  raw_string_ostream directoryStream(directory);
  writeDirectory(*layout, sourceHash, checksum, directoryStream);
  os.pwrite(directory.data(), directory.size(), 0);
  return Error::success();
}

Error vitc::packWeights(func::FuncOp model, const WeightSource &source,
                        StringRef path) {
  return writeFile(path, [&](raw_pwrite_stream &os) {
    return writeWeights(model, source, os);
  });
}
