//===- List.cpp - vitc list: the built-in models --------------------------===//

#include "codegen/driver/Commands.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/Format.h"

using namespace llvm;
using namespace vitc;

namespace {

int listMain();

Command list("list", "Print the built-in models with their sizes", listMain);

int listMain() {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  outs() << format("%-36s %12s %16s\n", "name", "parameters", "multiply-adds");
  for (const std::string &name : builtinModels()) {
    FailureOr<ImportedModel> model = importModel(context, name, {}, errs());
    if (failed(model))
      return 1;
    outs() << format("%-36s %10.2f M %14.3f G\n", name.c_str(),
                     model->description.parameters / 1e6,
                     model->description.macs / 1e9);
  }
  return 0;
}

} // namespace
