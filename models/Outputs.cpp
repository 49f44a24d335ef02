//===- Outputs.cpp - The outputs of a spec, and those asked for -----------===//

#include "models/Outputs.h"
#include "models/NearestName.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace vitc;

namespace {

constexpr int64_t maxCount = 1024;

/// Finds what the texts of --outputs mean.
class OutputChoice {
public:
  OutputChoice(ArrayRef<PresentOutput> present, Diagnostics &errors)
      : present(present), errors(errors) {}

  /// The output called `text`; nothing after an error.
  std::optional<ChosenOutput> find(StringRef text);

private:
  std::optional<int64_t> findIndex(const PresentOutput &output, StringRef text);

  ArrayRef<PresentOutput> present;
  Diagnostics &errors;
  const PresentOutput *last = nullptr; ///< the indexed output asked for last
};

std::optional<ChosenOutput> OutputChoice::find(StringRef text) {
  int64_t number;
  if (last && !text.getAsInteger(10, number)) {
    std::optional<int64_t> index = findIndex(*last, text);
    return index ? std::optional(ChosenOutput{last->spec, index})
                 : std::nullopt;
  }
  last = nullptr;
  size_t at = text.find('@');
  StringRef name = text.take_front(at);
  const PresentOutput *indexed = nullptr;
  for (const PresentOutput &output : present)
    if (output.spec->name == name) {
      if (!output.spec->isIndexed() && at == StringRef::npos)
        return ChosenOutput{output.spec, std::nullopt};
      if (output.spec->isIndexed())
        indexed = &output;
    }
  if (indexed && at == StringRef::npos) {
    errors.add("--outputs: expected a number behind " + quoteName(name) +
               ", such as " +
               quoteName((name + "@" + Twine(indexed->indices.back())).str()));
    return std::nullopt;
  }
  if (indexed) {
    last = indexed;
    std::optional<int64_t> index = findIndex(*last, text.drop_front(at + 1));
    return index ? std::optional(ChosenOutput{last->spec, index})
                 : std::nullopt;
  }
  std::vector<std::string> names;
  for (const PresentOutput &output : present)
    names.push_back(output.name());
  errors.add("--outputs: expected one of " + quotedChoice(names) + ", found " +
             quoteName(text) + suggestNearest(text, names));
  return std::nullopt;
}

std::optional<int64_t> OutputChoice::findIndex(const PresentOutput &output,
                                               StringRef text) {
  int64_t index;
  bool isNumber = !text.getAsInteger(10, index);
  if (isNumber && index < 0)
    index += output.count;
  if (isNumber && is_contained(output.indices, index))
    return index;
  bool isRange = output.indices.size() == static_cast<size_t>(output.count);
  errors.add("--outputs: expected " + output.spec->index + " of " +
             quoteName(output.name()) + " from " +
             printIndices(output.indices) +
             (isRange ? ", or from -" + std::to_string(output.count) + " to -1"
                      : std::string()) +
             ", found " + quoteName(text));
  return std::nullopt;
}

} // namespace

std::string PresentOutput::name() const {
  return spec->isIndexed() ? spec->name + "@" + spec->index : spec->name;
}

std::string ChosenOutput::name() const {
  return index ? spec->name + "@" + std::to_string(*index) : spec->name;
}

std::vector<PresentOutput> vitc::findOutputs(const Spec &spec,
                                             DocumentEnvironment &document) {
  auto isTrue = [&](const std::optional<Expression> &condition,
                    Environment &environment, bool otherwise) {
    if (!condition)
      return otherwise;
    std::optional<Datum> value =
        condition->evaluateAs(Datum::Kind::Boolean, environment);
    return value ? value->boolean : otherwise;
  };
  std::vector<PresentOutput> result;
  for (const OutputSpec &output : spec.outputs) {
    PresentOutput present{&output};
    if (!output.isIndexed()) {
      present.isDefault = isTrue(output.isDefault, document, false);
      if (isTrue(output.when, document, true))
        result.push_back(std::move(present));
      continue;
    }
    std::optional<Datum> count;
    if (output.count)
      count = output.count->evaluateAs(Datum::Kind::Integer, document);
    if (!count)
      continue;
    if (count->integer < 0 || count->integer > maxCount) {
      output.count->json->error(document.errors,
                                "expected 0 to " + Twine(maxCount) +
                                    " outputs, found " + Twine(count->integer));
      continue;
    }
    present.count = count->integer;
    BlockEnvironment environment(document);
    for (int64_t i = 0; i < present.count; ++i) {
      environment.locals[output.index] = Datum::ofInteger(i);
      if (isTrue(output.when, environment, true))
        present.indices.push_back(i);
    }
    if (!present.indices.empty())
      result.push_back(std::move(present));
  }
  return result;
}

std::vector<ChosenOutput> vitc::chooseOutputs(ArrayRef<PresentOutput> present,
                                              ArrayRef<std::string> asked,
                                              Diagnostics &errors) {
  std::vector<ChosenOutput> chosen;
  if (asked.empty()) {
    for (const PresentOutput &output : present)
      if (output.isDefault)
        chosen.push_back({output.spec, std::nullopt});
    return chosen;
  }
  OutputChoice choice(present, errors);
  std::vector<std::string> names;
  for (const std::string &text : asked)
    if (std::optional<ChosenOutput> output = choice.find(text)) {
      std::string name = output->name();
      if (is_contained(names, name))
        errors.add("--outputs: expected each output once, found " +
                   quoteName(name) + " twice");
      else
        chosen.push_back(*output);
      names.push_back(std::move(name));
    }
  return chosen;
}

std::string vitc::describeOutput(const OutputSpec &output, StringRef number) {
  std::string text = output.meaning, placeholder = "{" + output.index + "}";
  if (output.isIndexed())
    for (size_t at; (at = text.find(placeholder)) != std::string::npos;)
      text.replace(at, placeholder.size(), number);
  return text;
}

std::string vitc::printIndices(ArrayRef<int64_t> indices) {
  int64_t first = indices.front(), last = indices.back();
  if (indices.size() > 2 &&
      last - first + 1 == static_cast<int64_t>(indices.size()))
    return (Twine(first) + " to " + Twine(last)).str();
  return join(map_range(indices, [](int64_t i) { return std::to_string(i); }),
              ", ");
}

std::string vitc::variableName(StringRef name) {
  std::string result = name.str();
  for (char &c : result)
    if (!isAlnum(c))
      c = '_';
  return result;
}

std::string vitc::macroName(StringRef name) {
  return variableName(name.upper());
}
