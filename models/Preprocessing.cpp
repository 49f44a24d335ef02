//===- Preprocessing.cpp - From 8-bit pixels to an input ------------------===//

#include "models/Preprocessing.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace vitc;

std::vector<std::string> Preprocessing::resizeNames() {
  return {"none", "exact", "shorter", "cover"};
}

std::vector<std::string> Preprocessing::filterNames() {
  return {"bilinear", "bicubic"};
}

std::vector<std::string> Preprocessing::cropRoundingNames() {
  return {"even", "down"};
}

std::vector<std::string> Preprocessing::channelOrderNames() {
  return {"rgb", "bgr"};
}

std::vector<std::string> Preprocessing::describe() const {
  std::vector<std::string> lines;
  std::string how = filterNames()[static_cast<size_t>(filter)];
  bool cropped = true;
  switch (resize) {
  case Resize::None:
    lines.push_back(
        formatv("an image must have {0} x {1} pixels", cropHeight, cropWidth));
    cropped = false;
    break;
  case Resize::Exact:
    lines.push_back(
        formatv("resize to {0} x {1} ({2})", resizeHeight, resizeWidth, how));
    cropped = resizeHeight != cropHeight || resizeWidth != cropWidth;
    break;
  case Resize::Shorter:
    lines.push_back(
        formatv("resize the shorter side to {0} ({1})", resizeHeight, how));
    break;
  case Resize::Cover:
    lines.push_back(formatv("resize to cover {0} x {1}, keeping the aspect "
                            "({2})",
                            resizeHeight, resizeWidth, how));
    break;
  }
  if (cropped)
    lines.push_back(
        formatv("crop the centre, {0} x {1}", cropHeight, cropWidth));
  if (channelOrder == ChannelOrder::Bgr)
    lines.push_back("order the channels blue, green, red");
  if (pad)
    lines.push_back(
        formatv("pad {0} pixels of value {1} on every side", pad, padValue));
  auto list = [](ArrayRef<double> values) {
    return join(map_range(values,
                          [](double value) {
                            return formatv("{0}", format("%.9g", value)).str();
                          }),
                ", ");
  };
  lines.push_back(formatv("divide by 255, subtract {0}, divide by {1}",
                          list(mean), list(std)));
  return lines;
}
