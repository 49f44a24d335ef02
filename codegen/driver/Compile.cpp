//===- Compile.cpp - vitc compile: a spec and weights to an artefact ------===//

#include "codegen/Compile.h"
#include "codegen/EmitHeader.h"
#include "codegen/EmitObject.h"
#include "codegen/PackWeights.h"
#include "codegen/driver/Commands.h"
#include "models/CheckWeights.h"
#include "models/WeightsLayout.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

#include <chrono>
#include <fmt/format.h>

using namespace llvm;
using namespace vitc;

namespace {

int compileMain();

Command compile("compile", "Compile a spec to an object, header and weights",
                compileMain);
SpecOptions specOptions(compile);
cl::opt<std::string> weightsFile(
    "weights", cl::value_desc("file"), cl::sub(compile),
    cl::desc("Checkpoint to pack (.safetensors); without it only the object "
             "and header are written"));
cl::opt<std::string> outputDirectory("o", cl::value_desc("dir"), cl::init("."),
                                     cl::desc("Directory for the artefact"),
                                     cl::sub(compile));
cl::opt<std::string> prefixOption(
    "prefix", cl::value_desc("name"), cl::sub(compile),
    cl::desc("Prefix of every symbol (default: the model's name)"));
cl::opt<std::string> cpuOption(
    "cpu", cl::value_desc("level"), cl::init("native"), cl::sub(compile),
    cl::desc("CPU level: native, x86-64-v3 or x86-64-v4 (default: native)"));
cl::opt<std::string> targetOption(
    "target", cl::value_desc("triple"), cl::sub(compile),
    cl::desc("Target triple (default: this machine's)"));
cl::opt<std::string> inputOption(
    "input", cl::value_desc("f32|u8"), cl::init("f32"), cl::sub(compile),
    cl::desc("Input as normalised f32 planes (default) or as 8-bit pixels"));
cl::opt<std::string> emitOption(
    "emit", cl::value_desc("stage"), cl::init("obj"), cl::sub(compile),
    cl::desc("Print a stage instead of writing the artefact: graph, fused, "
             "buffers, tiled, llvm, ll, asm (default: obj)"));
cl::opt<std::string> dumpOption(
    "dump-stages", cl::value_desc("dir"), cl::sub(compile),
    cl::desc("Also write the IR of every stage to this directory"));

const char *const compilerName = "vitc " VITC_VERSION;

/// Symbols, macros and file names are made of the prefix.
bool isIdentifier(StringRef text) {
  return !text.empty() && !isDigit(text[0]) &&
         all_of(text, [](char c) { return isAlnum(c) || c == '_'; });
}

/// Writes a file under a temporary name and renames it: nothing is half there.
Error writeFile(StringRef path, function_ref<Error(raw_pwrite_stream &)> write) {
  auto file = sys::fs::TempFile::create(path + ".%%%%%%.tmp");
  if (!file)
    return file.takeError();
  Error error = Error::success();
  {
    raw_fd_ostream stream(file->FD, /*shouldClose=*/false);
    error = write(stream);
    stream.flush();
    if (!error && stream.has_error())
      error = createStringError(stream.error(), "could not write '%s'",
                                path.str().c_str());
    stream.clear_error();
  }
  if (error)
    return joinErrors(std::move(error), file->discard());
  sys::fs::setPermissions(file->FD, sys::fs::perms(0644));
  return file->keep(path);
}

void printModule(mlir::ModuleOp module, raw_ostream &os) {
  module.print(os, mlir::OpPrintingFlags().enableDebugInfo(false));
}

/// One compilation from the options.
class Compilation {
public:
  int run();

private:
  mlir::LogicalResult atStage(StringRef stage);
  mlir::LogicalResult atBuffers();
  Error writeArtefact();
  int fail(Error error) { return reportError(toString(std::move(error))); }
  bool isModuleStage(StringRef name) {
    return is_contained({"graph", "fused", "buffers", "tiled", "llvm"}, name);
  }

