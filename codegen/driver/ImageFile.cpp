//===- ImageFile.cpp - Read PNG and JPEG files ----------------------------===//
//
// Both libraries report errors by longjmp. The functions that call setjmp own
// nothing with a destructor; what must be freed belongs to their callers.
//
//===----------------------------------------------------------------------===//

#include "codegen/driver/ImageFile.h"

#include "models/ReadFile.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <jpeglib.h>
#include <png.h>

using namespace llvm;
using namespace vitc;

namespace {

/// As many pixels as an image may have on each side, and in all.
constexpr unsigned maxSide = 65535;
constexpr uint64_t maxPixels = uint64_t(1) << 27;

/// What a decoder works on: its file, its image and what went wrong.
struct Decoder {
  ArrayRef<uint8_t> file;
  size_t position = 0; ///< of what a PNG decoder reads next
  DecodedImage image;
  std::jmp_buf failure;
  char text[JMSG_LENGTH_MAX] = "";
};

/// Makes room for the pixels; false when the image is too large.
bool allocate(Decoder &decoder, uint64_t height, uint64_t width,
              unsigned channels) {
  if (!height || !width || height > maxSide || width > maxSide ||
      height * width > maxPixels) {
    std::snprintf(decoder.text, sizeof decoder.text,
                  "expected an image of at most %llu pixels, found %llu x %llu",
                  (unsigned long long)maxPixels, (unsigned long long)height,
                  (unsigned long long)width);
    return false;
  }
  decoder.image.height = height;
  decoder.image.width = width;
  decoder.image.channels = channels;
  decoder.image.pixels.resize(height * width * channels);
  return true;
}

//===----------------------------------------------------------------------===//
// PNG
//===----------------------------------------------------------------------===//

[[noreturn]] void pngFailed(png_structp png, png_const_charp text) {
  auto &decoder = *static_cast<Decoder *>(png_get_error_ptr(png));
  std::snprintf(decoder.text, sizeof decoder.text, "%s", text);
  std::longjmp(decoder.failure, 1);
}

void pngWarned(png_structp, png_const_charp) {}

void readPngBytes(png_structp png, png_bytep bytes, size_t count) {
  auto &decoder = *static_cast<Decoder *>(png_get_io_ptr(png));
  if (count > decoder.file.size() - decoder.position)
    png_error(png, "the file is truncated");
  std::memcpy(bytes, decoder.file.data() + decoder.position, count);
  decoder.position += count;
}

/// Reads the image; false after a failure.
bool readPng(Decoder &decoder, png_structp png, png_infop info) {
  if (setjmp(decoder.failure))
    return false;
  png_set_read_fn(png, &decoder, readPngBytes);
  png_set_user_limits(png, maxSide, maxSide);
  png_read_info(png, info);
  png_set_expand(png); // palettes to colours, 1, 2 and 4 bits to 8
  png_set_strip_16(png);
  png_set_strip_alpha(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);

  uint64_t height = png_get_image_height(png, info);
  unsigned channels = png_get_channels(png, info);
  if (!allocate(decoder, height, png_get_image_width(png, info), channels))
    return false;
  size_t stride = png_get_rowbytes(png, info);
  if (stride * height != decoder.image.pixels.size())
    png_error(png, "the rows have an unexpected size");
  for (int pass = 0; pass < passes; ++pass)
    for (uint64_t y = 0; y < height; ++y)
      png_read_row(png, decoder.image.pixels.data() + y * stride, nullptr);
  png_read_end(png, nullptr);
  return true;
}

bool decodePng(Decoder &decoder) {
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoder,
                                           pngFailed, pngWarned);
  png_infop info = png ? png_create_info_struct(png) : nullptr;
  bool decoded = info && readPng(decoder, png, info);
  png_destroy_read_struct(&png, &info, nullptr);
  return decoded;
}

//===----------------------------------------------------------------------===//
// JPEG
//===----------------------------------------------------------------------===//

void jpegFailed(j_common_ptr jpeg) {
  auto &decoder = *static_cast<Decoder *>(jpeg->client_data);
  jpeg->err->format_message(jpeg, decoder.text);
  std::longjmp(decoder.failure, 1);
}

/// A warning means damaged data, such as a file that ends too early.
void jpegWarned(j_common_ptr jpeg, int level) {
  if (level < 0)
    jpegFailed(jpeg);
}

