//===- Importer.cpp - From a spec to vit ops ------------------------------===//

#include "models/Importer.h"
#include "dialect/VitOps.h"
#include "models/Describe.h"
#include "models/Documents.h"
#include "models/Elaborator.h"
#include "models/NearestName.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace vitc;

namespace {

/// Holds what one import needs; import() runs once.
class Import {
public:
  Import(mlir::MLIRContext &context, Documents &documents,
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
  std::vector<const OutputSpec *> chooseOutputs();
  void buildOutputs(Elaborator &elaborator, mlir::func::FuncOp function,
                    mlir::Value image, ImportedModel &model);
  void dropUnused(mlir::func::FuncOp function, mlir::ModuleOp module);
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

void Import::applySettings() {
  for (const auto &[name, value] : options.set)
    setParameter(spec, name, documents.keep("--set " + name, value), errors);
}

/// Drops preprocessing whose condition does not hold.
void Import::dropPreprocessing() {
  std::optional<PreprocessSpec> &preprocess = spec.input.preprocess;
  if (!preprocess || !preprocess->when)
    return;
  std::optional<Datum> applies =
      preprocess->when->evaluateAs(Datum::Kind::Boolean, document);
  if (applies && !applies->boolean)
    preprocess.reset();
}

mlir::Value Import::buildImage(mlir::func::FuncOp function,
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
  description.preprocessing = describePreprocessing(spec, document, c, h, w);
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
                                     description.preprocessing.mean,
                                     description.preprocessing.std);
  return image;
}

std::vector<const OutputSpec *> Import::chooseOutputs() {
  std::vector<const OutputSpec *> chosen, present;
  std::vector<std::string> names;
  auto isTrue = [&](const std::optional<Expression> &condition,
                    bool otherwise) {
    if (!condition)
      return otherwise;
    std::optional<Datum> value =
        condition->evaluateAs(Datum::Kind::Boolean, document);
    return value ? value->boolean : otherwise;
  };
  for (const OutputSpec &output : spec.outputs)
    if (isTrue(output.when, true)) {
      present.push_back(&output);
      names.push_back(output.name);
      if (options.outputs.empty() && isTrue(output.isDefault, false))
        chosen.push_back(&output);
    }
  for (const auto &[index, name] : llvm::enumerate(options.outputs)) {
    auto found = llvm::find(names, name);
    if (found == names.end())
      errors.add("--outputs: expected one of " + quotedChoice(names) +
                 ", found " + quoteName(name) + suggestNearest(name, names));
    else if (is_contained(ArrayRef(options.outputs).take_front(index), name))
      errors.add("--outputs: " + quoteName(name) + " is asked for twice");
    else
      chosen.push_back(present[found - names.begin()]);
  }
  if (chosen.empty() && errors.empty())
    spec.json->error(errors, "expected an output with \"default\": true");
  return chosen;
}

void Import::buildOutputs(Elaborator &elaborator, mlir::func::FuncOp function,
                          mlir::Value image, ImportedModel &model) {
  SmallVector<mlir::Value> results;
  SmallVector<mlir::Attribute> attributes;
  for (const OutputSpec *output : chooseOutputs()) {
    std::optional<std::string> name;
    if (output->value)
      name = output->value->evaluate(document);
    if (!name)
      continue;
    mlir::Value value = elaborator.find(*name, *output->value->json);
    if (!value)
      continue;
    if (value == image || vit::isWeight(value)) {
      output->value->json->error(
          errors, "expected a value that is computed from the input, found " +
                      quoteName(*name));
      continue;
    }
    results.push_back(value);
    model.description.outputs.push_back(
        {output->name, output->meaning, shownShape(shapeOf(value)), false});
    attributes.push_back(builder.getDictionaryAttr(
        builder.getNamedAttr("vit.name", builder.getStringAttr(output->name))));
  }
  mlir::func::ReturnOp::create(builder, function.getLoc(), results);
  function.setFunctionType(builder.getFunctionType(
      function.getArgumentTypes(), mlir::ValueRange(results).getTypes()));
  function.setAllResultAttrs(attributes);
}

void Import::dropUnused(mlir::func::FuncOp function, mlir::ModuleOp module) {
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

void Import::addLabels(ModelDescription &description) {
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

void Import::buildFunction(ImportedModel &model) {
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
}

std::string Import::record(const ModelDescription &description) {
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

FailureOr<ImportedModel> Import::run() {
  applySettings();
  document.checkAll();
  ImportedModel model;
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
  return Import(context, documents, options, errors).run();
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