  mlir::MLIRContext context;
  mlir::ModuleOp module;
  ModelDescription description;
  std::string prefix;
  CpuLevel level;
  std::unique_ptr<WeightSource> weights;
  StringMap<vitc_kernel_kind> kinds;
  LevelTable table;
  Digest weightsHash{};
  unsigned stageIndex = 0;
};

int Compilation::run() {
  auto started = std::chrono::steady_clock::now();
  StringRef emit = emitOption;
  if (!isModuleStage(emit) && !is_contained({"ll", "asm", "obj"}, emit))
    return reportError("--emit expects graph, fused, buffers, tiled, llvm, ll, "
                       "asm or obj, found '" + emit + "'");
  if (inputOption != "f32" && inputOption != "u8")
    return reportError("--input expects f32 or u8, found '" + inputOption +
                       "'");
  auto found = lookupLevel(cpuOption);
  if (!found)
    return fail(found.takeError());
  level = *found;
  ImportOptions options;
  if (!specOptions.get(options))
    return 1;
  options.bytesInput = inputOption == "u8";
  context.disableMultithreading();
  loadDialects(context);
  SourceMgr sources;
  mlir::SourceMgrDiagnosticHandler diagnostics(sources, &context);
  auto imported = importModel(context, specOptions.spec, options, errs());
  if (failed(imported))
    return 1;
  module = *imported->module;
  description = imported->description;
  prefix = prefixOption.empty() ? description.name : prefixOption;
  if (!isIdentifier(prefix))
    return reportError("--prefix expects letters, digits and underscores, "
                       "found '" + prefix + "'");
  if (!weightsFile.empty()) {
    auto opened = openWeights(weightsFile);
    if (!opened)
      return fail(opened.takeError());
    weights = std::move(*opened);
    if (failed(checkWeights(module, *weights, errs())))
      return 1;
  }
  StringRef last = isModuleStage(emit) ? emit : "llvm";
  if (failed(runStages(module, level.name, last,
                       [&](StringRef stage) { return atStage(stage); })))
    return 1;
  if (isModuleStage(emit)) {
    printModule(module, outs());
    return 0;
  }
  if (Error error = writeArtefact())
    return fail(std::move(error));
  if (emit == "obj") {
    double seconds = std::chrono::duration<double>(
                         std::chrono::steady_clock::now() - started)
                         .count();
    outs() << fmt::format("{}: {} steps for {} in {:.2f} s\n", prefix,
                          table.steps.size(), level.name, seconds);
  }
  return 0;
}

mlir::LogicalResult Compilation::atStage(StringRef stage) {
  if (!dumpOption.empty()) {
    SmallString<128> path(dumpOption);
    sys::path::append(path,
                      Twine(stageIndex++) + "-" + stage + ".mlir");
    sys::fs::create_directories(dumpOption);
    if (Error error = writeFile(path, [&](raw_pwrite_stream &os) {
          printModule(module, os);
          return Error::success();
        }))
      return (void)fail(std::move(error)), mlir::failure();
  }
  if (stage == "buffers")
    return atBuffers();
  if (stage == "tiled")
    table = readLevelTable(module, level, kinds, weightsHash);
  return mlir::success();
}

/// The last stage that knows the weights.
mlir::LogicalResult Compilation::atBuffers() {
  kinds = readKernelKinds(module);
  mlir::func::FuncOp model = findModel(module);
  if (!model)
    return module.emitError() << "the model computes nothing";
  auto layout = readWeightsLayout(model);
  if (!layout)
    return (void)fail(layout.takeError()), mlir::failure();
  weightsHash = layout->hash;
  if (!weights || emitOption != "obj")
    return mlir::success();
  sys::fs::create_directories(outputDirectory);
  SmallString<128> path(outputDirectory);
  sys::path::append(path, prefix + ".weights");
  if (Error error = packWeights(model, *weights, path))
    return (void)fail(std::move(error)), mlir::failure();
  return mlir::success();
}

Error Compilation::writeArtefact() {
  ObjectContents contents{prefix, compilerName, &description, &table};
  if (emitOption == "ll" || emitOption == "asm") {
    SmallString<0> text;
    raw_svector_ostream os(text);
    if (Error error = emitObject(module, contents, targetOption,
                                 emitOption == "ll" ? ObjectFormat::LlvmIr
                                                    : ObjectFormat::Assembly,
                                 os))
      return error;
    outs() << text;
    return Error::success();
  }
  sys::fs::create_directories(outputDirectory);
  SmallString<128> path(outputDirectory);
  sys::path::append(path, prefix + ".o");
  if (Error error = writeFile(path, [&](raw_pwrite_stream &os) {
        return emitObject(module, contents, targetOption, ObjectFormat::Object,
                          os);
      }))
    return error;
  sys::path::replace_extension(path, "h");
  return writeFile(path, [&](raw_pwrite_stream &os) {
    emitHeader(os, prefix, compilerName, description, table);
    return Error::success();
  });
}

int compileMain() { return Compilation().run(); }

} // namespace
