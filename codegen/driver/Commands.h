//===- Commands.h - The commands of vitc ------------------------*- C++ -*-===//
//
// Every command lives in a file of its own, which defines one static Command,
// the command's options (each with cl::sub(command)) and its main function.
// vitc.cpp finds the commands through the command-line library; there is no
// list to keep.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_CODEGEN_DRIVER_COMMANDS_H
#define VITC_CODEGEN_DRIVER_COMMANDS_H

#include "models/Importer.h"

#include "llvm/Support/CommandLine.h"

namespace vitc {

/// A subcommand; `main` runs when it was chosen and its options are parsed,
/// and returns the exit code of the process.
class Command : public llvm::cl::SubCommand {
public:
  Command(llvm::StringRef name, llvm::StringRef description, int (*main)())
      : llvm::cl::SubCommand(name, description), main(main) {}
  int (*const main)();
  bool takesMlirOptions = false; ///< whether --mlir-... may stand behind it
};

/// The options of every command that takes a SPEC.
struct SpecOptions {
  explicit SpecOptions(llvm::cl::SubCommand &command);

  /// The options as the importer takes them; false after an error message.
  bool get(ImportOptions &options) const;

  llvm::cl::opt<std::string> spec;
  llvm::cl::list<std::string> set;
  llvm::cl::list<std::string> outputs;
  llvm::cl::opt<std::string> labels;
};

/// The spec's notes, and what was guessed of a checkpoint and is not given in
/// `options`, each line behind `head`.
void printNotes(const ImportedModel &model, const ImportOptions &options,
                llvm::StringRef head, llvm::raw_ostream &os);

/// Reads "name=value" of --set; false after an error message.
bool readSettings(llvm::ArrayRef<std::string> set, ImportOptions &options);

/// Prints "error: " and the text to stderr; returns the exit code 1.
int reportError(const llvm::Twine &text);

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_COMMANDS_H
