//===- OutputFiles.cpp - Files that appear whole and together -------------===//

#include "models/OutputFiles.h"
#include "models/MessageText.h"

using namespace llvm;
using namespace vitc;
namespace fs = llvm::sys::fs;

static Error cannotWrite(StringRef path, const Twine &why) {
  return createStringError("cannot write " + quoteName(path) + ": " + why);
}

OutputFiles::~OutputFiles() {
  for (auto &[file, path] : files)
    consumeError(file.discard());
}

Error OutputFiles::write(StringRef path, WriteContent content) {
  // A rename would put a file in the place of a device.
  if (fs::exists(path) && !fs::is_regular_file(path))
    return cannotWrite(
        path, Twine("expected a regular file, found ") +
                  (fs::is_directory(path) ? "a directory" : "something else"));
  auto file = fs::TempFile::create(path + ".%%%%%%%%.tmp");
  if (!file)
    return cannotWrite(path, toString(file.takeError()));
  raw_fd_ostream stream(file->FD, /*shouldClose=*/false);
  Error error = content(stream);
  stream.flush();
  if (stream.has_error() && !error)
    error = cannotWrite(path, stream.error().message());
  stream.clear_error();
  if (error)
    return joinErrors(std::move(error), file->discard());
  files.emplace_back(std::move(*file), path.str());
  return Error::success();
}

Error OutputFiles::commit() {
  Error error = Error::success();
  for (auto &[file, path] : files) {
    if (error) {
      consumeError(file.discard());
      continue;
    }
    if (Error kept = file.keep(path))
      error = joinErrors(std::move(error),
                         cannotWrite(path, toString(std::move(kept))));
  }
  files.clear();
  return error;
}

Error vitc::writeFile(StringRef path, WriteContent content) {
  OutputFiles files;
  if (Error error = files.write(path, content))
    return error;
  return files.commit();
}

Error vitc::makeDirectory(StringRef path) {
  if (std::error_code error =
          fs::create_directories(path, /*IgnoreExisting=*/true, fs::all_all))
    return createStringError("cannot make the directory " + quoteName(path) +
                             ": " + error.message());
  return Error::success();
}
