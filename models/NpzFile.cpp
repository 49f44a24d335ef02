//===- NpzFile.cpp - Several arrays of NumPy in one file ------------------===//

#include "models/NpzFile.h"

#include "models/MessageText.h"
#include "models/ReadFile.h"

#include <zip.h>

using namespace llvm;
using namespace vitc;

namespace {

/// More arrays than any model has.
constexpr int64_t maxMembers = 100'000;

/// What all members may unpack to: a little whatever the file's size, as zeros
/// compress a thousandfold, and more than numbers of a network compress by.
uint64_t unpackedLimit(uint64_t fileBytes) {
  constexpr uint64_t always = uint64_t(1) << 30, ratio = 16;
  return always + ratio * std::min(fileBytes, UINT64_MAX / (2 * ratio));
}

struct CloseArchive {
  void operator()(zip_t *archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;

struct CloseMember {
  void operator()(zip_file_t *member) const { zip_fclose(member); }
};

Expected<Archive> openArchive(const MemoryBuffer &buffer) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *source = zip_source_buffer_create(
      buffer.getBufferStart(), buffer.getBufferSize(), /*freep=*/0, &error);
  Archive archive(
      source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error)
             : nullptr);
  std::string text = archive ? "" : zip_error_strerror(&error);
  if (!archive && source)
    zip_source_free(source);
  zip_error_fini(&error);
  if (!archive)
    return createStringError("expected a .npz file, which is a zip file, "
                             "found: " +
                             text);
  return archive;
}

/// One archive while it is being unpacked.
class Unpacker {
public:
  Unpacker(zip_t *archive, uint64_t limit)
      : archive(archive), limit(limit), left(limit) {}

  /// The member's array and the tensor's name.
  Expected<std::pair<std::string, NpyFile>> unpack(uint64_t index);

private:
  Error check(const zip_stat_t &stat, StringRef name);

  zip_t *archive;
  uint64_t limit, left; ///< bytes that members may unpack to
};

Error Unpacker::check(const zip_stat_t &stat, StringRef name) {
  constexpr uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE |
                              ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((stat.valid & needed) != needed)
    return createStringError("expected a member with name and size");
  if (!name.ends_with(".npy"))
    return createStringError("expected members called NAME.npy, found " +
                             quoteName(name));
  if (stat.encryption_method != ZIP_EM_NONE)
    return createStringError("expected members without encryption, found " +
                             quoteName(name));
  if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
    return createStringError(
        "expected members that are stored or deflated, found method " +
        Twine(stat.comp_method) + " for " + quoteName(name));
  if (stat.size > left)
    return createStringError("expected members that unpack to at most " +
                             Twine(limit) + " bytes together, found " +
                             Twine(stat.size) + " more for " + quoteName(name));
  return Error::success();
}

Expected<std::pair<std::string, NpyFile>> Unpacker::unpack(uint64_t index) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat_index(archive, index, 0, &stat))
    return createStringError(Twine(zip_strerror(archive)));
  StringRef name = stat.valid & ZIP_STAT_NAME ? stat.name : "";
  if (Error error = check(stat, name))
    return error;
  left -= stat.size;
  std::unique_ptr<WritableMemoryBuffer> bytes =
      WritableMemoryBuffer::getNewUninitMemBuffer(stat.size, name);
  if (!bytes)
    return createStringError("no memory for the " + Twine(stat.size) +
                             " bytes of " + quoteName(name));
  std::unique_ptr<zip_file_t, CloseMember> member(
      zip_fopen_index(archive, index, 0));
  if (!member)
    return createStringError("cannot unpack " + quoteName(name) + ": " +
                             zip_strerror(archive));
  zip_int64_t done =
      zip_fread(member.get(), bytes->getBufferStart(), stat.size);
  // The checksum is compared where the member ends.
  char beyond;
  zip_int64_t more = done < 0 ? 0 : zip_fread(member.get(), &beyond, 1);
  if (done < 0 || more < 0)
    return createStringError("cannot unpack " + quoteName(name) + ": " +
                             zip_file_strerror(member.get()));
  if (static_cast<uint64_t>(done) != stat.size || more)
    return createStringError("expected " + Twine(stat.size) + " bytes of " +
                             quoteName(name) + ", found " +
                             (more ? "more" : Twine(done)));
  auto array = NpyFile::parse(std::move(bytes));
  if (!array)
    return array.takeError();
  return std::make_pair(name.drop_back(4).str(), std::move(*array));
}

} // namespace

Expected<std::unique_ptr<NpzFile>> NpzFile::open(StringRef path) {
  auto buffer = readFile(path);
  if (!buffer)
    return buffer.takeError();
  return parse(**buffer);
}

Expected<std::unique_ptr<NpzFile>> NpzFile::parse(const MemoryBuffer &buffer) {
  StringRef path = buffer.getBufferIdentifier();
  auto fail = [&](const Twine &text) {
    return createStringError(quoteName(path) + ": " + text);
  };
  Expected<Archive> archive = openArchive(buffer);
  if (!archive)
    return fail(toString(archive.takeError()));
  int64_t count = zip_get_num_entries(archive->get(), 0);
  if (count < 1 || count > maxMembers)
    return fail("expected 1 to " + Twine(maxMembers) + " members, found " +
                Twine(count));
  std::unique_ptr<NpzFile> file(new NpzFile(path));
  Unpacker unpacker(archive->get(), unpackedLimit(buffer.getBufferSize()));
  for (int64_t i = 0; i < count; ++i) {
    auto member = unpacker.unpack(i);
    if (!member)
      return fail(toString(member.takeError()));
    NpyFile &array = member->second;
    [[maybe_unused]] bool isNew =
        file->add({member->first, npyDtype(array.type()).str(),
                   SmallVector<int64_t, 4>(array.shape()), array.data()});
    assert(isNew && "libzip opens no file with a name in it twice");
    file->arrays.push_back(std::move(array));
  }
  return file;
}
