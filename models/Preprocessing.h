//===- Preprocessing.h - From 8-bit pixels to an input ----------*- C++ -*-===//

#ifndef VITC_MODELS_PREPROCESSING_H
#define VITC_MODELS_PREPROCESSING_H

#include <cstdint>
#include <string>
#include <vector>

namespace vitc {

/// How an 8-bit image becomes the input tensor, in this order: resize, centre
/// crop, order of channels, pad, divide by 255, subtract mean, divide by std.
/// Mirrors vitc_preprocess of vitc/model.h, which says more.
struct Preprocessing {
  enum class Resize { None, Exact, Shorter, Cover };
  enum class Filter { Bilinear, Bicubic };
  enum class CropRounding { Even, Down };
  enum class ChannelOrder { Rgb, Bgr };

  Resize resize = Resize::None;
  Filter filter = Filter::Bicubic;
  int64_t resizeHeight = 0; ///< pixels; 0 for Resize::None
  int64_t resizeWidth = 0;  ///< pixels; as resizeHeight for Resize::Shorter
  int64_t cropHeight = 0;   ///< pixels
  int64_t cropWidth = 0;    ///< pixels
  CropRounding cropRounding = CropRounding::Even;
  int64_t pad = 0;      ///< pixels added on every side after the crop
  int64_t padValue = 0; ///< 0 to 255
  int64_t channels = 3; ///< 1 (grey) or 3 (colour)
  ChannelOrder channelOrder = ChannelOrder::Rgb;
  std::vector<double> mean, std; ///< a channel, of values from 0 to 1

  /// What a spec calls the enumerators, in their order.
  static std::vector<std::string> resizeNames();
  static std::vector<std::string> filterNames();
  static std::vector<std::string> cropRoundingNames();
  static std::vector<std::string> channelOrderNames();

  /// One line for each thing that is done.
  std::vector<std::string> describe() const;
};

} // namespace vitc

#endif // VITC_MODELS_PREPROCESSING_H
