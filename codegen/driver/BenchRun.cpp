//===- BenchRun.cpp - A model ready to be timed ---------------------------===//

#include "codegen/driver/BenchRun.h"
#include "codegen/driver/KernelKinds.h"
#include "codegen/driver/TextTable.h"

#include <chrono>
#include <cmath>

using namespace llvm;
using namespace vitc;

double vitc::milliseconds() {
  using namespace std::chrono;
  return duration<double, std::milli>(steady_clock::now().time_since_epoch())
      .count();
}

std::string vitc::layerName(const vitc_step &step) {
  std::string name = blockPattern(step.name);
  return step.macs ? name : name + " (" + kernelKindName(step.kind) + ")";
}

static std::vector<std::vector<float>>
makeBuffers(ArrayRef<vitc_tensor> tensors, uint64_t images) {
  std::vector<std::vector<float>> buffers;
  for (const vitc_tensor &tensor : tensors)
    buffers.emplace_back((tensor.image_bytes * images + 3) / 4);
  return buffers;
}

Expected<std::unique_ptr<BenchRun>>
BenchRun::create(const ModelOptions &options, const ModelFiles &files,
                 uint64_t images) {
  auto loaded = options.load(files);
  if (!loaded)
    return loaded.takeError();
  std::unique_ptr<BenchRun> bench(new BenchRun);
  bench->loaded = std::move(*loaded);
  bench->images = images;
  auto session = options.createSession(*bench->loaded, images);
  if (!session)
    return session.takeError();
  bench->session = *session;
  const vitc_model &model = bench->model();
  bench->arguments = makeBuffers({model.inputs, model.input_count}, images);
  bench->results = makeBuffers({model.outputs, model.output_count}, images);
  for (std::vector<float> &argument : bench->arguments)
    for (size_t i = 0; i < argument.size(); ++i)
      argument[i] = std::cos(0.013f * float(i));
  if (Expected<double> first = bench->time(); !first)
    return first.takeError();
  return bench;
}

Expected<double> BenchRun::time() {
  SmallVector<const void *> from;
  SmallVector<void *> to;
  for (std::vector<float> &argument : arguments)
    from.push_back(argument.data());
  for (std::vector<float> &result : results)
    to.push_back(result.data());
  llvm::fill(nanoseconds, 0);
  vitc_message message;
  double begin = milliseconds();
  vitc_status status =
      vitc_session_run(session, from.data(), to.data(), images, &message);
  double time = milliseconds() - begin;
  if (Error error = toError(status, message))
    return std::move(error);
  return time;
}

Error BenchRun::profile() {
  nanoseconds.resize(level().step_count);
  vitc_message message;
  return toError(vitc_session_profile(session, nanoseconds.data(),
                                      nanoseconds.size(), &message),
                 message);
}
