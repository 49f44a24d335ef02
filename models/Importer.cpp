//===- Importer.cpp - From a spec to vit ops ------------------------------===//

#include "models/Importer.h"
#include "dialect/VitOps.h"
#include "models/Describe.h"
#include "models/Documents.h"
#include "models/Elaborator.h"
#include "models/Outputs.h"
#include "models/SpecReader.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace vitc;

namespace {

/// Holds what one import needs; import() runs once.
class GraphImport {
public:
  GraphImport(mlir::MLIRContext &context, Documents &documents,
              const ImportOptions &options, Diagnostics &errors)
      : context(context), documents(documents), options(options),
        errors(errors), spec(documents.read()), document(spec, errors),
        builder(&context) {}

  FailureOr<ImportedModel> run();

private:
  void applySettings();
  void dropPreprocessing();
  void buildFunction(ImportedModel &model);
  mlir::Value buildImage(mlir::func::FuncOp function, ImportedModel &model);
  mlir::Value buildOutput(Elaborator &elaborator, mlir::Value image,
                          const ChosenOutput &output);
  void buildOutputs(Elaborator &elaborator, mlir::func::FuncOp function,
                    mlir::Value image, ImportedModel &model);
  void offerOutputs(Elaborator &elaborator, mlir::Value image,
                    ArrayRef<PresentOutput> present,
                    ModelDescription &description);
  void checkNames(const ModelDescription &description);
  void dropUnused(mlir::func::FuncOp function, mlir::ModuleOp module);
  void readLabels();
  void addLabels(ModelDescription &description);
  std::string record(const ModelDescription &description);

