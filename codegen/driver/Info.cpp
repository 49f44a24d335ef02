//===- Info.cpp - vitc info: what a spec amounts to -----------------------===//

#include "codegen/driver/Commands.h"
#include "codegen/driver/TextTable.h"
#include "models/Describe.h"
#include "models/MessageText.h"
#include "models/Outputs.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"

#include <fmt/format.h>

using namespace llvm;
using namespace vitc;

namespace {

int infoMain();

Command info("info", "Print layers, shapes, parameters and multiply-adds",
             infoMain);
SpecOptions specOptions(info);
cl::opt<bool> asJson("json", cl::desc("Print JSON"), cl::sub(info));
cl::opt<bool> emitGraph("emit-graph", cl::desc("Print the imported vit ops"),
                        cl::Hidden, cl::sub(info));

void printTensors(StringRef title, ArrayRef<TensorDescription> tensors,
                  raw_ostream &os) {
  os << '\n' << title << '\n';
  TextTable table("lll");
  for (const TensorDescription &tensor : tensors)
    table.add({tensor.name, shapeText(tensor.shape), tensor.meaning});
  table.print(os);
}

/// The outputs that --outputs may name, but for those that the model has.
void printOffers(const ModelDescription &model, raw_ostream &os) {
  TextTable table("lll");
  bool any = false;
  for (const OutputOffer &offer : model.offers) {
    bool chosen = any_of(model.outputs, [&](const TensorDescription &output) {
      return output.name == offer.name;
    });
    if (chosen)
      continue;
    any = true;
    std::string meaning = offer.meaning;
    if (!offer.indices.empty())
      meaning +=
          fmt::format(" ({} is {})", offer.index, printIndices(offer.indices));
    table.add({offer.name, shapeText(offer.shape), meaning});
  }
  if (!any)
    return;
  os << "\nfurther outputs, for --outputs\n";
  table.print(os);
}

void printPreprocessing(const Preprocessing &steps, raw_ostream &os) {
  os << "\npreprocessing\n";
  for (const std::string &line : steps.describe())
    os << "  " << line << '\n';
}

void printText(const ModelDescription &model, raw_ostream &os) {
  os << model.name << (model.title.empty() ? "" : ": ") << model.title
     << "\n\nparameters of the spec\n";
  TextTable settings("lll");
  for (const Setting &setting : model.settings)
    settings.add({setting.name, setting.value, setting.meaning});
  settings.print(os);
  if (!model.resampled.empty())
    os << "\nresampled\n";
  for (const ResampledTensor &tensor : model.resampled)
    os << "  " << printResampled(tensor) << '\n';
  printTensors("input", model.inputs, os);
  if (model.preprocessing)
    printPreprocessing(*model.preprocessing, os);
  printTensors("outputs", model.outputs, os);
  printOffers(model, os);

  os << "\nlayers\n";
  TextTable layers("lllrr");
  layers.add({"name", "op", "shape", "parameters", "multiply-adds"});
  for (const LayerSummary &layer : model.layers)
    layers.add({layer.name, layer.op, shapeText(layer.shape),
                groupDigits(layer.parameters), groupDigits(layer.macs)});
  layers.add({"total", "", "", groupDigits(model.parameters),
              groupDigits(model.macs)});
  layers.print(os);
}

void printTensorsJson(json::OStream &out, StringRef key,
                      ArrayRef<TensorDescription> tensors) {
  out.attributeArray(key, [&] {
    for (const TensorDescription &tensor : tensors)
      out.object([&] {
        out.attribute("name", tensor.name);
        out.attribute("shape", json::Array(tensor.shape));
        out.attribute("type", tensor.bytes ? "u8" : "f32");
        out.attribute("meaning", tensor.meaning);
      });
  });
}

/// With as few digits as tell each number from its neighbours.
void printRealsJson(json::OStream &out, StringRef key,
                    ArrayRef<double> values) {
  out.attributeArray(key, [&] {
    for (double value : values)
      out.rawValue(fmt::format("{}", value));
  });
}

void printPreprocessingJson(json::OStream &out, const Preprocessing &steps) {
  auto name = [&](StringRef key, std::vector<std::string> names, auto value) {
    out.attribute(key, names[static_cast<size_t>(value)]);
  };
  name("resize", Preprocessing::resizeNames(), steps.resize);
  out.attribute("size", json::Array{steps.resizeHeight, steps.resizeWidth});
  name("filter", Preprocessing::filterNames(), steps.filter);
  out.attribute("crop", json::Array{steps.cropHeight, steps.cropWidth});
  name("crop_rounding", Preprocessing::cropRoundingNames(), steps.cropRounding);
  name("channel_order", Preprocessing::channelOrderNames(), steps.channelOrder);
  out.attribute("pad", steps.pad);
  out.attribute("pad_value", steps.padValue);
  printRealsJson(out, "mean", steps.mean);
  printRealsJson(out, "std", steps.std);
}

void printJson(const ModelDescription &model, raw_ostream &os) {
  json::OStream out(os, /*IndentSize=*/2);
  out.object([&] {
    out.attribute("name", model.name);
    out.attribute("title", model.title);
    out.attribute("parameters", model.parameters);
    out.attribute("macs", model.macs);
    out.attributeObject("settings", [&] {
      for (const Setting &setting : model.settings)
        out.attribute(setting.name, setting.value);
    });
    out.attributeArray("resampled", [&] {
      for (const ResampledTensor &tensor : model.resampled)
        out.object([&] {
          out.attribute("name", tensor.name);
          out.attribute("from",
                        json::Array{tensor.fromRows, tensor.fromColumns});
          out.attribute("to", json::Array{tensor.toRows, tensor.toColumns});
          out.attribute("filter", tensor.filter);
          out.attribute("offset", tensor.offset);
        });
    });
    printTensorsJson(out, "inputs", model.inputs);
    printTensorsJson(out, "outputs", model.outputs);
    out.attributeArray("offers", [&] {
      for (const OutputOffer &offer : model.offers)
        out.object([&] {
          out.attribute("name", offer.name);
          out.attribute("shape", json::Array(offer.shape));
          out.attribute("meaning", offer.meaning);
          if (offer.indices.empty())
            return;
          out.attribute("index", offer.index);
          out.attribute("indices", json::Array(offer.indices));
        });
    });
    if (model.preprocessing)
      out.attributeObject("preprocess", [&] {
        printPreprocessingJson(out, *model.preprocessing);
      });
    out.attribute("labels", json::Array(model.labels));
    out.attributeArray("layers", [&] {
      for (const LayerSummary &layer : model.layers)
        out.object([&] {
          out.attribute("name", layer.name);
          out.attribute("op", layer.op);
          out.attribute("shape", json::Array(layer.shape));
          out.attribute("parameters", layer.parameters);
          out.attribute("macs", layer.macs);
        });
    });
  });
  os << '\n';
}

int infoMain() {
  ImportOptions options;
  if (!specOptions.get(options))
    return 1;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  FailureOr<ImportedModel> model =
      importModel(context, specOptions.spec, options, errs());
  if (failed(model))
    return 1;
  printNotes(*model, options, "note: ", errs());
  if (emitGraph)
    model->module->print(outs());
  else if (asJson)
    printJson(model->description, outs());
  else
    printText(model->description, outs());
  return 0;
}

} // namespace
