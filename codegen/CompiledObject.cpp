//===- CompiledObject.cpp - What an object says of its model --------------===//

#include "codegen/CompiledObject.h"

#include "models/MessageText.h"
#include "models/ReadFile.h"
#include "vitc/model.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Object/ELF.h"
#include "llvm/Support/SHA256.h"
#include <cstring>
#include <map>

using namespace llvm;
using namespace vitc;

namespace {

using Elf = object::ELF64LEFile;

/// More levels than there are.
constexpr uint32_t maxLevels = 64;

/// A byte of a section.
struct Place {
  uint32_t section = 0;
  uint64_t offset = 0;
};

/// A relocatable ELF object: symbols, bytes, and what pointers point to. Uses
/// only those parts of LLVM's reader that return errors and never end the
/// process.
class Reader {
public:
  static Expected<Reader> create(StringRef bytes);

  /// The constant PREFIX_model of the one prefix for which PREFIX_run is there
  /// too.
  Expected<Place> findModel() const;

  /// `count` bytes from `place`.
  Expected<StringRef> bytes(Place place, uint64_t count) const;

  /// What the pointer at `place` points to.
  Expected<Place> follow(Place place) const;

  /// The nul-terminated string that the pointer at `place` points to.
  Expected<std::string> string(Place place) const;

private:
  explicit Reader(Elf elf) : elf(std::move(elf)) {}

  Error readSymbols();
  Error readRelocations(const Elf::Elf_Shdr &section);
  Expected<StringRef> contents(uint32_t section) const;

