//===- test-weights.cpp - Run weight ops from the shell -------------------===//
//
// Reads a module and a checkpoint, checks one against the other, and then:
//   evaluate   prints the weight values that each function returns;
//   pack       packs the module's first function into a file.
//
//===----------------------------------------------------------------------===//

#include "codegen/PackWeights.h"
#include "models/CheckWeights.h"
#include "models/WeightProgram.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace mlir;
using namespace vitc;

static cl::opt<std::string> action(cl::Positional, cl::Required,
                                   cl::desc("evaluate|pack"));
static cl::opt<std::string> input(cl::Positional, cl::Required,
                                  cl::desc("MODULE"));
static cl::opt<std::string> weights("weights", cl::init("closed-form"));
static cl::opt<std::string> output("o", cl::init("-"));

static int fail(const Twine &text) {
  WithColor::error(errs()) << text << '\n';
  return 1;
}

static void evaluate(ModuleOp module, const WeightSource &source) {
  WeightProgram program(source);
  module.walk([&](func::ReturnOp op) {
    for (Value value : op.getOperands()) {
      if (!vit::isWeight(value))
        continue;
      outs() << op->getParentOfType<func::FuncOp>().getName() << ':';
      for (float x : program.evaluate(value))
        outs() << ' ' << format("%.9g", x);
      outs() << '\n';
    }
  });
}

static int pack(func::FuncOp model, const WeightSource &source) {
  if (Error error = packWeights(model, source, output))
    return fail(toString(std::move(error)));
  return 0;
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv);
  MLIRContext context;
  context.loadDialect<vit::VitDialect, func::FuncDialect>();
  auto module = parseSourceFile<ModuleOp>(input, &context);
  if (!module)
    return 1;
  auto source = openWeights(weights);
  if (!source)
    return fail(toString(source.takeError()));
  if (failed(checkWeights(*module, **source, errs())))
    return 1;
  if (action == "evaluate")
    evaluate(*module, **source);
  else if (auto functions = module->getOps<func::FuncOp>(); !functions.empty())
    return pack(*functions.begin(), **source);
  return 0;
}
