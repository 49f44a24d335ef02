//===- mutate-readers.cpp - Malformed files by the thousand ---------------===//
//
// Feeds damaged safetensors, .npy and .npz files to their readers, which this
// program contains with the address and undefined-behaviour sanitizers on.
//
// Targeted damage must end in an error. Random damage may leave a file that is
// still right; then every byte of it is read.
//
//===----------------------------------------------------------------------===//

#include "models/NpzFile.h"
#include "models/SafetensorsFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/raw_ostream.h"
#include <random>

using namespace llvm;
using namespace vitc;

namespace {

struct Tally {
  unsigned rejected = 0, accepted = 0, failures = 0;
};

std::unique_ptr<MemoryBuffer> copyOf(StringRef bytes) {
  // A copy of just these bytes, so that the sanitizer sees a read behind them.
  return MemoryBuffer::getMemBufferCopy(bytes, "input");
}

/// Reads all of a file; the error's text if there is one.
template <typename File>
std::string readTensors(Expected<std::unique_ptr<File>> file) {
  if (!file)
    return toString(file.takeError());
  for (const StoredTensor &tensor : (*file)->tensors()) {
    if (Error error = (*file)->check(tensor.name, tensor.shape)) {
      consumeError(std::move(error));
      continue;
    }
    int64_t elements = 1;
    for (int64_t length : tensor.shape)
      elements *= length;
    std::vector<float> values(elements);
    (*file)->read(tensor.name, tensor.shape, 0, values);
  }
  (void)(*file)->digest();
  return "";
}

std::string readSafetensors(StringRef bytes) {
  return readTensors(SafetensorsFile::parse(copyOf(bytes)));
}

std::string readNpz(StringRef bytes) {
  return readTensors(NpzFile::parse(*copyOf(bytes)));
}

std::string readNpy(StringRef bytes) {
  auto file = NpyFile::parse(copyOf(bytes));
  if (!file)
    return toString(file.takeError());
  unsigned sum = 0;
  for (uint8_t byte : file->data())
    sum += byte;
  return sum == ~0u ? "unexpected sum" : "";
}

using Reader = std::string (*)(StringRef);

/// `bytes` must be refused, with words.
void expectError(Reader reader, const std::string &bytes, StringRef what,
                 Tally &tally) {
  if (reader(bytes).empty()) {
    errs() << "accepted: " << what << '\n';
    ++tally.failures;
  }
  ++tally.rejected;
}

std::string safetensors(const std::string &header, const std::string &data) {
  std::string bytes(8, 0);
  support::endian::write64le(bytes.data(), header.size());
  return bytes + header + data;
}

/// A tensor's entry in a header.
std::string entry(const std::string &name, const std::string &dtype,
                  const std::string &shape, const std::string &offsets) {
  return "\"" + name + "\":{\"dtype\":" + dtype + ",\"shape\":" + shape +
         ",\"data_offsets\":" + offsets + "}";
}

const char *const badNumbers[] = {"-1",
                                  "1.5",
                                  "1e3",
                                  "1e999",
                                  "18446744073709551615",
                                  "18446744073709551616",
                                  "9223372036854775808",
                                  "\"4\"",
                                  "null",
                                  "true",
                                  "[]",
                                  "{}",
                                  "4294967296",
                                  "NaN",
                                  "0x10",
                                  "+1",
                                  "01",
                                  ""};

/// Each field of a tensor with each wrong value.
void mutateFields(Tally &tally) {
  auto refuse = [&](const std::string &first) {
    std::string header =
        "{" + first + "," + entry("b", "\"F32\"", "[2]", "[8,16]") + "}";
    expectError(readSafetensors, safetensors(header, std::string(16, 'x')),
                header, tally);
  };
  for (std::string bad : badNumbers) {
    refuse(entry("a", "\"F32\"", "[" + bad + "]", "[0,8]"));
    refuse(entry("a", "\"F32\"", "[2," + bad + "]", "[0,8]"));
    refuse(
        entry("a", "\"F32\"", "[" + bad + ",4294967296,4294967296]", "[0,8]"));
    refuse(entry("a", "\"F32\"", "[2]", "[" + bad + ",8]"));
    refuse(entry("a", "\"F32\"", "[2]", "[0," + bad + "]"));
    refuse(entry("a", bad, "[2]", "[0,8]"));
    if (bad != "[]")
      refuse(entry("a", "\"F32\"", bad, "[0,8]"));
    refuse(entry("a", "\"F32\"", "[2]", bad));
    refuse("\"a\":" + bad);
    refuse("\"__metadata__\":{\"a\":" + bad + "}," +
           entry("a", "\"F32\"", "[3]", "[0,8]"));
  }
  for (std::string dtype :
       {"F31", "f32", "", "F320", "I32 ", "U64", "BOOL", "BF16", "F4"})
    refuse(entry("a", "\"" + dtype + "\"", "[2]", "[0,8]"));
  for (std::string offsets : {"[0]", "[0,8,16]", "[]", "[8,0]", "[4,12]",
                              "[8,16]", "[0,16]", "[0,7]", "[0,9]", "[16,24]"})
    refuse(entry("a", "\"F32\"", "[2]", offsets));
  std::string good = entry("a", "\"F32\"", "[2]", "[0,8]");
  for (std::string name : {"b", "\xff\xfe", "\xc0\xaf", "\xed\xa0\x80",
                           "\\ud800", "\n", "\\x", "a\",\"b"})
    refuse(entry(name, "\"F32\"", "[2]", "[0,8]") + "," + good);
  for (std::string field : {"dtype", "shape", "data_offsets", "other", ""})
    refuse("\"a\":{\"" + field + "\":\"F32\"," + good.substr(5));
  for (std::string tail : {"x", "{", "}", "]", ",", "\"", ":", "//", "\xff"})
    refuse(good + tail);
}

/// Nesting far deeper than a recursive reader's stack.
void mutateDepth(Tally &tally) {
  for (size_t depth : {4, 1000, 1000000})
    for (std::string open : {"[", "{\"a\":"}) {
      std::string nest;
      for (size_t i = 0; i < depth; ++i)
        nest += open;
      for (const std::string &header :
           {nest, "{\"a\":" + nest, "{\"a\":{\"shape\":" + nest,
            "{\"__metadata__\":" + nest})
        expectError(readSafetensors, safetensors(header, ""), "deep nesting",
                    tally);
    }
}

/// Every prefix and some tails.
void mutateEnd(Reader reader, const std::string &good, Tally &tally) {
  for (size_t size = 0; size < good.size(); ++size)
    expectError(reader, good.substr(0, size), "a prefix", tally);
  for (size_t extra : {1, 3, 8, 64, 4096})
    expectError(reader, good + std::string(extra, '\0'), "a longer file",
                tally);
}

/// Lengths that point elsewhere.
void mutateLength(Reader reader, const std::string &good, size_t lengthAt,
                  size_t lengthBytes, Tally &tally) {
  uint64_t length = 0;
  for (size_t i = 0; i < lengthBytes; ++i)
    length |= uint64_t(uint8_t(good[lengthAt + i])) << 8 * i;
  auto refuse = [&](uint64_t other) {
    std::string bytes = good;
    for (size_t i = 0; i < lengthBytes; ++i)
      bytes[lengthAt + i] = static_cast<char>(other >> 8 * i);
    expectError(reader, bytes, "another header length", tally);
  };
  for (unsigned bit = 0; bit < 8 * lengthBytes; ++bit)
    refuse(length ^ uint64_t(1) << bit);
  for (uint64_t delta = 1; delta < 100; ++delta) {
    refuse(length + delta);
    refuse(length - delta);
    refuse(0 - delta);
  }
}

/// Random bytes, runs and copies. Whatever comes of it, nothing may break.
void mutateAtRandom(Reader reader, const std::string &good, Tally &tally) {
  std::mt19937 random(20240229);
  auto below = [&](size_t limit) { return random() % limit; };
  for (int i = 0; i < 4000; ++i) {
    std::string bytes = good;
    for (size_t edits = 1 + below(4); edits; --edits) {
      size_t at = below(bytes.size()), length = 1 + below(12);
      switch (below(5)) {
      case 0:
        bytes[at] = static_cast<char>(random());
        break;
      case 1:
        bytes[at] ^= static_cast<char>(1 << below(8));
        break;
      case 2:
        bytes.erase(at, length);
        break;
      case 3:
        bytes.insert(at, bytes.substr(below(bytes.size()), length));
        break;
      case 4:
        bytes.insert(at, badNumbers[below(std::size(badNumbers))]);
        break;
      }
      if (bytes.empty())
        bytes = "x";
    }
    ++(reader(bytes).empty() ? tally.accepted : tally.rejected);
  }
}

std::string npy(const std::string &header, size_t dataBytes) {
  std::string bytes("\x93NUMPY\1\0", 8);
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  return bytes + header + std::string(dataBytes, 'x');
}

std::string npyHeader(const std::string &type, const std::string &order,
                      const std::string &shape) {
  return "{'descr': " + type + ", 'fortran_order': " + order +
         ", 'shape': " + shape + ", }\n";
}

void mutateNpyFields(Tally &tally) {
  auto refuse = [&](const std::string &header) {
    expectError(readNpy, npy(header, 24), header, tally);
  };
  for (std::string bad : badNumbers) {
    refuse(npyHeader("'<f4'", "False", "(" + bad + ",6)"));
    refuse(npyHeader("'<f4'", "False", "(3,2," + bad + ",7)"));
    refuse(npyHeader("'<f4'", "False", bad));
    refuse(npyHeader("'<f4'", bad, "(3,2)"));
    refuse(npyHeader(bad, "False", "(3,2)"));
  }
  for (std::string type : {"'>f4'", "'<f2'", "'<i8'", "'|O'", "'<f4", "<f4",
                           "[('a','<f4')]", "''", "'<f8'", "'|u1'"})
    refuse(npyHeader(type, "False", "(3,2)"));
  for (std::string shape :
       {"(3,2", "3,2)", "(3;2)", "(3 2)", "(,)", "((3,2))",
        "(4294967296,4294967296,16)", "(3,3)", "()", "(9223372036854775807,2)"})
    refuse(npyHeader("'<f4'", "False", shape));
  std::string good = npyHeader("'<f4'", "False", "(3,2)");
  refuse(npyHeader("'<f4'", "True", "(3,2)"));
  refuse(good + "x");
  refuse(good + good);
  refuse(good.substr(1));
  refuse("{'descr': '<f4', " + good.substr(1));
  refuse("{'other': 1, " + good.substr(1));
  refuse("{'descr': '<f4', 'shape': (3,2)}");
  refuse(npyHeader("'<f4'", "False", "(" + std::string(60000, '(')));
}

/// `value` as `bytes` little-endian bytes.
std::string number(uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i)
    text += static_cast<char>(value >> 8 * i);
  return text;
}

