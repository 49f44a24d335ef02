//===- Verify.cpp - vitc verify: a model against recorded results ---------===//

#include "codegen/driver/BatchRun.h"
#include "codegen/driver/Comparison.h"
#include "codegen/driver/ModelOptions.h"
#include "codegen/driver/TextTable.h"

#include "models/MessageText.h"
#include "models/NearestName.h"
#include "models/OutputFiles.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include "llvm/TargetParser/Host.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

using namespace llvm;
using namespace vitc;

namespace {

int verifyMain();
Command command("verify", "Compare a compiled model with recorded results",
                verifyMain);

ModelOptions options(command);
cl::opt<std::string>
    referencePath("reference", cl::Required,
                  cl::desc("Recorded inputs (input:NAME) and outputs (NAME)"),
                  cl::value_desc("X.npz|X.safetensors"), cl::sub(command));
cl::list<std::string>
    toleranceTexts("tolerance",
                   cl::desc("Largest error over the largest recorded value "
                            "(default: 2e-5), or over 1 for shares of one "
                            "(default: 1e-5); for all outputs or for one"),
                   cl::value_desc("number|NAME=number"), cl::CommaSeparated,
                   cl::sub(command));
cl::opt<std::string>
    certificatePath("certificate",
                    cl::desc("Where to write the certificate (default: "
                             "NAME.certificate.json beside the object)"),
                    cl::value_desc("file"), cl::sub(command));

/// What the comparison failed by, apart from errors, which are 1.
constexpr int exitFailed = 2;

/// The largest error of a sound float32 network, over its largest value:
/// PyTorch's own is 1e-7 to 1e-5 for the families that vitc imports, and a
/// wrong epsilon, GELU or resampling is off by 1e-4 and more at full size.
constexpr double defaultTolerance = 2e-5;
/// The same for attention and probabilities, over one.
constexpr double defaultShareTolerance = 1e-5;

constexpr StringLiteral inputPrefix("input:");

/// An output and what became of it.
struct Checked {
  const vitc_tensor *tensor;
  const StoredTensor *recorded;
  Comparison comparison;
  double tolerance;
  bool passed() const { return comparison.isWithin(tolerance); }
};

class Verification {
public:
  int run();

private:
  bool open();
  bool readTolerances();
  bool findInputs();
  bool findOutputs();
  bool matches(const StoredTensor &recorded, const vitc_tensor &tensor,
               bool isInput);
  bool isFinite(const StoredTensor &recorded);
  bool compare();
  void printTable() const;
  Error writeCertificate() const;
  void writeJson(json::OStream &json) const;

  bool fail(const Twine &text) {
    reportError(text);
    return sound = false;
  }
  bool fail(Error error) { return fail(toString(std::move(error))); }
  bool hasPassed() const {
    return all_of(outputs, [](const Checked &item) { return item.passed(); });
  }
  const vitc_model &model() const { return loaded->model(); }

