//===- vit-opt.cpp - Run single passes over textual IR --------------------===//
//
// The driver of tests and of anyone who takes a dumped stage further by hand.
// It knows all of MLIR's dialects and passes, so that stock ones can be put
// between ours.
//
//===----------------------------------------------------------------------===//

#include "dialect/VitDialect.h"
#include "passes/Passes.h"
#include "passes/Pipelines.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::registerAllPasses();
  vitc::registerVitPasses();
  vitc::registerPipelines();
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<vitc::vit::VitDialect>();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "vitc optimizer driver\n", registry));
}