struct Member {
  std::string name, data;
  unsigned flags = 0, method = 0;
};

/// The bytes of a zip file. What its headers say of sizes and checksums is
/// true of stored members.
std::string zip(ArrayRef<Member> members) {
  std::string bytes, directory;
  for (const Member &member : members) {
    std::string common = number(20, 2) + number(member.flags, 2) +
                         number(member.method, 2) + number(0x21 << 16, 4) +
                         number(crc32(arrayRefFromStringRef(member.data)), 4) +
                         number(member.data.size(), 4) +
                         number(member.data.size(), 4) +
                         number(member.name.size(), 2) + number(0, 2);
    directory += "PK\1\2" + number(20, 2) + common + std::string(10, 0) +
                 number(bytes.size(), 4) + member.name;
    bytes += "PK\3\4" + common + member.name + member.data;
  }
  return bytes + directory + "PK\5\6" + number(0, 4) +
         number(members.size(), 2) + number(members.size(), 2) +
         number(directory.size(), 4) + number(bytes.size(), 4) + number(0, 2);
}

void mutateMembers(const std::string &array, Tally &tally) {
  auto refuse = [&](const Member &member, StringRef what) {
    expectError(readNpz, zip({{"a.npy", array}, member}), what, tally);
  };
  refuse({"a.npy", array}, "an array twice");
  refuse({"b.txt", array}, "a member that is no array");
  refuse({"b/", ""}, "a folder");
  refuse({"", array}, "a member without a name");
  refuse({"b.npy", ""}, "an empty member");
  refuse({"b.npy", array.substr(1)}, "a member of something else");
  refuse({"b.npy", array, 1}, "an encrypted member");
  refuse({"b.npy", array, 0x41}, "a strongly encrypted member");
  for (unsigned method : {1, 6, 8, 9, 12, 14, 93, 95, 98, 99})
    refuse({"b.npy", array, 0, method}, "a member compressed otherwise");
}

} // namespace