bool readJpeg(Decoder &decoder, jpeg_decompress_struct &jpeg) {
  if (setjmp(decoder.failure))
    return false;
  jpeg_create_decompress(&jpeg);
  jpeg.client_data = &decoder;
  jpeg_mem_src(&jpeg, decoder.file.data(), decoder.file.size());
  jpeg_read_header(&jpeg, TRUE);
  switch (jpeg.num_components) {
  case 1:
    jpeg.out_color_space = JCS_GRAYSCALE;
    break;
  case 3:
    jpeg.out_color_space = JCS_RGB;
    break;
  case 4:
    jpeg.out_color_space = JCS_CMYK;
    break;
  default:
    std::snprintf(decoder.text, sizeof decoder.text,
                  "expected a JPEG file of 1, 3 or 4 components, found %d",
                  jpeg.num_components);
    return false;
  }
  // Before it starts, which reads all of a progressive file.
  if (!allocate(decoder, jpeg.image_height, jpeg.image_width,
                jpeg.num_components))
    return false;
  jpeg_start_decompress(&jpeg);
  size_t stride = size_t(jpeg.output_width) * jpeg.output_components;
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = decoder.image.pixels.data() + jpeg.output_scanline * stride;
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_decompress(&jpeg);
  return true;
}

bool decodeJpeg(Decoder &decoder) {
  jpeg_decompress_struct jpeg = {};
  jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  errors.error_exit = jpegFailed;
  errors.emit_message = jpegWarned;
  jpeg.client_data = &decoder;
  bool decoded = readJpeg(decoder, jpeg);
  jpeg_destroy_decompress(&jpeg);
  return decoded;
}

//===----------------------------------------------------------------------===//
// Channels
//===----------------------------------------------------------------------===//

/// Pillow's weights of the luminance, in 1/65536.
uint8_t luminance(const uint8_t *rgb) {
  return (rgb[0] * 19595u + rgb[1] * 38470u + rgb[2] * 7471u + 0x8000u) >> 16;
}

/// The rounded quotient of a product of two bytes by 255.
unsigned multiply255(unsigned a, unsigned b) {
  unsigned product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/// Red, green and blue from cyan, magenta, yellow and black as Adobe's programs
/// write them, inverted: what is stored is the light that each ink leaves. The
/// arithmetic is Pillow's.
void convertFromInks(DecodedImage &image) {
  size_t count = image.height * image.width;
  std::vector<uint8_t> pixels(count * 3);
  for (size_t i = 0; i < count; ++i) {
    const uint8_t *left = &image.pixels[4 * i];
    for (size_t c = 0; c < 3; ++c)
      pixels[3 * i + c] = left[3] - multiply255(255 - left[c], left[3]);
  }
  image.pixels = std::move(pixels);
  image.channels = 3;
}

void convert(DecodedImage &image, unsigned channels) {
  if (image.channels == 4)
    convertFromInks(image);
  if (image.channels == channels)
    return;
  size_t count = image.height * image.width;
  std::vector<uint8_t> pixels(count * channels);
  for (size_t i = 0; i < count; ++i)
    if (channels == 1)
      pixels[i] = luminance(&image.pixels[3 * i]);
    else
      std::fill_n(&pixels[3 * i], 3, image.pixels[i]);
  image.pixels = std::move(pixels);
  image.channels = channels;
}

} // namespace

Expected<DecodedImage> vitc::readImage(StringRef path, unsigned channels) {
  auto buffer = readFile(path);
  if (!buffer)
    return buffer.takeError();
  StringRef bytes = (*buffer)->getBuffer();
  Decoder decoder;
  decoder.file = ArrayRef<uint8_t>(bytes.bytes_begin(), bytes.size());
  bool decoded;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"))
    decoded = decodePng(decoder);
  else if (bytes.starts_with("\xff\xd8\xff"))
    decoded = decodeJpeg(decoder);
  else
    return createStringError(
        "expected a PNG or JPEG file, found other contents in '%s'",
        path.str().c_str());
  if (!decoded)
    return createStringError("cannot decode '%s': %s", path.str().c_str(),
                             decoder.text);
  convert(decoder.image, channels);
  return std::move(decoder.image);
}
