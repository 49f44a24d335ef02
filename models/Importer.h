//===- Importer.h - From a spec to vit ops ----------------------*- C++ -*-===//
//
// The only way into the compiler: reads a spec (see README.md), checks all of
// it, and builds the model's function. A spec that passes gives IR that
// verifies; one that does not gives located errors and no IR.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_IMPORTER_H
#define VITC_MODELS_IMPORTER_H

#include "models/ModelDescription.h"
#include "models/families/ImportCheckpoint.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/raw_ostream.h"

namespace vitc {

struct ImportOptions {
  /// Names of outputs, in order; empty: the spec's default.
  std::vector<std::string> outputs;
  /// Parameters and their values, as written on the command line.
  std::vector<std::pair<std::string, std::string>> set;
  /// A text file with the name of a class in every line, or nothing.
  std::string labels;
  /// The image comes as interleaved bytes; the graph begins by normalising.
  bool bytesInput = false;
  CheckpointOptions checkpoint; ///< for a spec that is a checkpoint
};

struct ImportedModel {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ModelDescription description;
  std::vector<std::string> notes; ///< of the spec, worth telling the user
  std::optional<CheckpointImport> imported; ///< if the spec is a checkpoint
};

/// Imports `spec`, a built-in name, a file or a checkpoint (see isCheckpoint).
/// The module holds one function named after the model; its arguments and
/// results have `vit.name` attributes. `vit.unused_weights` of the module lists
/// tensors that a checkpoint may hold although the function does not read them.
/// Every error of the spec goes to `errors`, one a line: "file:line:column:
/// error: /pointer: text".
llvm::FailureOr<ImportedModel> importModel(mlir::MLIRContext &context,
                                           llvm::StringRef spec,
                                           const ImportOptions &options,
                                           llvm::raw_ostream &errors);

/// Imports the graph that ModelDescription::build stands for.
llvm::FailureOr<ImportedModel> importBuild(mlir::MLIRContext &context,
                                           llvm::StringRef build,
                                           llvm::raw_ostream &errors);

/// The names of the built-in models, grouped by family.
std::vector<std::string> builtinModels();

} // namespace vitc

#endif // VITC_MODELS_IMPORTER_H