int main() {
  Tally tally;
  std::string goodSafetensors = safetensors(
      "{\"__metadata__\":{\"format\":\"pt\"}," +
          entry("blocks.0.norm1.weight", "\"F32\"", "[2,3]", "[0,24]") + "," +
          entry("h", "\"F16\"", "[4]", "[24,32]") + "," +
          entry("scalar", "\"I64\"", "[]", "[32,40]") + "," +
          entry("empty", "\"BF16\"", "[0,7]", "[40,40]") + "}   ",
      std::string(40, '@'));
  std::string goodNpy = npy(npyHeader("'<f4'", "False", "(3, 2)"), 24);
  std::string goodNpz =
      zip({{"blocks/0/scale.npy", goodNpy},
           {"../h.npy", npy(npyHeader("'<f2'", "False", "(4,)"), 8)}});
  for (std::string error :
       {readSafetensors(goodSafetensors), readNpy(goodNpy), readNpz(goodNpz)})
    if (!error.empty()) {
      errs() << "refused: " << error << '\n';
      ++tally.failures;
    }
  mutateFields(tally);
  mutateDepth(tally);
  mutateNpyFields(tally);
  mutateMembers(goodNpy, tally);
  mutateEnd(readSafetensors, goodSafetensors, tally);
  mutateEnd(readNpy, goodNpy, tally);
  mutateEnd(readNpz, goodNpz, tally);
  mutateLength(readSafetensors, goodSafetensors, 0, 8, tally);
  mutateLength(readNpy, goodNpy, 8, 2, tally);
  mutateAtRandom(readSafetensors, goodSafetensors, tally);
  mutateAtRandom(readNpy, goodNpy, tally);
  mutateAtRandom(readNpz, goodNpz, tally);
  outs() << tally.rejected << " refused, " << tally.accepted << " still right, "
         << tally.failures << " failures\n";
  return tally.failures != 0;
}
