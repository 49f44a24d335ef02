//===- Run.cpp - vitc run: a compiled model on images and arrays ----------===//

#include "codegen/driver/BatchRun.h"
#include "codegen/driver/ImageFile.h"
#include "codegen/driver/ModelOptions.h"

#include "models/MessageText.h"
#include "models/NearestName.h"
#include "models/NpyFile.h"
#include "vitc/preprocess.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <numeric>

using namespace llvm;
using namespace vitc;

static int runMain();
static Command runCommand("run", "Run a compiled model on images", runMain);

static ModelOptions options(runCommand);
static cl::list<std::string> moreInputs(cl::Positional, cl::desc("[FILE...]"),
                                        cl::sub(runCommand));
static cl::list<std::string> inputPaths("input",
                                        cl::desc("Images, or arrays of images"),
                                        cl::value_desc("X.npy|X.png|X.jpg"),
                                        cl::sub(runCommand));
static cl::list<std::string>
    outputPaths("output", cl::desc("Write an output of all images to a file"),
                cl::value_desc("name=Y.npy"), cl::sub(runCommand));
static cl::opt<std::string>
    savedInput("save-input",
               cl::desc("Write what the model is given of all images"),
               cl::value_desc("X.npy"), cl::sub(runCommand));
static cl::opt<unsigned> top("top",
                             cl::desc("Best labels to print (default: 5)"),
                             cl::init(5), cl::sub(runCommand));

namespace {

/// What is to be run.
struct Batch {
  uint64_t count = 0;
  TensorBuffer images;
  std::vector<std::string> names; ///< of every image
  bool fromImages = false;        ///< whether a file was a picture
};

} // namespace

static Error appendArray(const vitc_tensor &input, StringRef path,
                         Batch &batch) {
  Expected<NpyFile> file = NpyFile::open(path);
  if (!file)
    return file.takeError();
  NpyType type = input.element_type == VITC_U8 ? NpyType::U8 : NpyType::F32;
  ArrayRef<int64_t> shape = file->shape();
  if (file->type() != type || shape.size() != input.rank + 1 ||
      shape.drop_front() != shapeOf(input))
    return createStringError(
        "expected images of %s %s with a batch dimension before them, found "
        "%s %s in '%s'",
        typeText(input), shapeText(shapeOf(input)).c_str(),
        npyTypeName(file->type()).str().c_str(), shapeText(shape).c_str(),
        path.str().c_str());
  uint64_t before = batch.count * input.image_bytes;
  batch.count += shape.front();
  batch.images.resize(batch.count * input.image_bytes);
  std::memcpy(batch.images.data() + before, file->data().data(),
              file->data().size());
  for (int64_t i = 0; i < shape.front(); ++i)
    batch.names.push_back(fmt::format("{}[{}]", path.str(), i));
  return Error::success();
}

static Error appendImage(const vitc_model &model, StringRef path,
                         Batch &batch) {
  if (!model.preprocess)
    return createStringError("model '%s' declares no preprocessing; give its "
                             "input as a .npy file",
                             model.name);
  Expected<DecodedImage> decoded = readImage(path, model.preprocess->channels);
  if (!decoded)
    return decoded.takeError();
  vitc_image image = {decoded->pixels.data(), decoded->height, decoded->width,
                      decoded->width * int64_t(decoded->channels),
                      decoded->channels};
  vitc_message message;
  uint64_t bytes = 0;
  vitc_status status = vitc_preprocess_size(&model, &image, &bytes, &message);
  if (status == VITC_OK) {
    uint64_t imageBytes = model.inputs[0].image_bytes;
    batch.images.resize((batch.count + 1) * imageBytes);
    std::unique_ptr<void, decltype(&std::free)> workspace(
        std::aligned_alloc(VITC_ALIGNMENT, bytes), &std::free);
    status = vitc_preprocess_image(
        &model, &image, workspace.get(), bytes,
        batch.images.data() + batch.count * imageBytes, imageBytes, &message);
  }
  if (status != VITC_OK)
    return createStringError("'%s': %s", path.str().c_str(), message.text);
  ++batch.count;
  batch.names.push_back(path.str());
  batch.fromImages = true;
  return Error::success();
}

static Expected<Batch> readInputs(const vitc_model &model) {
  if (model.input_count != 1)
    return createStringError("expected a model with one input, found %u",
                             model.input_count);
  Batch batch;
  std::vector<std::string> paths(inputPaths.begin(), inputPaths.end());
  paths.insert(paths.end(), moreInputs.begin(), moreInputs.end());
  for (StringRef path : paths)
    if (Error error = sys::path::extension(path) == ".npy"
                          ? appendArray(model.inputs[0], path, batch)
                          : appendImage(model, path, batch))
      return error;
  return batch;
}

/// The index of an output and the file that it is written to.
using OutputFile = std::pair<uint32_t, StringRef>;

static Expected<std::vector<OutputFile>> parseOutputs(const vitc_model &model) {
  std::vector<OutputFile> files;
  for (StringRef assignment : outputPaths) {
    auto [name, path] = assignment.split('=');
    if (name.empty() || path.empty())
      return createStringError("--output expects name=file.npy, found '%s'",
                               assignment.str().c_str());
    uint32_t index = 0;
    vitc_message message;
    if (Error error = toError(
            vitc_find_output(&model, name.str().c_str(), &index, &message),
            message))
      return error;
    files.push_back({index, path});
  }
  return files;
}

