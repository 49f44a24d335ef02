//===- Compile.cpp - vitc compile: a spec and weights to an artefact ------===//

#include "codegen/Compile.h"
#include "codegen/EmitHeader.h"
#include "codegen/EmitObject.h"
#include "codegen/PackWeights.h"
#include "codegen/driver/Commands.h"
#include "codegen/driver/Progress.h"
#include "codegen/driver/Report.h"
#include "codegen/driver/TextTable.h"
#include "models/CheckWeights.h"
#include "models/OutputFiles.h"
#include "models/WeightsLayout.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/Timing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/SourceMgr.h"

#include <chrono>
#include <fmt/format.h>

using namespace llvm;
using namespace vitc;

namespace {

int compileMain();

/// The command whose passes stock flags of MLIR can watch.
struct CompileCommand : Command {
  CompileCommand()
      : Command("compile", "Compile a spec to an object, header and weights",
                compileMain) {
    takesMlirOptions = true;
  }
} compile;
SpecOptions specOptions(compile);
cl::opt<std::string> weightsFile(
    "weights", cl::value_desc("file"), cl::sub(compile),
    cl::desc("Checkpoint to pack (.safetensors, .safetensors.index.json, "
             ".npz or a folder), or 'closed-form' (default: the one that the "
             "spec names); "
             "without one only the object and header are written"));
cl::opt<std::string> weightsIn(
    "weights-in", cl::value_desc("file|embed"), cl::init("file"),
    cl::sub(compile),
    cl::desc("Write packed weights to a file of their own (default) or embed "
             "them in the object"));
cl::opt<std::string>
    outputDirectory("o", cl::value_desc("dir"), cl::init("."),
                    cl::desc("Directory for the artefact (default: .)"),
                    cl::sub(compile));
cl::opt<std::string> prefixOption(
    "prefix", cl::value_desc("name"), cl::sub(compile),
    cl::desc("Prefix of every symbol (default: the model's name)"));
cl::opt<std::string> cpuOption(
    "cpu", cl::value_desc("level"), cl::init("native"), cl::sub(compile),
    cl::desc("CPU level: native, x86-64-v3 or x86-64-v4 (default: native)"));
cl::opt<std::string>
    targetOption("target", cl::value_desc("triple"), cl::sub(compile),
                 cl::desc("Target triple (default: this machine's)"));
cl::opt<std::string> inputOption(
    "input", cl::value_desc("f32|u8"), cl::init("f32"), cl::sub(compile),
    cl::desc("Input as normalised f32 planes (default) or as 8-bit pixels"));
cl::opt<std::string> emitOption(
    "emit", cl::value_desc("stage"), cl::init("obj"), cl::sub(compile),
    cl::desc("Print a stage instead of writing the artefact: graph, fused, "
             "buffers, tiled, llvm, ll, asm (default: obj)"));
cl::opt<std::string>
    dumpOption("dump-stages", cl::value_desc("dir"), cl::sub(compile),
               cl::desc("Also write the IR of every stage to this directory"));

cl::opt<std::string> reportOption(
    "report", cl::ValueOptional, cl::value_desc("file"), cl::sub(compile),
    cl::desc("Print what was fused, what was not and why, and the kernels"));

const char *const compilerName = "vitc " VITC_VERSION;

/// Symbols, macros and file names are made of the prefix.
Error checkPrefix(StringRef text) {
  if (text.empty() || isDigit(text[0]) ||
      !all_of(text, [](char c) { return isAlnum(c) || c == '_'; }))
    return createStringError("--prefix expects letters, digits and "
                             "underscores, found '" +
                             text + "'");
  if (text == "vitc" || text.starts_with("vitc_"))
    return createStringError("expected a prefix other than the runtime's own "
                             "'vitc', found '" +
                             text + "'; --prefix gives another");
  return Error::success();
}

/// Most bytes of weights that an object takes in.
constexpr uint64_t maxEmbedded = 1 << 30;

bool isModuleStage(StringRef name) {
  return is_contained({"graph", "fused", "buffers", "tiled", "llvm"}, name);
}

/// Checks what options say before any work is done.
Error checkOptions() {
  StringRef emit = emitOption, in = weightsIn;
  if (!isModuleStage(emit) && !is_contained({"ll", "asm", "obj"}, emit))
    return createStringError("--emit expects graph, fused, buffers, tiled, "
                             "llvm, ll, asm or obj, found '" +
                             emit + "'");
  if (inputOption != "f32" && inputOption != "u8")
    return createStringError("--input expects f32 or u8, found '" +
                             inputOption + "'");
  if (in != "file" && in != "embed")
    return createStringError("--weights-in expects file or embed, found '" +
                             in + "'");
  if (in == "embed" && emit != "obj")
    return createStringError("--weights-in=embed expects --emit=obj, found '" +
                             emit + "'");
  if (reportOption.getNumOccurrences() && emit != "obj")
    return createStringError("--report expects --emit=obj, found '" + emit +
                             "'");
  return Error::success();
}

/// One compilation from the options.
class Compilation {
public:
  int run();

private:
  Error prepare();
  Error prepareWeights();
  mlir::LogicalResult runPasses();
  mlir::LogicalResult atStage(StringRef stage);
  mlir::LogicalResult atBuffers();
  Error packInto(mlir::func::FuncOp model, uint64_t bytes);
  Error emitText();
  Error writeArtefact();
  Error writeReport();
  void printSummary(raw_ostream &os);
  std::string artefactPath(StringRef extension) const;
  int fail(Error error) {
    progress.clear();
    return reportError(toString(std::move(error)));
  }
  bool embeds() const { return weightsIn == "embed"; }

