//===- Pack.cpp - vitc pack: other weights for an object that exists ------===//
//
// The object carries the spec and the options that it was compiled with. They
// are imported again and taken to the stage that lays the weights out; the hash
// of the layout says whether the object expects just that.
//
//===----------------------------------------------------------------------===//

#include "codegen/Compile.h"
#include "codegen/CompiledObject.h"
#include "codegen/PackWeights.h"
#include "codegen/driver/Commands.h"
#include "codegen/driver/TextTable.h"
#include "models/CheckWeights.h"
#include "models/WeightsLayout.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/SourceMgr.h"

using namespace llvm;
using namespace vitc;

namespace {

int packMain();

Command pack("pack", "Pack a checkpoint for an object that exists", packMain);
cl::opt<std::string> objectFile(cl::Positional, cl::Required,
                                cl::desc("DIR/NAME.o"), cl::sub(pack));
cl::opt<std::string> checkpoint(
    "weights", cl::Required, cl::value_desc("file"), cl::sub(pack),
    cl::desc("Checkpoint to pack (.safetensors, .safetensors.index.json, "
             ".npz or a folder), or 'closed-form'"));
cl::opt<std::string> outputFile("o", cl::Required, cl::value_desc("file"),
                                cl::sub(pack),
                                cl::desc("Weights file to write"));

/// True if `model`'s layout is the one that every level of `object` expects.
Expected<bool> isExpected(mlir::func::FuncOp model,
                          const CompiledObject &object) {
  Expected<WeightsLayout> layout = readWeightsLayout(model);
  if (!layout)
    return layout.takeError();
  return all_of(object.levels, [&](const CompiledObject::Level &level) {
    return level.weightsHash == layout->hash &&
           level.weightsBytes == layout->fileBytes;
  });
}

Error packFor(const CompiledObject &object, mlir::ModuleOp module,
              const WeightSource &source) {
  mlir::func::FuncOp model = findModelFunction(module);
  if (!model)
    return createStringError("expected a model that computes something");
  Expected<bool> expected = isExpected(model, object);
  if (!expected)
    return expected.takeError();
  if (!*expected)
    return createStringError("expected to lay weights out as '" + objectFile +
                             "', compiled by " + object.compiler +
                             ", has it, found that this vitc " VITC_VERSION
                             " does not; compile the model again");
  return packWeights(model, source, outputFile);
}

int packMain() {
  Expected<CompiledObject> object = CompiledObject::open(objectFile);
  if (!object)
    return reportError(toString(object.takeError()));
  auto source = openWeights(checkpoint);
  if (!source)
    return reportError(toString(source.takeError()));

  mlir::MLIRContext context;
  context.disableMultithreading();
  loadDialects(context);
  SourceMgr sources;
  mlir::SourceMgrDiagnosticHandler diagnostics(sources, &context);
  auto imported = importBuild(context, object->build, errs());
  if (failed(imported))
    return 1;
  mlir::ModuleOp module = *imported->module;
  if (failed(checkWeights(module, **source, errs())))
    return 1;
  // The levels of an object share one layout; any of them leads to it.
  Expected<CpuLevel> level = lookupLevel(object->levels.front().name);
  if (!level)
    return reportError("'" + objectFile + "': " + toString(level.takeError()));
  if (failed(runStages(module, level->name, "buffers",
                       [](StringRef) { return mlir::success(); })))
    return 1;
  if (Error error = packFor(*object, module, **source))
    return reportError(toString(std::move(error)));
  outs() << "weights  " << kilobytes(object->levels.front().weightsBytes)
         << "  " << outputFile << '\n';
  return 0;
}

} // namespace
