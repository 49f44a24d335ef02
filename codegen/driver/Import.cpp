//===- Import.cpp - vitc import: a spec for a checkpoint ------------------===//

#include "codegen/driver/Commands.h"
#include "models/CheckWeights.h"
#include "models/Describe.h"
#include "models/OutputFiles.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace vitc;

namespace {

int importMain();

Command importCommand("import",
                      "Write a spec for a checkpoint of timm, Hugging Face, "
                      "Google or a model's authors",
                      importMain);
cl::opt<std::string> checkpointPath(cl::Positional, cl::Required,
                                    cl::desc("PATH"),
                                    cl::value_desc("folder or file"),
                                    cl::sub(importCommand));
cl::opt<std::string>
    outputDirectory("o", cl::value_desc("dir"), cl::init("."),
                    cl::desc("Directory for the spec (default: .)"),
                    cl::sub(importCommand));
cl::opt<std::string>
    architecture("arch", cl::value_desc("name"), cl::sub(importCommand),
                 cl::desc("timm's name of the model, where no config.json "
                          "tells it, or for another"));
cl::opt<std::string> familyFile(
    "family", cl::value_desc("file"), cl::sub(importCommand),
    cl::desc("A family's description, tried before the built-in ones"));
cl::list<std::string> set("set", cl::value_desc("name=value"),
                          cl::desc("Change a parameter of the spec"),
                          cl::sub(importCommand));
cl::opt<std::string> labels("labels", cl::value_desc("file"),
                            cl::desc("Names of the classes, one in a line"),
                            cl::sub(importCommand));

/// Whether `path` has the name of a file of pickled tensors.
bool isPickled(StringRef path) {
  return path.ends_with(".pth") || path.ends_with(".pt") ||
         path.ends_with(".bin");
}

/// The weights' path for a document in `directory`: relative where they are
/// beside or below it, so that the folder can be moved as a whole.
std::string placeOf(StringRef weights, StringRef directory) {
  SmallString<128> place(weights), from(directory);
  for (SmallString<128> *path : {&place, &from}) {
    sys::fs::make_absolute(*path);
    sys::path::remove_dots(*path, /*remove_dot_dot=*/true);
  }
  StringRef below = place;
  if (below.consume_front(from) && below.consume_front("/"))
    return below.str();
  return place.str().str();
}

/// What was set on the command line, as the spec took it.
std::vector<std::pair<std::string, std::string>>
givenSettings(const ModelDescription &model, const ImportOptions &options) {
  std::vector<std::pair<std::string, std::string>> given;
  for (const Setting &setting : model.settings)
    if (any_of(options.set,
               [&](const auto &item) { return item.first == setting.name; }))
      given.emplace_back(setting.name, setting.value);
  return given;
}

void printSummary(const ImportedModel &imported, StringRef path,
                  const ImportOptions &options) {
  const CheckpointImport &checkpoint = *imported.imported;
  const ModelDescription &model = imported.description;
  outs() << checkpoint.name << ": " << checkpoint.title << "\n  family      "
         << checkpoint.family << ", by its " << checkpoint.evidence
         << "\n  parameters  " << model.parameters << "\n  macs        "
         << model.macs << '\n';
  for (const ResampledTensor &tensor : model.resampled)
    outs() << "  resampled   " << printResampled(tensor) << '\n';
  for (const auto &[tensor, why] : checkpoint.ignored)
    outs() << "  ignored     " << tensor << ": " << why << '\n';
  printNotes(imported, options, "  note        ", outs());
  outs() << "  spec        " << path << "\n  weights     " << checkpoint.weights
         << '\n';
}

int importMain() {
  ImportOptions options;
  options.checkpoint = {architecture, familyFile};
  options.labels = labels;
  if (!readSettings(set, options))
    return 1;
  if (!sys::fs::exists(checkpointPath) || !isCheckpoint(checkpointPath))
    return reportError("expected a folder, a .safetensors, "
                       ".safetensors.index.json or .npz file, found '" +
                       checkpointPath + "'" +
                       (isPickled(checkpointPath)
                            ? "; models/convert_pth.py makes safetensors of "
                              "pickled tensors"
                            : ""));
  // A name alone could be that of a built-in model.
  std::string path = sys::path::has_parent_path(checkpointPath)
                         ? checkpointPath
                         : "./" + checkpointPath;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto model = importModel(context, path, options, errs());
  if (failed(model))
    return 1;
  const CheckpointImport &checkpoint = *model->imported;
  auto weights = openWeights(checkpoint.weights);
  if (!weights)
    return reportError(toString(weights.takeError()));
  // Its notes on ignored tensors are in the summary.
  std::string problems;
  raw_string_ostream os(problems);
  if (failed(checkWeights(*model->module, **weights, os))) {
    errs() << problems;
    return 1;
  }
  if (Error error = makeDirectory(outputDirectory))
    return reportError(toString(std::move(error)));
  SmallString<128> specPath(outputDirectory);
  sys::path::append(specPath, checkpoint.name + ".json");
  if (Error error = writeFile(specPath, [&](raw_pwrite_stream &os) {
        os << checkpoint.document(placeOf(checkpoint.weights, outputDirectory),
                                  givenSettings(model->description, options),
                                  model->description.labels);
        return Error::success();
      }))
    return reportError(toString(std::move(error)));
  printSummary(*model, specPath, options);
  return 0;
}

} // namespace