  mlir::MLIRContext &context;
  Documents &documents;
  const ImportOptions &options;
  Diagnostics &errors;
  Spec spec;
  DocumentEnvironment document;
  mlir::OpBuilder builder;
};

/// The shape as users see it: [1, 1000] is [1000].
std::vector<int64_t> shownShape(ArrayRef<int64_t> shape) {
  return shape.size() > 1 && shape[0] == 1 ? shape.drop_front().vec()
                                           : shape.vec();
}

void GraphImport::applySettings() {
  for (const auto &[name, value] : options.set)
    setParameter(spec, name, documents.keep("--set " + name, value), errors);
}

/// Drops preprocessing whose condition does not hold.
void GraphImport::dropPreprocessing() {
  std::optional<PreprocessSpec> &preprocess = spec.input.preprocess;
  if (!preprocess || !preprocess->when)
    return;
  std::optional<Datum> applies =
      preprocess->when->evaluateAs(Datum::Kind::Boolean, document);
  if (applies && !applies->boolean)
    preprocess.reset();
}

mlir::Value GraphImport::buildImage(mlir::func::FuncOp function,
                                    ImportedModel &model) {
  const InputSpec &input = spec.input;
  std::optional<Datum> channels, size;
  if (input.channels)
    channels = input.channels->evaluateAs(Datum::Kind::Integer, document);
  if (input.size)
    size = input.size->evaluateAs(Datum::Kind::Size, document);
  if (!channels || !size)
    return nullptr;
  constexpr int64_t maxSide = 1 << 16, maxChannels = 256;
  if (channels->integer <= 0 || channels->integer > maxChannels) {
    input.channels->json->error(errors, "expected 1 to " + Twine(maxChannels) +
                                            " channels, found " +
                                            Twine(channels->integer));
    return nullptr;
  }
  int64_t c = channels->integer, h = size->integer, w = size->width;
  if (h <= 0 || w <= 0 || h > maxSide || w > maxSide || c * h * w > INT32_MAX) {
    input.size->json->error(
        errors, "expected a size from 1 to " + Twine(maxSide) +
                    " pixels a side and at most " + Twine(INT32_MAX) +
                    " values, found " + size->print());
    return nullptr;
  }
  dropPreprocessing();
  ModelDescription &description = model.description;
  if (input.preprocess)
    description.preprocessing =
        describePreprocessing(*input.preprocess, document, c, h, w);
  TensorDescription tensor{input.name, input.meaning, {c, h, w}, false};
  mlir::Type type =
      mlir::RankedTensorType::get({c, h, w}, builder.getF32Type());
  mlir::Type argumentType = type;
  if (options.bytesInput) {
    if (!input.preprocess) {
      input.json->error(errors, "expected the key 'preprocess' for an input of "
                                "bytes");
      return nullptr;
    }
    tensor.bytes = true;
    tensor.shape = {h, w, c};
    argumentType = mlir::RankedTensorType::get({h, w, c}, builder.getI8Type());
  }
  description.inputs.push_back(tensor);
  mlir::Location location =
      mlir::NameLoc::get(builder.getStringAttr(input.name));
  function.setFunctionType(builder.getFunctionType(argumentType, {}));
  mlir::Value image =
      function.getBody().front().addArgument(argumentType, location);
  function.setArgAttr(0, "vit.name", builder.getStringAttr(input.name));
  if (options.bytesInput)
    image = vit::NormalizeOp::create(builder, location, type, image,
                                     description.preprocessing->mean,
                                     description.preprocessing->std);
  return image;
}

mlir::Value GraphImport::buildOutput(Elaborator &elaborator, mlir::Value image,
                                     const ChosenOutput &output) {
  mlir::Value value =
      elaborator.output(*output.spec, output.name(), output.index);
  if (!value || (value != image && !vit::isWeight(value)))
    return value;
  output.spec->json->error(errors, "expected " + quoteName(output.name()) +
                                       " to be computed from the input");
  return nullptr;
}

void GraphImport::buildOutputs(Elaborator &elaborator,
                               mlir::func::FuncOp function, mlir::Value image,
                               ImportedModel &model) {
  std::vector<PresentOutput> present = findOutputs(spec, document);
  std::vector<ChosenOutput> chosen =
      chooseOutputs(present, options.outputs, errors);
  if (chosen.empty() && errors.empty())
    spec.json->error(errors, "expected an output with \"default\": true");
  SmallVector<mlir::Value> results;
  SmallVector<mlir::Attribute> attributes;
  mlir::Block &body = function.getBody().front();
  for (const ChosenOutput &output : chosen) {
    mlir::Operation *last = body.empty() ? nullptr : &body.back();
    mlir::Value value = buildOutput(elaborator, image, output);
    if (!value)
      continue;
    if (last)
      elaborator.hoist(last);
    results.push_back(value);
    std::string name = output.name();
    std::string number = std::to_string(output.index.value_or(0));
    model.description.outputs.push_back({name,
                                         describeOutput(*output.spec, number),
                                         shownShape(shapeOf(value)), false});
    attributes.push_back(builder.getDictionaryAttr(
        builder.getNamedAttr("vit.name", builder.getStringAttr(name))));
  }
  if (errors.empty())
    offerOutputs(elaborator, image, present, model.description);
  checkNames(model.description);
  mlir::func::ReturnOp::create(builder, function.getLoc(), results);
  function.setFunctionType(builder.getFunctionType(
      function.getArgumentTypes(), mlir::ValueRange(results).getTypes()));
  function.setAllResultAttrs(attributes);
}

/// Builds one of each output, which shows its shape and faults; what nobody
/// asked for is dropped later.
void GraphImport::offerOutputs(Elaborator &elaborator, mlir::Value image,
                               ArrayRef<PresentOutput> present,
                               ModelDescription &description) {
  for (const PresentOutput &output : present) {
    ChosenOutput example{output.spec, std::nullopt};
    if (!output.indices.empty())
      example.index = output.indices.back();
    std::string name = example.name();
    auto built = llvm::find_if(description.outputs, [&](const auto &tensor) {
      return tensor.name == name;
    });
    std::vector<int64_t> shape;
    if (built != description.outputs.end())
      shape = built->shape;
    else if (mlir::Value value = buildOutput(elaborator, image, example))
      shape = shownShape(shapeOf(value));
    description.offers.push_back(
        {output.name(), output.spec->index,
         describeOutput(*output.spec, output.spec->index), std::move(shape),
         output.indices});
  }
}

/// The header has one macro for each name.
void GraphImport::checkNames(const ModelDescription &description) {
  std::map<std::string, std::string> names;
  for (const auto *tensors : {&description.inputs, &description.outputs})
    for (const TensorDescription &tensor : *tensors) {
      std::string name = macroName(tensor.name);
      auto [entry, isNew] = names.try_emplace(name, tensor.name);
      if (!isNew)
        errors.add("--outputs: " + quoteName(entry->second) + " and " +
                   quoteName(tensor.name) + " have the same name in C, " +
                   quoteName(name));
    }
}

void GraphImport::dropUnused(mlir::func::FuncOp function,
                             mlir::ModuleOp module) {
  SmallVector<mlir::Attribute> unused;
  for (mlir::Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.getBody().front())))
    if (op.getNumResults() == 1 && op.use_empty()) {
      if (auto tensor = dyn_cast<vit::WeightTensorOp>(op))
        unused.push_back(tensor.getNameAttr());
      op.erase();
    }
  std::reverse(unused.begin(), unused.end());
  for (const std::string &name : spec.ignored)
    unused.push_back(builder.getStringAttr(name));
  if (!unused.empty())
    module->setAttr("vit.unused_weights", builder.getArrayAttr(unused));
}

/// The names of the classes in the file that takes the place of the spec's.
void GraphImport::readLabels() {
  std::vector<const JsonValue *> lines = documents.readLines(options.labels);
  if (lines.empty() && errors.empty())
    errors.add("expected the name of a class in every line of " +
               quoteName(options.labels) + ", found no line");
  spec.labels.clear();
  spec.labelsWhen.reset();
  SpecReader reader(errors);
  for (const JsonValue *line : lines) {
    spec.labelsJson = line;
    spec.labels.push_back(reader.text(*line, maxLabel).value_or(""));
    if (line->string.empty())
      line->error(errors, "expected the name of a class, found an empty line");
  }
}