  std::chrono::steady_clock::time_point started =
      std::chrono::steady_clock::now();
  Progress progress;
  mlir::MLIRContext context;
  Report report;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ModelDescription description;
  std::string prefix;
  CpuLevel level;
  std::unique_ptr<WeightSource> weights;
  OutputFiles outputs;
  std::unique_ptr<FileRemover> embedded; ///< packed weights on their way
  std::string embeddedPath;
  StringMap<vitc_kernel_kind> kinds;
  LevelTable table;
  Digest weightsHash{};
  unsigned stageIndex = 0;
};

/// The text of a failure that has been printed.
Error alreadyReported() { return createStringError(""); }

int Compilation::run() {
  if (Error error = prepare()) {
    std::string text = toString(std::move(error));
    return text.empty() ? 1 : reportError(text);
  }
  if (failed(runPasses()))
    return 1;
  if (isModuleStage(emitOption)) {
    progress.clear();
    module->print(outs());
    return 0;
  }
  progress.show("generating code");
  if (Error error = emitOption == "obj" ? writeArtefact() : emitText())
    return fail(std::move(error));
  progress.clear();
  if (emitOption != "obj")
    return 0;
  if (reportOption.getNumOccurrences())
    if (Error error = writeReport())
      return fail(std::move(error));
  printSummary(outs());
  return 0;
}

/// Everything that is read, options, spec and weights, and directories.
Error Compilation::prepare() {
  if (Error error = checkOptions())
    return error;
  auto found = lookupLevel(cpuOption);
  if (!found)
    return found.takeError();
  level = *found;
  ImportOptions options;
  if (!specOptions.get(options))
    return alreadyReported();
  options.bytesInput = inputOption == "u8";
  // Threads gain nothing beside LLVM's time, and would mix what stock flags
  // print or forbid it (--mlir-print-ir-module-scope).
  context.disableMultithreading();
  loadDialects(context);
  if (reportOption.getNumOccurrences())
    report.collect(context);
  auto imported = importModel(context, specOptions.spec, options, errs());
  if (failed(imported))
    return alreadyReported();
  printNotes(*imported, options, "note: ", errs());
  module = std::move(imported->module);
  description = std::move(imported->description);
  prefix = prefixOption.empty() ? description.name : prefixOption;
  if (Error error = checkPrefix(prefix))
    return error;
  if (Error error = prepareWeights())
    return error;
  if (!dumpOption.empty())
    if (Error error = makeDirectory(dumpOption))
      return error;
  return emitOption == "obj" ? makeDirectory(outputDirectory)
                             : Error::success();
}

Error Compilation::prepareWeights() {
  std::string checkpoint =
      weightsFile.empty() ? description.checkpoint : weightsFile;
  if (checkpoint.empty() && weightsIn == "embed")
    return createStringError("--weights-in=embed expects --weights");
  if (checkpoint.empty())
    return Error::success();
  auto opened = openWeights(checkpoint);
  if (!opened)
    return opened.takeError();
  weights = std::move(*opened);
  if (failed(checkWeights(*module, *weights, errs())))
    return alreadyReported();
  return Error::success();
}

mlir::LogicalResult Compilation::runPasses() {
  SourceMgr sources;
  mlir::SourceMgrDiagnosticHandler diagnostics(sources, &context);
  // Asked first: what it declines goes on to the handler above.
  mlir::ScopedDiagnosticHandler beforeMessages(&context,
                                               [&](mlir::Diagnostic &) {
                                                 progress.clear();
                                                 return mlir::failure();
                                               });
  mlir::DefaultTimingManager timing;
  mlir::applyDefaultTimingManagerCLOptions(timing);
  mlir::TimingScope scope = timing.getRootScope();
  StringRef last = isModuleStage(emitOption) ? StringRef(emitOption) : "llvm";
  return runStages(
      *module, level.name, last,
      [&](StringRef stage) { return atStage(stage); },
      [&](StringRef stage, mlir::PassManager &passes) {
        progress.show("stage " + stage.str());
        passes.enableTiming(scope);
        return mlir::applyPassManagerCLOptions(passes);
      });
}

mlir::LogicalResult Compilation::atStage(StringRef stage) {
  if (reportOption.getNumOccurrences())
    report.atStage(stage, *module);
  if (!dumpOption.empty()) {
    SmallString<128> path(dumpOption);
    sys::path::append(path, Twine(stageIndex++) + "-" + stage + ".mlir");
    if (Error error = writeFile(path, [&](raw_pwrite_stream &os) {
          module->print(os);
          return Error::success();
        }))
      return (void)fail(std::move(error)), mlir::failure();
  }
  if (stage == "buffers")
    return atBuffers();
  if (stage == "tiled")
    table = readLevelTable(*module, level, kinds, weightsHash);
  return mlir::success();
}

/// The last stage that knows the weights.
mlir::LogicalResult Compilation::atBuffers() {
  kinds = readKernelKinds(*module);
  mlir::func::FuncOp model = findModelFunction(*module);
  if (!model)
    return module->emitError() << "the model computes nothing";
  auto layout = readWeightsLayout(model);
  if (!layout)
    return (void)fail(layout.takeError()), mlir::failure();
  weightsHash = layout->hash;
  if (!weights || emitOption != "obj")
    return mlir::success();
  progress.show("packing weights");
  if (Error error = packInto(model, layout->fileBytes))
    return (void)fail(std::move(error)), mlir::failure();
  return mlir::success();
}

/// Packs the weights, which take `bytes`, for the object or beside it.
Error Compilation::packInto(mlir::func::FuncOp model, uint64_t bytes) {
  if (!embeds())
    return outputs.write(artefactPath("weights"), [&](raw_pwrite_stream &os) {
      return writeWeights(model, *weights, os);
    });
  if (bytes > maxEmbedded)
    return createStringError("--weights-in=embed expects at most " +
                             Twine(maxEmbedded) +
                             " bytes of packed weights, found " + Twine(bytes));
  SmallString<128> pattern(artefactPath("weights") + ".%%%%%%.embed"), path;
  sys::fs::make_absolute(pattern);
  sys::fs::createUniquePath(pattern, path, /*MakeAbsolute=*/false);
  embeddedPath = path.str().str();
  embedded = std::make_unique<FileRemover>(embeddedPath);
  sys::RemoveFileOnSignal(embeddedPath);
  return packWeights(model, *weights, embeddedPath);
}

std::string Compilation::artefactPath(StringRef extension) const {
  SmallString<128> path(outputDirectory);
  sys::path::append(path, prefix + "." + extension);
  return path.str().str();
}

Error Compilation::emitText() {
  SmallString<0> text;
  raw_svector_ostream os(text);
  ObjectContents contents{prefix, compilerName, &description, &table, ""};
  if (Error error = emitObject(*module, contents, targetOption,
                               emitOption == "ll" ? ObjectFormat::LlvmIr
                                                  : ObjectFormat::Assembly,
                               os))
    return error;
  progress.clear();
  outs() << text;
  return Error::success();
}

Error Compilation::writeArtefact() {
  ObjectContents contents{prefix, compilerName, &description, &table,
                          embeddedPath};
  if (Error error =
          outputs.write(artefactPath("o"), [&](raw_pwrite_stream &os) {
            return emitObject(*module, contents, targetOption,
                              ObjectFormat::Object, os);
          }))
    return error;
  if (Error error =
          outputs.write(artefactPath("h"), [&](raw_pwrite_stream &os) {
            emitHeader(os, prefix, compilerName, description, table, embeds());
            return Error::success();
          }))
    return error;
  return outputs.commit();
}

Error Compilation::writeReport() {
  auto write = [&](raw_ostream &os) {
    os << description.name << (description.title.empty() ? "" : ": ")
       << description.title << "\n\n";
    report.print(os, table);
    os << '\n';
  };
  if (reportOption.empty()) {
    write(outs());
    return Error::success();
  }
  return writeFile(reportOption, [&](raw_pwrite_stream &os) {
    write(os);
    printSummary(os);
    return Error::success();
  });
}

/// What was made, for which CPU and why, and how large it is.
void Compilation::printSummary(raw_ostream &os) {
  auto sizeOf = [&](StringRef path) {
    uint64_t bytes = 0;
    sys::fs::file_size(path, bytes);
    return kilobytes(bytes);
  };
  os << prefix << " for " << level.name
     << (cpuOption == "native" ? " (native: the best level that this CPU runs)"
                               : " (--cpu)")
     << '\n';
  TextTable lines("lrl");
  lines.add({"object", sizeOf(artefactPath("o")), artefactPath("o")});
  lines.add({"header", sizeOf(artefactPath("h")), artefactPath("h")});
  lines.add({"weights", kilobytes(table.weightsBytes),
             embeds()  ? "in the object"
             : weights ? artefactPath("weights")
                       : "not packed: no --weights"});
  lines.add({"arena", kilobytes(table.arenaImageBytes),
             "an image, " + kilobytes(table.arenaWorkerBytes) + " a thread"});
  lines.add({"steps", std::to_string(table.steps.size()),
             fmt::format("calls of {} kernels", kinds.size())});
  double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started)
          .count();
  lines.add({"time", fmt::format("{:.2f} s", seconds)});
  lines.print(os);
}

int compileMain() { return Compilation().run(); }

} // namespace
