//===- ModelFiles.cpp - Find compiled models in a directory ---------------===//

#include "codegen/driver/ModelFiles.h"

#include "models/NearestName.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace vitc;
namespace path = llvm::sys::path;

/// Names of the objects in `directory` that have a header beside them.
static Expected<std::vector<std::string>> listModels(StringRef directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (sys::fs::directory_iterator it(directory, error), end;
       it != end && !error; it.increment(error)) {
    SmallString<128> header(it->path());
    path::replace_extension(header, "h");
    if (path::extension(it->path()) == ".o" && sys::fs::exists(header))
      names.push_back(path::stem(it->path()).str());
  }
  if (error)
    return createStringError(error, "expected a directory at '%s', found: %s",
                             directory.str().c_str(), error.message().c_str());
  llvm::sort(names);
  return names;
}

static ModelFiles makeFiles(StringRef directory, StringRef name) {
  SmallString<128> stem(directory);
  path::append(stem, name);
  return {name.str(), (stem + ".o").str(), (stem + ".weights").str()};
}

Expected<ModelFiles> vitc::findModelFiles(StringRef path, StringRef name) {
  std::string directory = path.str(), wanted = name.str();
  if (wanted.empty() && !sys::fs::is_directory(path)) {
    directory = path::parent_path(path).str();
    if (directory.empty())
      directory = ".";
    wanted = path::filename(path).str();
    if (path::extension(wanted) == ".o")
      wanted.resize(wanted.size() - 2);
  }
  Expected<std::vector<std::string>> names = listModels(directory);
  if (!names)
    return names.takeError();
  if (names->empty())
    return createStringError("expected a compiled model in '%s', found none",
                             directory.c_str());
  if (wanted.empty()) {
    if (names->size() == 1)
      return makeFiles(directory, names->front());
    return createStringError(
        "expected the name of one of the %zu models in '%s' (as %s/NAME), "
        "found none; they are: %s",
        names->size(), directory.c_str(), directory.c_str(),
        join(*names, ", ").c_str());
  }
  if (!is_contained(*names, wanted))
    return createStringError("no model '%s' in '%s'%s", wanted.c_str(),
                             directory.c_str(),
                             suggestNearest(wanted, *names).c_str());
  return makeFiles(directory, wanted);
}