void GraphImport::addLabels(ModelDescription &description) {
  if (!options.labels.empty())
    readLabels();
  if (spec.labels.empty())
    return;
  if (spec.labelsWhen) {
    std::optional<Datum> apply =
        spec.labelsWhen->evaluateAs(Datum::Kind::Boolean, document);
    if (!apply || !apply->boolean)
      return;
  }
  for (const TensorDescription &output : description.outputs)
    if (output.name == "logits" &&
        output.shape.back() != static_cast<int64_t>(spec.labels.size()))
      spec.labelsJson->error(errors, "expected " + Twine(output.shape.back()) +
                                         " labels, one for each of the "
                                         "logits, found " +
                                         Twine(spec.labels.size()));
  description.labels = spec.labels;
}

void GraphImport::buildFunction(ImportedModel &model) {
  mlir::Location location =
      mlir::NameLoc::get(builder.getStringAttr(spec.name));
  model.module = mlir::ModuleOp::create(location);
  builder.setInsertionPointToEnd(model.module->getBody());
  auto function = mlir::func::FuncOp::create(builder, location, spec.name,
                                             builder.getFunctionType({}, {}));
  builder.setInsertionPointToEnd(function.addEntryBlock());

  mlir::Value image = buildImage(function, model);
  Elaborator elaborator(spec, document, builder);
  elaborator.run(image);
  buildOutputs(elaborator, function, image, model);
  if (!errors.empty())
    return;
  dropUnused(function, *model.module);
  describeLayers(function, model.description);
  model.description.resampled = describeResampling(function);
}

std::string GraphImport::record(const ModelDescription &description) {
  std::string text;
  raw_string_ostream os(text);
  os << "{\"vitc\":1,";
  documents.printRecord(os);
  std::map<std::string, std::string> set;
  for (const auto &[name, value] : options.set)
    set[name] = value;
  os << ",\"set\":{";
  interleave(
      set,
      [&](const auto &entry) {
        os << jsonString(entry.first) << ':' << jsonString(entry.second);
      },
      [&] { os << ','; });
  os << "},\"outputs\":[";
  interleave(
      description.outputs,
      [&](const TensorDescription &output) { os << jsonString(output.name); },
      [&] { os << ','; });
  os << "],\"input\":\"" << (options.bytesInput ? "u8" : "f32") << "\"}";
  return text;
}

FailureOr<ImportedModel> GraphImport::run() {
  applySettings();
  ImportedModel model;
  model.notes = document.checkAll();
  ModelDescription &description = model.description;
  description.name = spec.name;
  description.title = spec.title;
  description.checkpoint = documents.checkpoint();
  description.settings = describeSettings(spec, document);
  buildFunction(model);
  if (!errors.empty())
    return failure();
  addLabels(description);
  if (!errors.empty())
    return failure();
  if (mlir::failed(mlir::verify(*model.module))) {
    errors.add("internal error: the imported graph does not verify");
    return failure();
  }
  description.build = record(description);
  return model;
}

FailureOr<ImportedModel> importDocuments(mlir::MLIRContext &context,
                                         Documents &documents,
                                         const ImportOptions &options,
                                         Diagnostics &errors) {
  context.loadDialect<mlir::func::FuncDialect, vit::VitDialect>();
  return GraphImport(context, documents, options, errors).run();
}

/// The strings of an array, or nothing.
std::vector<std::string> strings(const JsonValue *json) {
  std::vector<std::string> result;
  if (json)
    for (const auto &item : json->items)
      result.push_back(item->string);
  return result;
}

} // namespace

FailureOr<ImportedModel> vitc::importModel(mlir::MLIRContext &context,
                                           StringRef spec,
                                           const ImportOptions &options,
                                           raw_ostream &os) {
  Diagnostics errors;
  Documents documents(errors, options.checkpoint);
  FailureOr<ImportedModel> model = failure();
  if (documents.load(spec))
    model = importDocuments(context, documents, options, errors);
  if (succeeded(model))
    model->imported = documents.imported();
  errors.print(os);
  return model;
}

FailureOr<ImportedModel> vitc::importBuild(mlir::MLIRContext &context,
                                           StringRef build, raw_ostream &os) {
  Diagnostics errors;
  Source source("<build record>", build.str());
  FailureOr<ImportedModel> model = failure();
  if (std::unique_ptr<JsonValue> record = parseJson(source, errors)) {
    ImportOptions options;
    if (const JsonValue *set = record->find("set"))
      for (const auto &item : set->items)
        options.set.emplace_back(item->key, item->string);
    options.outputs = strings(record->find("outputs"));
    if (const JsonValue *input = record->find("input"))
      options.bytesInput = input->string == "u8";
    Documents documents(errors);
    if (documents.loadRecord(*record))
      model = importDocuments(context, documents, options, errors);
  }
  errors.print(os);
  return model;
}
