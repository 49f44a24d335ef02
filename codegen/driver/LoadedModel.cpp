//===- LoadedModel.cpp - A model's object, loaded to run ------------------===//

#include "codegen/driver/LoadedModel.h"

#include "models/MessageText.h"
#include "models/ReadFile.h"

#include "llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/TargetSelect.h"

#include <cstring>

using namespace llvm;
using namespace vitc;

Error vitc::toError(vitc_status status, const vitc_message &message) {
  if (status == VITC_OK)
    return Error::success();
  return createStringError(Twine(message.text));
}

/// The one global symbol that ends in "_model" and has its "_run" beside it.
static Expected<std::string> findModelSymbol(MemoryBufferRef buffer) {
  auto object = object::ObjectFile::createObjectFile(buffer);
  if (!object)
    return object.takeError();
  std::vector<std::string> defined;
  for (const object::SymbolRef &symbol : (*object)->symbols()) {
    Expected<uint32_t> flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    Expected<StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    if ((*flags & object::SymbolRef::SF_Global) &&
        !(*flags & object::SymbolRef::SF_Undefined))
      defined.push_back(name->str());
  }
  std::vector<std::string> models;
  for (StringRef name : defined) {
    StringRef prefix = name;
    if (prefix.consume_back("_model") &&
        is_contained(defined, (prefix + "_run").str()))
      models.push_back(name.str());
  }
  if (models.empty())
    return createStringError("expected the object of a compiled model, found "
                             "no symbols PREFIX_model and PREFIX_run");
  if (models.size() != 1)
    return createStringError(
        "expected the object of one compiled model, found " +
        Twine(models.size()) + " pairs of symbols PREFIX_model and PREFIX_run");
  return models.front();
}

/// An LLJIT that only links. A model's object may use three functions of libc.
static Expected<std::unique_ptr<orc::LLJIT>> createLinker() {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  auto jit = orc::LLJITBuilder()
                 .setObjectLinkingLayerCreator([](orc::ExecutionSession &es) {
                   return std::make_unique<orc::ObjectLinkingLayer>(es);
                 })
                 .setPlatformSetUp(orc::setUpInactivePlatform)
                 .setLinkProcessSymbolsByDefault(false)
                 .create();
  if (!jit)
    return jit.takeError();
  orc::SymbolMap symbols;
  auto add = [&](StringRef name, void *address) {
    symbols[(*jit)->mangleAndIntern(name)] = {
        orc::ExecutorAddr::fromPtr(address), JITSymbolFlags::Exported};
  };
  add("memcpy", reinterpret_cast<void *>(&std::memcpy));
  add("memmove", reinterpret_cast<void *>(&std::memmove));
  add("memset", reinterpret_cast<void *>(&std::memset));
  if (Error error = (*jit)->getMainJITDylib().define(
          orc::absoluteSymbols(std::move(symbols))))
    return error;
  return jit;
}

Expected<std::unique_ptr<LoadedModel>>
LoadedModel::load(const ModelFiles &files, StringRef weightsPath) {
  auto buffer = readFile(files.object);
  if (!buffer)
    return buffer.takeError();
  Expected<std::string> symbol = findModelSymbol(**buffer);
  if (!symbol)
    return createStringError("cannot load '%s': %s", files.object.c_str(),
                             toString(symbol.takeError()).c_str());
  auto hash = SHA256::hash(arrayRefFromStringRef((*buffer)->getBuffer()));
  auto jit = createLinker();
  if (!jit)
    return jit.takeError();
  if (Error error = (*jit)->addObjectFile(std::move(*buffer)))
    return error;
  auto address = (*jit)->lookup(*symbol);
  if (!address)
    return address.takeError();

  std::unique_ptr<LoadedModel> result(new LoadedModel);
  result->jit = std::move(*jit);
  result->hash = hash;
  result->loaded = address->toPtr<const vitc_model *>();
  if (result->loaded->size < sizeof(vitc_model) ||
      result->loaded->abi_version != VITC_ABI_VERSION)
    return createStringError(
        "expected an object of ABI version %u, found version %u in '%s'; "
        "compile the model again",
        VITC_ABI_VERSION, result->loaded->abi_version, files.object.c_str());
  if (result->loaded->weights && weightsPath.empty())
    return result;

  if (weightsPath.empty() && !sys::fs::exists(files.weights))
    return createStringError(
        "expected the weights at '%s', found no such file; name another one "
        "with --weights, or pack a checkpoint: vitc pack %s --weights "
        "CHECKPOINT -o %s",
        files.weights.c_str(), files.object.c_str(), files.weights.c_str());

  vitc_message message;
  std::string path = weightsPath.empty() ? files.weights : weightsPath.str();
  vitc_status status =
      vitc_weights_open(path.c_str(), &result->weights, &message);
  if (status == VITC_OK)
    status = vitc_weights_check_contents(&result->weights, &message);
  // What the system says of a file comes with its name.
  if (status != VITC_OK && status != VITC_IO_ERROR)
    return createStringError(quoteName(path) + ": " + message.text);
  if (Error error = toError(status, message))
    return error;
  return result;
}

vitc_weights LoadedModel::weightBytes() const {
  if (weights.data)
    return weights;
  return {loaded->weights, level()->weights_bytes};
}

LoadedModel::~LoadedModel() {
  vitc_session_destroy(session);
  vitc_pool_destroy(pool);
  vitc_weights_close(&weights);
}

Error LoadedModel::selectLevel(StringRef highest) {
  vitc_message message;
  std::string name = highest.str();
  return toError(vitc_select_level(loaded,
                                   name.empty() ? nullptr : name.c_str(),
                                   &chosenLevel, &message),
                 message);
}

Expected<vitc_session *> LoadedModel::createSession(uint64_t images,
                                                    unsigned threads) {
  vitc_message message;
  if (threads != 1)
    if (Error error =
            toError(vitc_pool_create(threads, &pool, &message), message))
      return error;
  vitc_session_config config = {};
  config.model = loaded;
  config.weights = weights;
  config.parallel = vitc_pool_parallel(pool);
  config.images = images;
  config.level = chosenLevel;
  if (Error error =
          toError(vitc_session_create(&config, &session, &message), message))
    return error;
  return session;
}
