//===- Progress.h - A line that tells what goes on --------------*- C++ -*-===//

#ifndef VITC_CODEGEN_DRIVER_PROGRESS_H
#define VITC_CODEGEN_DRIVER_PROGRESS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

namespace vitc {

/// One line of stderr that is written over and over, and gone in the end; no
/// line where stderr is no terminal.
class Progress {
public:
  ~Progress() { clear(); }

  void show(llvm::StringRef text) {
    if (!isTerminal)
      return;
    llvm::errs() << "\r\033[K" << text << " ...";
    isShown = true;
  }
  /// Before anything else is printed.
  void clear() {
    if (isShown)
      llvm::errs() << "\r\033[K";
    isShown = false;
  }

private:
  bool isTerminal = llvm::errs().is_displayed();
  bool isShown = false;
};

} // namespace vitc

#endif // VITC_CODEGEN_DRIVER_PROGRESS_H