  bool sound = true;
  ModelFiles files;
  std::unique_ptr<LoadedModel> loaded;
  std::unique_ptr<TensorFile> reference;
  std::optional<double> tolerance; ///< of outputs without their own
  StringMap<double> tolerances;
  uint64_t images = 0;
  std::vector<const StoredTensor *> inputs; ///< in the model's order
  std::vector<Checked> outputs;             ///< the same
};

bool Verification::open() {
  Expected<ModelFiles> found = options.files();
  if (!found)
    return fail(found.takeError());
  files = std::move(*found);
  auto model = options.load(files);
  if (!model)
    return fail(model.takeError());
  loaded = std::move(*model);
  auto file = TensorFile::open(referencePath);
  if (!file)
    return fail(file.takeError());
  reference = std::move(*file);
  return true;
}

bool Verification::readTolerances() {
  for (StringRef text : toleranceTexts) {
    auto [name, value] = text.rsplit('=');
    bool isForAll = name.size() == text.size();
    double number;
    if ((isForAll ? text : value).getAsDouble(number) ||
        !std::isfinite(number) || number < 0) {
      fail("--tolerance expects a number from 0 up, or NAME=number, found '" +
           text + "'");
      continue;
    }
    if (isForAll) {
      tolerance = number;
      continue;
    }
    uint32_t index = 0;
    vitc_message message;
    if (Error error = toError(
            vitc_find_output(&model(), name.str().c_str(), &index, &message),
            message))
      fail("--tolerance: " + toString(std::move(error)));
    tolerances[name] = number;
  }
  return sound;
}

/// Whether `recorded` has images of `tensor`, as many as the others.
bool Verification::matches(const StoredTensor &recorded,
                           const vitc_tensor &tensor, bool isInput) {
  std::string type = tensor.element_type == VITC_U8 ? "U8" : "F32";
  ArrayRef<int64_t> shape = recorded.shape;
  // vitc leaves out a first dimension of one, of an only head for instance.
  ArrayRef<int64_t> image = shape.drop_front(!shape.empty());
  while (image.size() > tensor.rank && image.front() == 1)
    image = image.drop_front();
  bool sameType = recorded.dtype == type ||
                  (!isInput && type == "F32" && recorded.dtype == "F64");
  if (!sameType || shape.empty() || image != shapeOf(tensor))
    return fail("expected " + quoteName(recorded.name) + " of " + type +
                (isInput || type == "U8" ? "" : " or F64") +
                " and shape [images, " +
                StringRef(formatShape(shapeOf(tensor))).drop_front() +
                ", found " + recorded.dtype + " of shape " +
                formatShape(shape) + " in " + reference->describe());
  if (shape[0] == 0)
    return fail("expected at least one image in " + quoteName(recorded.name) +
                ", found none in " + reference->describe());
  if (images && images != static_cast<uint64_t>(shape[0]))
    return fail("expected " + Twine(images) + " images in " +
                quoteName(recorded.name) + ", as in what is before it, found " +
                Twine(shape[0]) + " in " + reference->describe());
  images = shape[0];
  return isFinite(recorded);
}

bool Verification::isFinite(const StoredTensor &recorded) {
  uint64_t elements = 1;
  for (int64_t length : recorded.shape)
    elements *= length;
  for (uint64_t i = 0; i < elements; ++i)
    if (!std::isfinite(elementAt(recorded.dtype, recorded.data.data(), i)))
      return fail("expected finite numbers in " + quoteName(recorded.name) +
                  ", found others in " + reference->describe());
  return true;
}

bool Verification::findInputs() {
  for (uint32_t i = 0; i < model().input_count; ++i) {
    const vitc_tensor &input = model().inputs[i];
    std::string name = (inputPrefix + input.name).str();
    const StoredTensor *recorded = reference->lookup(name);
    if (!recorded)
      fail("expected the model's input " + quoteName(name) + " in " +
           reference->describe() + ", found none" +
           suggestNearest(name, reference->names()));
    else if (matches(*recorded, input, /*isInput=*/true))
      inputs.push_back(recorded);
  }
  return sound;
}

bool Verification::findOutputs() {
  std::vector<std::string> names;
  for (uint32_t i = 0; i < model().output_count; ++i) {
    const vitc_tensor &output = model().outputs[i];
    names.push_back(output.name);
    const StoredTensor *recorded = reference->lookup(output.name);
    if (!recorded) {
      fail("expected the model's output " + quoteName(output.name) + " in " +
           reference->describe() + ", found none");
      continue;
    }
    if (!matches(*recorded, output, /*isInput=*/false))
      continue;
    double allowed = tolerance.value_or(defaultTolerance);
    outputs.push_back({&output, recorded, {}, allowed});
  }
  for (const StoredTensor &recorded : reference->tensors()) {
    StringRef name = recorded.name;
    bool isInput = name.consume_front(inputPrefix);
    bool isKnown = isInput ? is_contained(inputs, &recorded)
                           : is_contained(names, recorded.name);
    if (isKnown || (isInput && !sound))
      continue;
    fail("model '" + Twine(model().name) + "' has no " +
         (isInput ? "input " : "output ") + quoteName(name) + ", which " +
         reference->describe() + " holds" +
         (isInput ? "" : suggestNearest(name, names)) +
         (isInput ? "" : "; vitc compile --outputs chooses a model's"));
  }
  return sound;
}

bool Verification::compare() {
  auto session = options.createSession(*loaded, sessionImages(images));
  if (!session)
    return fail(session.takeError());
  // The file's tensors are aligned to nothing.
  std::vector<TensorBuffer> aligned;
  std::vector<const char *> pointers;
  for (const StoredTensor *input : inputs) {
    aligned.emplace_back(input->data.size());
    std::memcpy(aligned.back().data(), input->data.data(), input->data.size());
    pointers.push_back(aligned.back().data());
  }
  auto results = runBatch(*session, model(), pointers, images);
  if (!results)
    return fail(results.takeError());
  for (Checked &item : outputs) {
    size_t index = item.tensor - model().outputs;
    item.comparison = compareResults(*item.recorded, (*results)[index].data());
    auto own = tolerances.find(item.tensor->name);
    if (own != tolerances.end())
      item.tolerance = own->second;
    else if (item.comparison.areShares && !tolerance)
      item.tolerance = defaultShareTolerance;
  }
  return true;
}

/// The place of an element, "[0, 17]".
std::string placeText(uint64_t index, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> place(shape.size());
  for (size_t i = shape.size(); i-- > 0; index /= shape[i])
    place[i] = static_cast<int64_t>(index % shape[i]);
  return formatShape(place);
}

void Verification::printTable() const {
  TextTable table("llrrrrll");
  table.add({"output", "shape", "largest", "error", "over largest", "cosine",
             "tolerance", "verdict"});
  for (const Checked &item : outputs) {
    const Comparison &result = item.comparison;
    auto number = [&](double value, const char *format) {
      return result.notFinite ? "-" : fmt::format(fmt::runtime(format), value);
    };
    table.add({item.tensor->name, shapeText(item.recorded->shape),
               fmt::format("{:.4g}", result.largest),
               number(result.absolute, "{:.2e}"),
               number(result.relative(), "{:.2e}"),
               number(result.cosine, "{:.10f}"),
               fmt::format("{:.2g} of {}", item.tolerance,
                           result.areShares ? "1" : "largest"),
               item.passed() ? "pass" : "FAIL"});
  }
  table.print(outs());
  for (const Checked &item : outputs) {
    const Comparison &result = item.comparison;
    if (!item.passed())
      outs() << fmt::format(
          "{}: {} at {}, expected {:.9g}, found {:.9g}\n", item.tensor->name,
          result.notFinite
              ? fmt::format("{} numbers are not finite, the first is",
                            result.notFinite)
              : "largest error",
          placeText(result.worst, item.recorded->shape), result.expected,
          result.found);
  }
}

std::string hexOf(ArrayRef<uint8_t> digest) {
  return toHex(digest, /*LowerCase=*/true);
}

std::string hashOf(const void *data, uint64_t bytes) {
  return hexOf(
      SHA256::hash(ArrayRef(static_cast<const uint8_t *>(data), bytes)));
}

/// The hash of the program that runs; nothing where it cannot be read.
std::string hashOfProgram() {
  auto file = MemoryBuffer::getFile("/proc/self/exe", /*IsText=*/false,
                                    /*RequiresNullTerminator=*/false);
  if (!file)
    return "";
  return hashOf((*file)->getBufferStart(), (*file)->getBufferSize());
}

void Verification::writeJson(json::OStream &json) const {
  auto raw = [&](StringRef key, StringRef text) {
    json.attributeBegin(key);
    json.rawValue(text);
    json.attributeEnd();
  };
  auto number = [&](StringRef key, double value, bool isKnown = true) {
    raw(key, isKnown ? fmt::format("{:.12g}", value) : "null");
  };
  auto tensor = [&](const StoredTensor &stored) {
    json.attribute("name", stored.name);
    raw("shape", formatShape(stored.shape));
    json.attribute("type", stored.dtype);
    json.attribute("sha256", hashOf(stored.data.data(), stored.data.size()));
  };
  json.objectBegin();
  json.attribute("vitc_certificate", 1);
  json.attribute("verdict", hasPassed() ? "pass" : "fail");
  vitc_weights weights = loaded->weightBytes();
  auto *header = static_cast<const vitc_weights_header *>(weights.data);
  json.attributeObject("model", [&] {
    json.attribute("name", model().name);
    json.attribute("compiler", model().compiler);
    json.attribute("object_sha256", hexOf(loaded->objectHash()));
    json.attribute("spec_sha256", hexOf(model().spec_hash));
    json.attribute("weights_sha256", hashOf(weights.data, weights.bytes));
    json.attribute("checkpoint_sha256", hexOf(header->source_hash));
  });
  json.attributeObject("run", [&] {
    json.attribute("compiler", "vitc " VITC_VERSION);
    json.attribute("compiler_sha256", hashOfProgram());
    json.attribute("level", loaded->level()->name);
    json.attribute("cpu", sys::getHostCPUName());
    json.attribute("threads", int64_t(options.threads));
    json.attribute("images", int64_t(images));
  });
  json.attribute("reference", sys::path::filename(referencePath));
  json.attributeArray("inputs", [&] {
    for (const StoredTensor *input : inputs)
      json.object([&] { tensor(*input); });
  });
  json.attributeArray("outputs", [&] {
    for (const Checked &item : outputs)
      json.object([&] {
        const Comparison &result = item.comparison;
        bool isFinite = result.notFinite == 0;
        tensor(*item.recorded);
        number("largest_value", result.largest);
        number("largest_error", result.absolute, isFinite);
        number("error_over_largest", result.relative(), isFinite);
        number("cosine", result.cosine, isFinite);
        json.attribute("not_finite", int64_t(result.notFinite));
        number("tolerance", item.tolerance);
        json.attribute("tolerance_of", result.areShares ? "one" : "largest");
        json.attribute("verdict", item.passed() ? "pass" : "fail");
      });
  });
  json.objectEnd();
}

std::string certificatePlace(StringRef object) {
  SmallString<128> path(object);
  sys::path::replace_extension(path, "certificate.json");
  return path.str().str();
}

Error Verification::writeCertificate() const {
  std::string path = certificatePath.empty() ? certificatePlace(files.object)
                                             : certificatePath;
  if (Error error = writeFile(path, [&](raw_pwrite_stream &os) {
        json::OStream json(os, /*IndentSize=*/2);
        writeJson(json);
        os << '\n';
        return Error::success();
      }))
    return error;
  outs() << (hasPassed() ? "pass" : "FAIL") << "; the certificate is " << path
         << '\n';
  return Error::success();
}

int Verification::run() {
  if (!open() || !readTolerances())
    return 1;
  findInputs();
  if (!findOutputs() || !compare())
    return 1;
  printTable();
  if (Error error = writeCertificate())
    return reportError(toString(std::move(error)));
  return hasPassed() ? 0 : exitFailed;
}

int verifyMain() { return Verification().run(); }

} // namespace