  Elf elf;
  Elf::Elf_Shdr_Range sections;
  Elf::Elf_Sym_Range symbols;
  StringRef names;
  std::map<std::pair<uint32_t, uint64_t>, const Elf::Elf_Rela *> pointers;
};

/// The relocation of a 64-bit pointer for machine `e_machine`; 0 if there is
/// none that we know.
uint32_t pointerRelocation(uint16_t machine) {
  switch (machine) {
  case ELF::EM_X86_64:
    return ELF::R_X86_64_64;
  case ELF::EM_AARCH64:
    return ELF::R_AARCH64_ABS64;
  default:
    return 0;
  }
}

Expected<Reader> Reader::create(StringRef bytes) {
  if (!bytes.starts_with("\x7f"
                         "ELF\2\1"))
    return createStringError("expected a 64-bit little-endian ELF object");
  Expected<Elf> elf = Elf::create(bytes);
  if (!elf)
    return elf.takeError();
  if (elf->getHeader().e_type != ELF::ET_REL ||
      !pointerRelocation(elf->getHeader().e_machine))
    return createStringError(
        "expected a relocatable object for x86-64 or AArch64");
  Reader reader(std::move(*elf));
  auto sections = reader.elf.sections();
  if (!sections)
    return sections.takeError();
  reader.sections = *sections;
  if (Error error = reader.readSymbols())
    return std::move(error);
  for (const Elf::Elf_Shdr &section : reader.sections)
    if (section.sh_type == ELF::SHT_RELA)
      if (Error error = reader.readRelocations(section))
        return std::move(error);
  return reader;
}

Error Reader::readSymbols() {
  for (const Elf::Elf_Shdr &section : sections) {
    if (section.sh_type != ELF::SHT_SYMTAB)
      continue;
    auto table = elf.symbols(&section);
    if (!table)
      return table.takeError();
    auto strings = elf.getStringTableForSymtab(section);
    if (!strings)
      return strings.takeError();
    symbols = *table;
    names = *strings;
    return Error::success();
  }
  return createStringError("expected a symbol table, found none");
}

Error Reader::readRelocations(const Elf::Elf_Shdr &section) {
  auto entries = elf.relas(section);
  if (!entries)
    return entries.takeError();
  uint32_t type = pointerRelocation(elf.getHeader().e_machine);
  for (const Elf::Elf_Rela &entry : *entries)
    if (entry.getType(/*isMips64EL=*/false) == type)
      pointers[{section.sh_info, entry.r_offset}] = &entry;
  return Error::success();
}

Expected<Place> Reader::findModel() const {
  llvm::StringMap<Place> defined;
  for (const Elf::Elf_Sym &symbol : symbols) {
    if (symbol.getBinding() != ELF::STB_GLOBAL ||
        symbol.st_shndx == ELF::SHN_UNDEF ||
        symbol.st_shndx >= ELF::SHN_LORESERVE)
      continue;
    Expected<StringRef> name = symbol.getName(names);
    if (!name)
      return name.takeError();
    defined[*name] = {symbol.st_shndx, symbol.st_value};
  }
  std::vector<std::pair<std::string, Place>> models;
  for (const auto &symbol : defined) {
    StringRef prefix = symbol.getKey();
    if (prefix.consume_back("_model") &&
        defined.contains((prefix + "_run").str()))
      models.emplace_back(symbol.getKey().str(), symbol.getValue());
  }
  if (models.size() != 1)
    return createStringError(
        "expected the object of one compiled model, found " +
        Twine(models.size()) + " pairs of symbols PREFIX_model and PREFIX_run");
  return models.front().second;
}

Expected<StringRef> Reader::contents(uint32_t section) const {
  if (section >= sections.size() ||
      sections[section].sh_type == ELF::SHT_NOBITS)
    return createStringError("expected section " + Twine(section) +
                             " to hold bytes");
  auto bytes = elf.getSectionContents(sections[section]);
  if (!bytes)
    return bytes.takeError();
  return toStringRef(*bytes);
}

Expected<StringRef> Reader::bytes(Place place, uint64_t count) const {
  Expected<StringRef> all = contents(place.section);
  if (!all)
    return all;
  if (place.offset > all->size() || count > all->size() - place.offset)
    return createStringError("expected " + Twine(count) + " bytes at offset " +
                             Twine(place.offset) + " of section " +
                             Twine(place.section) + ", found its end at " +
                             Twine(all->size()));
  return all->substr(place.offset, count);
}

Expected<Place> Reader::follow(Place place) const {
  auto pointer = pointers.find({place.section, place.offset});
  if (pointer == pointers.end())
    return createStringError("expected a pointer at offset " +
                             Twine(place.offset) + " of section " +
                             Twine(place.section));
  const Elf::Elf_Rela &entry = *pointer->second;
  uint32_t index = entry.getSymbol(/*isMips64EL=*/false);
  if (index >= symbols.size())
    return createStringError("expected a symbol below " +
                             Twine(symbols.size()) + ", found " + Twine(index));
  // The sum wraps as addresses do; `bytes` checks where it leads.
  return Place{symbols[index].st_shndx,
               symbols[index].st_value + static_cast<uint64_t>(entry.r_addend)};
}

Expected<std::string> Reader::string(Place place) const {
  Expected<Place> target = follow(place);
  if (!target)
    return target.takeError();
  Expected<StringRef> all = contents(target->section);
  if (!all)
    return all.takeError();
  size_t end = all->find('\0', std::min<uint64_t>(target->offset, all->size()));
  if (end == StringRef::npos)
    return createStringError("expected a string that ends in section " +
                             Twine(target->section));
  return all->slice(target->offset, end).str();
}

/// A struct of vitc/model.h as it lies in the object; its pointers are zero.
template <typename T>
Expected<T> readStruct(const Reader &reader, Place place) {
  Expected<StringRef> bytes = reader.bytes(place, sizeof(T));
  if (!bytes)
    return bytes.takeError();
  T value;
  std::memcpy(&value, bytes->data(), sizeof(T));
  return value;
}

Expected<CompiledObject::Level> readLevel(const Reader &reader, Place place) {
  auto level = readStruct<vitc_level>(reader, place);
  if (!level)
    return level.takeError();
  Expected<std::string> name =
      reader.string({place.section, place.offset + offsetof(vitc_level, name)});
  if (!name)
    return name.takeError();
  CompiledObject::Level result{*name, level->weights_bytes, {}};
  std::memcpy(result.weightsHash.data(), level->weights_hash,
              sizeof level->weights_hash);
  return result;
}

Expected<CompiledObject> readModel(const Reader &reader) {
  Expected<Place> place = reader.findModel();
  if (!place)
    return place.takeError();
  auto model = readStruct<vitc_model>(reader, *place);
  if (!model)
    return model.takeError();
  if (model->size < sizeof(vitc_model) ||
      model->abi_version != VITC_ABI_VERSION)
    return createStringError("expected an object of ABI version " +
                             Twine(VITC_ABI_VERSION) + ", found version " +
                             Twine(model->abi_version) +
                             "; compile the model again");
  CompiledObject result;
  struct {
    std::string &text;
    size_t offset;
  } strings[] = {{result.name, offsetof(vitc_model, name)},
                 {result.compiler, offsetof(vitc_model, compiler)},
                 {result.build, offsetof(vitc_model, build)}};
  for (auto &[text, offset] : strings) {
    auto value = reader.string({place->section, place->offset + offset});
    if (!value)
      return value.takeError();
    text = std::move(*value);
  }
  if (!std::equal(std::begin(model->spec_hash), std::end(model->spec_hash),
                  SHA256::hash(arrayRefFromStringRef(result.build)).begin()))
    return createStringError("expected a build record with the hash that the "
                             "object states, found another");
  if (!model->level_count || model->level_count > maxLevels)
    return createStringError("expected 1 to " + Twine(maxLevels) +
                             " CPU levels, found " + Twine(model->level_count));
  auto levels = reader.follow(
      {place->section, place->offset + offsetof(vitc_model, levels)});
  if (!levels)
    return levels.takeError();
  for (uint32_t i = 0; i < model->level_count; ++i) {
    auto level = readLevel(
        reader, {levels->section, levels->offset + i * sizeof(vitc_level)});
    if (!level)
      return level.takeError();
    result.levels.push_back(std::move(*level));
  }
  return result;
}

} // namespace

Expected<CompiledObject> CompiledObject::open(StringRef path) {
  auto buffer = readFile(path);
  if (!buffer)
    return buffer.takeError();
  return parse(**buffer);
}

Expected<CompiledObject> CompiledObject::parse(MemoryBufferRef buffer) {
  auto result = [&]() -> Expected<CompiledObject> {
    Expected<Reader> reader = Reader::create(buffer.getBuffer());
    if (!reader)
      return reader.takeError();
    return readModel(*reader);
  }();
  if (!result)
    return createStringError(quoteName(buffer.getBufferIdentifier()) + ": " +
                             toString(result.takeError()));
  return result;
}
