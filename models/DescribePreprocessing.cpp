//===- DescribePreprocessing.cpp - What a spec says of pixels -------------===//

#include "models/Describe.h"
#include "models/NearestName.h"

#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace llvm;
using namespace vitc;

namespace {

constexpr int64_t maxSide = 65535; // pixels

/// Reads the fields of a "preprocess" object.
class PreprocessReader {
public:
  explicit PreprocessReader(DocumentEnvironment &document)
      : document(document) {}

  int64_t integer(const std::optional<Expression> &field, int64_t least,
                  int64_t most, int64_t otherwise) {
    if (!field)
      return otherwise;
    std::optional<Datum> value =
        field->evaluateAs(Datum::Kind::Integer, document);
    if (value && value->integer >= least && value->integer <= most)
      return value->integer;
    if (value)
      field->json->error(document.errors,
                         "expected an integer from " + Twine(least) + " to " +
                             Twine(most) + ", found " + Twine(value->integer));
    return otherwise;
  }

  /// The index in `names` of a name.
  int64_t choice(const std::optional<Expression> &field,
                 ArrayRef<std::string> names, int64_t otherwise) {
    if (!field)
      return otherwise;
    std::optional<Datum> value = field->evaluateAs(Datum::Kind::Name, document);
    if (!value)
      return otherwise;
    const std::string *found = llvm::find(names, value->name);
    if (found != names.end())
      return found - names.begin();
    field->json->error(document.errors, "expected one of " +
                                            quotedChoice(names) + ", found " +
                                            quoteName(value->name) +
                                            suggestNearest(value->name, names));
    return otherwise;
  }

  /// One number for all channels or one for each.
  std::vector<double> perChannel(const std::optional<Expression> &field,
                                 int64_t channels, bool isDivisor) {
    std::vector<double> result(channels, isDivisor ? 1.0 : 0.0);
    if (!field)
      return result;
    std::optional<Datum> value = field->evaluate(document);
    if (!value)
      return result;
    if (value->isNumber())
      value = Datum::ofList(std::vector<Datum>(channels, *value));
    bool fits = value->is(Datum::Kind::List) &&
                static_cast<int64_t>(value->items.size()) == channels;
    for (int64_t i = 0; fits && i < channels; ++i) {
      const Datum &item = value->items[i];
      fits = item.isNumber() && (!isDivisor || item.real > 0);
      result[i] = item.real;
    }
    if (!fits)
      field->json->error(document.errors,
                         Twine("expected a ") + (isDivisor ? "positive " : "") +
                             "number, or one for each of " + Twine(channels) +
                             " channels, found " + value->print());
    return result;
  }

  double positive(const std::optional<Expression> &field, double otherwise) {
    if (!field)
      return otherwise;
    std::optional<Datum> value = field->evaluateAs(Datum::Kind::Real, document);
    if (value && value->real > 0 && std::isfinite(value->real))
      return value->real;
    if (value)
      field->json->error(document.errors,
                         "expected a positive number, found " + value->print());
    return otherwise;
  }

  std::pair<int64_t, int64_t> size(const std::optional<Expression> &field,
                                   std::pair<int64_t, int64_t> otherwise) {
    if (!field)
      return otherwise;
    std::optional<Datum> value = field->evaluateAs(Datum::Kind::Size, document);
    return value ? std::pair(value->integer, value->width) : otherwise;
  }

private:
  DocumentEnvironment &document;
};

/// Reads what the image is resized to; it must hold the crop.
void readResizedSize(const PreprocessSpec &fields, PreprocessReader &reader,
                     Diagnostics &errors, Preprocessing &result) {
  using Resize = Preprocessing::Resize;
  if (result.resize == Resize::None)
    return;
  std::pair<int64_t, int64_t> crop = {result.cropHeight, result.cropWidth};
  if (result.resize != Resize::Exact && !fields.size) {
    fields.json->error(errors, "expected the key 'size', to which the image is "
                               "resized");
    return;
  }
  std::pair<int64_t, int64_t> size = reader.size(fields.size, crop);
  std::tie(result.resizeHeight, result.resizeWidth) = size;
  const JsonValue &json = fields.size ? *fields.size->json : *fields.json;
  std::string found = Datum::ofSize(size.first, size.second).print();
  std::pair<int64_t, int64_t> least = crop;
  if (result.resize == Resize::Shorter) {
    least.first = least.second = std::min(crop.first, crop.second);
    if (size.first != size.second)
      json.error(errors, "expected one number, the shorter side after "
                         "resizing, found " +
                             found);
  }
  if (size.first < least.first || size.second < least.second ||
      size.first > maxSide || size.second > maxSide)
    json.error(errors, "expected a size from the crop's " +
                           Datum::ofSize(least.first, least.second).print() +
                           " to " + Datum::ofSize(maxSide, maxSide).print() +
                           ", found " + found);
}

} // namespace

Preprocessing vitc::describePreprocessing(const PreprocessSpec &fields,
                                          DocumentEnvironment &document,
                                          int64_t channels, int64_t height,
                                          int64_t width) {
  Preprocessing result;
  result.channels = channels;
  result.cropHeight = height;
  result.cropWidth = width;
  Diagnostics &errors = document.errors;
  if (channels != 1 && channels != 3) {
    fields.json->error(errors, "expected 1 or 3 channels for an image, found " +
                                   Twine(channels));
    return result;
  }
  PreprocessReader reader(document);
  result.resize = static_cast<Preprocessing::Resize>(
      reader.choice(fields.resize, Preprocessing::resizeNames(), 0));
  result.filter = static_cast<Preprocessing::Filter>(
      reader.choice(fields.filter, Preprocessing::filterNames(), 1));
  result.cropRounding = static_cast<Preprocessing::CropRounding>(reader.choice(
      fields.cropRounding, Preprocessing::cropRoundingNames(), 0));
  result.channelOrder = static_cast<Preprocessing::ChannelOrder>(reader.choice(
      fields.channelOrder, Preprocessing::channelOrderNames(), 0));
  result.pad = reader.integer(fields.pad, 0, maxSide, 0);
  result.padValue = reader.integer(fields.padValue, 0, 255, 0);
  result.mean = reader.perChannel(fields.mean, channels, false);
  result.std = reader.perChannel(fields.std, channels, true);
  // x * scale less a mean is x / 255 less another one, in the same ratio.
  double ratio = 255 * reader.positive(fields.scale, 1.0 / 255);
  for (int64_t i = 0; i < channels; ++i) {
    result.mean[i] /= ratio;
    result.std[i] /= ratio;
  }
  std::pair<int64_t, int64_t> crop = reader.size(
      fields.crop, {height - 2 * result.pad, width - 2 * result.pad});
  std::tie(result.cropHeight, result.cropWidth) = crop;
  const JsonValue &cropJson = fields.crop ? *fields.crop->json : *fields.json;
  if (crop.first <= 0 || crop.second <= 0 || crop.first > maxSide ||
      crop.second > maxSide || crop.first + 2 * result.pad != height ||
      crop.second + 2 * result.pad != width)
    cropJson.error(errors, "expected crop and padding to give the input's " +
                               Datum::ofSize(height, width).print() +
                               " pixels, found a crop of " +
                               Datum::ofSize(crop.first, crop.second).print() +
                               " and a padding of " + Twine(result.pad));
  readResizedSize(fields, reader, errors, result);
  return result;
}
