//===- Documents.h - The files that make up a spec --------------*- C++ -*-===//
//
// A spec is a family's document, perhaps one of its variants, and any documents
// that build on it.
//
//===----------------------------------------------------------------------===//

#ifndef VITC_MODELS_DOCUMENTS_H
#define VITC_MODELS_DOCUMENTS_H

#include "models/Spec.h"
#include "models/families/ImportCheckpoint.h"

namespace vitc {

class Documents {
public:
  explicit Documents(Diagnostics &errors, CheckpointOptions options = {})
      : errors(errors), options(std::move(options)) {}

  /// Loads a built-in name, a file, FILE.json or FILE.json:VARIANT, or what a
  /// checkpoint stands for, and what it builds on. False after an error, which
  /// is reported at `where`, the value that names it, or without a place.
  bool load(llvm::StringRef spec, const JsonValue *where = nullptr);

  /// Loads what printRecord printed.
  bool loadRecord(const JsonValue &record);

  /// The spec that they describe together.
  Spec read();

  /// The path of the checkpoint that they name, or nothing.
  const std::string &checkpoint() const { return checkpointPath; }

  /// The checkpoint that was loaded, if it was one.
  const std::optional<CheckpointImport> &imported() const {
    return importedCheckpoint;
  }

  /// "documents" and "variant" of a build record.
  void printRecord(llvm::raw_ostream &os) const;

  /// A command-line text as a JSON string, kept as long as the documents.
  const JsonValue &keep(std::string label, llvm::StringRef text);

  /// The lines of a text file as JSON strings, kept as long; empty after an
  /// error.
  std::vector<const JsonValue *> readLines(llvm::StringRef path);

private:
  bool loadCheckpoint(llvm::StringRef path);
  bool loadFile(llvm::StringRef path, const JsonValue *where);
  /// The text of a file; nothing after an error.
  std::optional<std::string> readText(llvm::StringRef path,
                                      const JsonValue *where);
  const JsonValue &keepString(const Source &source, size_t begin, size_t end);
  bool add(const JsonValue &document, llvm::StringRef origin);
  void readCheckpoint(const JsonValue &document, llvm::StringRef origin);
  const JsonValue *parse(std::string name, std::string text);
  bool fail(const JsonValue *where, const llvm::Twine &text);

  Diagnostics &errors;
  CheckpointOptions options;
  std::optional<CheckpointImport> importedCheckpoint;
  std::vector<std::unique_ptr<Source>> sources;
  std::vector<std::unique_ptr<JsonValue>> trees;
  std::vector<const JsonValue *> chain; ///< base first
  std::string variant;                  ///< of the first document
  std::string checkpointPath;
};

} // namespace vitc

#endif // VITC_MODELS_DOCUMENTS_H
