//===- vitc.cpp - The compiler's program ----------------------------------===//
//
// Chooses the command and lets it run. What a command does is in its own file.
//
//===----------------------------------------------------------------------===//

#include "codegen/driver/Commands.h"

#include "models/NearestName.h"
#include "passes/Passes.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace vitc;

SpecOptions::SpecOptions(cl::SubCommand &command)
    : spec(cl::Positional,
           cl::desc("SPEC (a file, a folder or a built-in name)"),
           cl::sub(command)),
      set("set", cl::desc("Change a parameter of the spec"),
          cl::value_desc("name=value"), cl::sub(command)),
      outputs("outputs",
              cl::desc("Outputs that the model is to have, such as "
                       "logits,tokens@-1; 'vitc info' lists them (default: the "
                       "spec's)"),
              cl::value_desc("a,b"), cl::CommaSeparated, cl::sub(command)),
      labels("labels", cl::value_desc("file"), cl::sub(command),
             cl::desc("Names of the classes, one in a line (default: those of "
                      "the spec)")) {}

void vitc::printNotes(const ImportedModel &model, const ImportOptions &options,
                      StringRef head, raw_ostream &os) {
  for (const std::string &note : model.notes)
    os << head << note << '\n';
  if (!model.imported)
    return;
  for (const ImportNote &note : model.imported->notes) {
    bool isGiven = note.about == "labels"
                       ? !options.labels.empty()
                       : any_of(options.set, [&](const auto &setting) {
                           return setting.first == note.about;
                         });
    if (!isGiven)
      os << head << note.text << '\n';
  }
}

bool vitc::readSettings(ArrayRef<std::string> set, ImportOptions &options) {
  for (StringRef assignment : set) {
    auto [name, value] = assignment.split('=');
    if (name.empty() || name.size() == assignment.size()) {
      reportError("--set expects name=value, found '" + assignment + "'");
      return false;
    }
    options.set.emplace_back(name.str(), value.str());
  }
  return true;
}

bool SpecOptions::get(ImportOptions &options) const {
  if (spec.empty()) {
    reportError("expected a SPEC: a file, a folder or a built-in name");
    return false;
  }
  if (!readSettings(set, options))
    return false;
  options.outputs.assign(outputs.begin(), outputs.end());
  options.labels = labels;
  return true;
}

int vitc::reportError(const Twine &text) {
  WithColor::error(errs()) << text << '\n';
  return 1;
}

namespace {

/// The commands, without the library's own entry for "no command".
SmallVector<Command *> commands() {
  SmallVector<Command *> all;
  for (cl::SubCommand *command : cl::getRegisteredSubcommands())
    if (!command->getName().empty())
      all.push_back(static_cast<Command *>(command));
  llvm::sort(all, [](const Command *a, const Command *b) {
    return a->getName() < b->getName();
  });
  return all;
}

/// Gives `command` the stock flags of MLIR (--mlir-timing, ...), which know of
/// no commands.
void addMlirOptions(Command &command) {
  // --mlir-print-ir-after=PASS knows registered passes.
  registerVitPasses();
  mlir::registerTransformsPasses();
  mlir::registerAsmPrinterCLOptions();
  mlir::registerMLIRContextCLOptions();
  mlir::registerPassManagerCLOptions();
  mlir::registerDefaultTimingManagerCLOptions();
  for (auto &[name, option] :
       cl::getRegisteredOptions(cl::SubCommand::getTopLevel())) {
    if (!name.starts_with("mlir-"))
      continue;
    option->setHiddenFlag(cl::Hidden);
    command.OptionsMap.try_emplace(name, option);
  }
}

void printHelp() {
  outs() << "vitc, an ahead-of-time compiler for vision transformers\n\n"
         << "usage: vitc COMMAND [options]\n\ncommands:\n";
  for (const Command *command : commands())
    outs() << "  " << left_justify(command->getName(), 10)
           << command->getDescription() << '\n';
  outs() << "\n'vitc COMMAND --help' lists a command's options, "
            "'vitc --version' the version.\n";
}

/// Reports what the library says of the options of `command`, which names the
/// program, by its path, for help.
int reportUsage(StringRef complaints, StringRef program, StringRef command) {
  SmallVector<StringRef> lines;
  complaints.trim().split(lines, '\n');
  std::string text;
  for (StringRef line : lines) {
    line.consume_front((sys::path::filename(program) + ": ").str());
    line = line.take_front(line.find("  Try: "));
    line = line.take_front(line.find(": See: "));
    text += (text.empty() ? "" : "; ") + line.rtrim(".!").str();
  }
  return reportError(text + "; 'vitc " + command +
                     " --help' lists the options");
}

void printVersion(raw_ostream &os) {
  os << "vitc " VITC_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
}

} // namespace

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::SetVersionPrinter(printVersion);

  std::vector<const char *> arguments(argv, argv + argc);
  // "help COMMAND" is "COMMAND --help".
  if (argc == 3 && StringRef(argv[1]) == "help")
    arguments = {argv[0], argv[2], "--help"};
  StringRef first = arguments.size() > 1 ? arguments[1] : "help";
  if (first == "help" || first == "--help" || first == "-h" ||
      first == "-help") {
    printHelp();
    return argc > 1 ? 0 : 1;
  }
  if (first == "--version" || first == "-version") {
    printVersion(outs());
    return 0;
  }
  for (Command *command : commands())
    if (first == command->getName()) {
      if (command->takesMlirOptions)
        addMlirOptions(*command);
      std::string complaints;
      raw_string_ostream os(complaints);
      if (!cl::ParseCommandLineOptions(static_cast<int>(arguments.size()),
                                       arguments.data(), "", &os))
        return reportUsage(complaints, argv[0], first);
      return command->main();
    }

  std::vector<std::string> names;
  for (const Command *command : commands())
    names.push_back(command->getName().str());
  return reportError("unknown command '" + first + "'" +
                     suggestNearest(first, names) +
                     "; 'vitc help' lists the commands");
}
