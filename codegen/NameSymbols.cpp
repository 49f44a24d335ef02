//===- NameSymbols.cpp - The prefix on every symbol of an object ----------===//

#include "codegen/NameSymbols.h"

#include "llvm/ObjCopy/CommonConfig.h"
#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/StringSaver.h"

using namespace llvm;

/// True for what a linker may see under its name.
static Expected<bool> isDefined(const object::SymbolRef &symbol) {
  Expected<uint32_t> flags = symbol.getFlags();
  if (!flags)
    return flags.takeError();
  return !(*flags & (object::SymbolRef::SF_Undefined |
                     object::SymbolRef::SF_FormatSpecific));
}

Error vitc::nameSymbols(MemoryBufferRef object, StringRef prefix,
                        raw_ostream &os) {
  Expected<std::unique_ptr<object::Binary>> binary =
      object::createBinary(object);
  if (!binary)
    return binary.takeError();
  auto *elf = dyn_cast<object::ELFObjectFileBase>(binary->get());
  if (!elf) {
    os << object.getBuffer();
    return Error::success();
  }
  BumpPtrAllocator memory;
  StringSaver names(memory);
  std::string start = (prefix + "_").str();
  objcopy::ConfigManager config;
  for (const object::ELFSymbolRef &symbol : elf->symbols()) {
    Expected<bool> defined = isDefined(symbol);
    if (!defined)
      return defined.takeError();
    Expected<StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    if (*defined && !name->starts_with(start))
      config.Common.SymbolsToRename[*name] =
          names.save(start + name->ltrim('.'));
  }
  return objcopy::executeObjcopyOnBinary(config, **binary, os);
}