/// Writes a tensor of `count` images.
static Error writeTensor(StringRef path, const vitc_tensor &tensor,
                         uint64_t count, TensorBuffer &values) {
  std::vector<int64_t> shape = {int64_t(count)};
  llvm::append_range(shape, shapeOf(tensor));
  ArrayRef<uint8_t> data(reinterpret_cast<uint8_t *>(values.data()),
                         count * tensor.image_bytes);
  NpyType type = tensor.element_type == VITC_U8 ? NpyType::U8 : NpyType::F32;
  return writeNpy(path, type, shape, data);
}

/// An output with one number for every class: the probabilities, the logits or,
/// under another name, as many numbers as there are labels; or null.
static const vitc_tensor *findScores(const vitc_model &model) {
  const vitc_tensor *found = nullptr;
  for (const vitc_tensor &output :
       ArrayRef(model.outputs, model.output_count)) {
    if (output.rank != 1 || output.element_type != VITC_F32)
      continue;
    StringRef name = output.name;
    if (name == "probabilities")
      return &output;
    bool isLabelled = uint64_t(output.shape[0]) == model.label_count;
    if (name == "logits" || (!found && isLabelled))
      found = &output;
  }
  return found;
}

/// The logits' softmax.
static std::vector<double> toProbabilities(ArrayRef<float> logits) {
  float most = *llvm::max_element(logits);
  std::vector<double> powers;
  for (float logit : logits)
    powers.push_back(std::exp(double(logit) - most));
  double sum = std::accumulate(powers.begin(), powers.end(), 0.0);
  for (double &power : powers)
    power /= sum;
  return powers;
}

static void printLabels(const vitc_model &model, ArrayRef<double> shares) {
  std::vector<size_t> order(shares.size());
  std::iota(order.begin(), order.end(), 0);
  // What is no number comes last.
  llvm::stable_sort(order, [&](size_t a, size_t b) {
    return shares[a] > shares[b] ||
           (!std::isnan(shares[a]) && std::isnan(shares[b]));
  });
  order.resize(std::min<size_t>(order.size(), top));
  for (size_t i : order)
    outs() << fmt::format("  {:6.2f} %  {}\n", 100 * shares[i],
                          model.labels && i < model.label_count
                              ? model.labels[i]
                              : fmt::format("class {}", i));
}

static void describe(const vitc_model &model) {
  auto line = [](const char *what, const vitc_tensor &tensor) {
    outs() << fmt::format("  {:<7} {:<12} {:<8} {:<16} {}\n", what, tensor.name,
                          typeText(tensor), shapeText(shapeOf(tensor)),
                          tensor.meaning);
  };
  outs() << fmt::format("{}: {} parameters, {} multiply-adds\n", model.name,
                        model.parameters, model.macs);
  for (uint32_t i = 0; i < model.input_count; ++i)
    line("input", model.inputs[i]);
  for (uint32_t i = 0; i < model.output_count; ++i)
    line("output", model.outputs[i]);
}

static Error run() {
  Expected<ModelFiles> files = options.files();
  if (!files)
    return files.takeError();
  auto loaded = options.load(*files);
  if (!loaded)
    return loaded.takeError();
  const vitc_model &model = (*loaded)->model();
  if (inputPaths.empty() && moreInputs.empty()) {
    describe(model);
    return Error::success();
  }
  Expected<std::vector<OutputFile>> outputFiles = parseOutputs(model);
  if (!outputFiles)
    return outputFiles.takeError();
  Expected<Batch> batch = readInputs(model);
  if (!batch)
    return batch.takeError();
  if (!batch->count)
    return createStringError("expected at least one image, found none");
  if (!savedInput.empty())
    if (Error error = writeTensor(savedInput, model.inputs[0], batch->count,
                                  batch->images))
      return error;
  Expected<vitc_session *> session =
      options.createSession(**loaded, sessionImages(batch->count));
  if (!session)
    return session.takeError();
  Expected<std::vector<TensorBuffer>> outputs =
      runBatch(*session, model, batch->images.data(), batch->count);
  if (!outputs)
    return outputs.takeError();

  for (auto [index, path] : *outputFiles)
    if (Error error = writeTensor(path, model.outputs[index], batch->count,
                                  (*outputs)[index]))
      return error;
  const vitc_tensor *scores = findScores(model);
  if (!scores && outputFiles->empty())
    errs() << "note: no output has a number for every class; --output "
           << model.outputs[0].name << "=FILE.npy writes what there is\n";
  if (scores && (batch->fromImages || outputFiles->empty()))
    for (uint64_t i = 0; i < batch->count; ++i) {
      outs() << batch->names[i] << '\n';
      size_t count = scores->image_bytes / sizeof(float);
      ArrayRef<float> values(
          (*outputs)[scores - model.outputs].storage.data() + i * count, count);
      printLabels(model, StringRef(scores->name) == "probabilities"
                             ? std::vector<double>(values.begin(), values.end())
                             : toProbabilities(values));
    }
  return Error::success();
}

static int runMain() {
  if (Error error = run())
    return reportError(toString(std::move(error)));
  return 0;
}
