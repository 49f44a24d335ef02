//===- mutate-checkpoints.cpp - Faulty checkpoints by the thousand --------===//
//
// mutate-checkpoints FOLDER CHECKPOINT... imports damaged copies of each
// checkpoint, in FOLDER; this program contains the importer and the readers of
// checkpoints with the address and undefined-behaviour sanitizers on.
//
// Damaged are, in turn: each of its JSON files, the names, shapes and types of
// its tensors, and the description of its family. What comes of a copy must be
// IR that verifies, without a word, or errors and no IR.
//
//===----------------------------------------------------------------------===//

#include "Mutation.h"
#include "models/Builtin.h"
#include "models/CheckWeights.h"
#include "models/Importer.h"
#include "models/TensorFile.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace vitc;

namespace {

/// Copies with the same kind of damage.
constexpr unsigned copies = 100;

std::string inFolder(StringRef folder, StringRef name) {
  SmallString<128> path(folder);
  sys::path::append(path, name);
  return path.str().str();
}

std::string readText(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

class Checkpoint {
public:
  Checkpoint(StringRef folder, StringRef origin, Tally &tally)
      : folder(folder), origin(origin), tally(tally) {}

  /// False if there is nothing to damage.
  bool mutate();

private:
  bool copyFiles();
  void mutateJson(StringRef name);
  void mutateTensors();
  void mutateFamily();
  /// Imports the folder; `what` names the damage.
  void import(const Twine &what, StringRef family = "");

  StringRef folder, origin;
  Tally &tally;
  std::vector<std::string> names; ///< of its files
  std::string family;             ///< what it is recognised as
};

bool Checkpoint::copyFiles() {
  sys::fs::remove_directories(folder);
  sys::fs::create_directories(folder);
  std::error_code error;
  for (sys::fs::directory_iterator it(origin, error), end; it != end && !error;
       it.increment(error)) {
    names.push_back(sys::path::filename(it->path()).str());
    if (sys::fs::copy_file(it->path(), inFolder(folder, names.back())))
      return false;
  }
  return !error;
}

void Checkpoint::import(const Twine &what, StringRef familyFile) {
  SilentContext context;
  std::string text;
  raw_string_ostream errors(text);
  ImportOptions options;
  options.checkpoint.family = familyFile.str();
  auto imported = importModel(context, folder, options, errors);
  bool good = true;
  if (succeeded(imported)) {
    if (family.empty())
      family = imported->imported->family;
    good = text.empty() && succeeded(mlir::verify(*imported->module));
    auto weights = openWeights(imported->imported->weights);
    if (!weights)
      errors << "error: " << toString(weights.takeError());
    else if (succeeded(checkWeights(*imported->module, **weights, errors)))
      text.clear(); // of notes
  }
  bool refused = StringRef(text).contains("error: ");
  good &= refused || (succeeded(imported) && text.empty());
  if (!good || context.spoke) {
    errs() << "failure: " << what << " of " << origin << ": " << text << '\n';
    ++tally.failures;
  }
  ++(refused ? tally.rejected : tally.accepted);
}

void Checkpoint::mutateJson(StringRef name) {
  std::string path = inFolder(folder, name), good = readText(path);
  JsonMutator mutator(good);
  for (unsigned copy = 0; copy < copies; ++copy) {
    (void)writeText(path, mutator.next());
    import("copy " + Twine(copy) + " with " + name);
  }
  (void)writeText(path, good);
}

/// Writes a file of these tensors, with a hole for their data.
void writeTensors(StringRef path, ArrayRef<StoredTensor> tensors) {
  uint64_t offset = 0;
  std::string header = "{";
  for (const StoredTensor &tensor : tensors) {
    uint64_t bytes = tensor.dtype == "F64" ? 8 : tensor.dtype == "F32" ? 4 : 2;
    header += header.size() > 1 ? ",\"" : "\"";
    header +=
        tensor.name + "\":{\"dtype\":\"" + tensor.dtype + "\",\"shape\":[";
    for (auto [i, length] : enumerate(tensor.shape)) {
      header += (i ? "," : "") + std::to_string(length);
      bytes *= length;
    }
    header += "],\"data_offsets\":[" + std::to_string(offset) + "," +
              std::to_string(offset + bytes) + "]}";
    offset += bytes;
  }
  header += "}";
  char length[8];
  support::endian::write64le(length, header.size());
  (void)writeText(path, std::string(length, 8) + header);
  int file = 0;
  if (!sys::fs::openFileForReadWrite(path, file, sys::fs::CD_OpenExisting,
                                     sys::fs::OF_None)) {
    (void)sys::fs::resize_file(file, 8 + header.size() + offset);
    sys::fs::closeFile(file);
  }
}

void damage(std::vector<StoredTensor> &tensors, JsonMutator &random) {
  size_t at = random.below(tensors.size());
  StoredTensor &tensor = tensors[at];
  switch (random.below(6)) {
  case 0:
    tensors.erase(tensors.begin() + at);
    break;
  case 1:
    std::swap(tensor.name, tensors[random.below(tensors.size())].name);
    break;
  case 2:
    tensor.name += '.';
    break;
  case 3:
    if (!tensor.shape.empty())
      tensor.shape[random.below(tensor.shape.size())] = random.below(40);
    break;
  case 4:
    if (tensor.shape.empty() || random.below(2))
      tensor.shape.push_back(random.below(3));
    else
      tensor.shape.pop_back();
    break;
  case 5:
    tensor.dtype = random.below(2) ? "F64" : "F16";
    break;
  }
}

void Checkpoint::mutateTensors() {
  std::string name = *find_if(
      names, [](StringRef file) { return file.ends_with(".safetensors"); });
  std::string path = inFolder(folder, name), good = readText(path);
  std::vector<StoredTensor> tensors;
  {
    auto file = TensorFile::open(path);
    if (!file)
      return (void)(++tally.failures, consumeError(file.takeError()));
    tensors = (*file)->tensors().vec();
  }
  JsonMutator random("");
  for (unsigned copy = 0; copy < copies; ++copy) {
    std::vector<StoredTensor> damaged = tensors;
    for (size_t edits = 1 + random.below(2); edits; --edits)
      damage(damaged, random);
    writeTensors(path, damaged);
    import("copy " + Twine(copy) + " with tensors");
  }
  (void)writeText(path, good);
}

void Checkpoint::mutateFamily() {
  const BuiltinSpec *good = find_if(builtinFamilies(), [&](const auto &entry) {
    return entry.name == family;
  });
  std::string path = (folder + ".family.json").str();
  JsonMutator mutator(good->text);
  for (unsigned copy = 0; copy < copies; ++copy) {
    (void)writeText(path, mutator.next());
    import("copy " + Twine(copy) + " with family", path);
  }
}

bool Checkpoint::mutate() {
  if (!copyFiles() || names.empty())
    return false;
  import("nothing");
  if (!tally.accepted || family.empty())
    return false;
  for (const std::string &name : names)
    if (StringRef(name).ends_with(".json"))
      mutateJson(name);
  mutateTensors();
  mutateFamily();
  return true;
}

} // namespace

int main(int argc, char **argv) {
  Tally tally;
  for (int i = 2; i < argc; ++i)
    if (!Checkpoint(argv[1], argv[i], tally).mutate()) {
      errs() << "expected a checkpoint that can be imported, found '" << argv[i]
             << "'\n";
      return 1;
    }
  return tally.print();
}
