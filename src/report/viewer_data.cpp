#include "src/report/viewer_data.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "src/figures/figure.h"
#include "src/io/image_codecs.h"
#include "src/report/figures.h"
#include "src/report/html_text.h"

namespace dkn::report {
namespace {

using nlohmann::json;

constexpr float kUnknown = 65535.0f;  // the code of a value that is not finite

// Values to codes of 16 bits, not finer than `precision`.
json PictureJson(const std::string& name, const std::string& kind, ConstView values,
                 double precision) {
  double low = 0.0;
  double high = 0.0;
  bool known = false;
  Image codes = Image::Clone(values);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const double value = codes.data()[i];
    if (std::isfinite(value)) {
      low = known ? std::min(low, value) : value;
      high = known ? std::max(high, value) : value;
      known = true;
    }
  }
  const double step = std::max(precision, (high - low) / (kUnknown - 1.0));
  for (std::size_t i = 0; i < codes.size(); ++i) {
    float& value = codes.data()[i];
    value = std::isfinite(value) ? static_cast<float>(std::round((value - low) / step)) : kUnknown;
  }
  return {{"name", name},
          {"kind", kind},
          {"low", low},
          {"step", step},
          {"png", Base64(PngBytes(FrameOf(codes, SampleType::kUint16), kSmallPng))}};
}

// The smaller of a PNG and a fine JPEG: people look at it, nothing is measured from it.
std::string GuideUri(const Image& guide) {
  const FrameBuffer bytes = figures::PictureBytes(guide);
  const std::vector<std::uint8_t> png = PngBytes(bytes, kSmallPng);
  const std::vector<std::uint8_t> jpeg = JpegBytes(bytes, 93);
  return png.size() <= jpeg.size() ? "data:image/png;base64," + Base64(png)
                                   : "data:image/jpeg;base64," + Base64(jpeg);
}

// One part of a field: codes of the given channels side by side, `top` rows from the top.
void PutCodes(ConstView values, int first, int stride, int every, double step, int top,
              Image& codes) {
  const int columns = (values.width + every - 1) / every;
  const int rows = (values.height + every - 1) / every;
  int left = 0;
  for (int c = first; c < values.channels; c += stride) {
    for (int row = 0; row < rows; ++row) {
      for (int column = 0; column < columns; ++column) {
        const double value = values(column * every, row * every, c);
        codes(left + column, top + row) = static_cast<float>(std::lround(value / step) + 128);
      }
    }
    left += columns;
  }
}

// That of 127 codes for the largest magnitude, not finer than `precision`.
double StepOf(const Image& values, double precision) {
  double largest = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(values.data()[i])));
  }
  return std::max(precision, largest / 127.0);
}

// Where, in what the montage enlarges, the best method and the worst differ most in their errors;
// of one method, where it errs most.
json StartPixel(const ShownImage& image) {
  const figures::PixelBox crop = ChooseCrop(image);
  std::vector<Image> errors;
  for (const ShownResult& result : image.results) {
    errors.push_back(AbsoluteError(result.result, image.truth));
  }
  int best_x = crop.x + crop.width / 2;
  int best_y = crop.y + crop.height / 2;
  float most = 0.0f;
  for (int y = crop.y; y < crop.y + crop.height; ++y) {
    for (int x = crop.x; x < crop.x + crop.width; ++x) {
      float high = 0.0f;
      float low = errors.size() > 1 ? std::numeric_limits<float>::infinity() : 0.0f;
      for (const Image& error : errors) {
        high = std::max(high, error(x, y));
        low = std::min(low, error(x, y));
      }
      if (high - low > most) {
        most = high - low;
        best_x = x;
        best_y = y;
      }
    }
  }
  return {best_x, best_y};
}

json KernelsJson(const ShownKernels& kernels, std::size_t max_bytes) {
  const int width = kernels.weights.width();
  const int height = kernels.weights.height();
  const int taps = kernels.size * kernels.size;
  const auto count = [&](int every) {
    return static_cast<std::size_t>((width + every - 1) / every) *
           static_cast<std::size_t>((height + every - 1) / every) * 3 *
           static_cast<std::size_t>(taps);
  };
  int every = 1;
  while (count(every) > max_bytes && every < std::max(width, height)) {
    ++every;
  }
  const double weight_step = StepOf(kernels.weights, 1e-9);
  const double position_step = StepOf(kernels.positions, 1.0 / 16.0);
  const int rows = (height + every - 1) / every;
  Image codes((width + every - 1) / every * taps, 3 * rows);
  PutCodes(kernels.weights, 0, 1, every, weight_step, 0, codes);
  PutCodes(kernels.positions, 0, 2, every, position_step, rows, codes);
  PutCodes(kernels.positions, 1, 2, every, position_step, 2 * rows, codes);
  return {{"method", kernels.method},
          {"size", kernels.size},
          {"every", every},
          {"weightStep", weight_step},
          {"positionStep", position_step},
          {"png", Base64(PngBytes(FrameOf(codes, SampleType::kUint8), kSmallPng))}};
}

}  // namespace

std::string ViewerJson(const ShownImage& image, std::size_t max_kernel_bytes) {
  CheckShownImage(image);
  const ValueRange depth = DepthRange(image);
  const float limit = ErrorLimit(image);
  const double precision = limit / 1000.0;
  json pictures = json::array({PictureJson("input", "input", image.input, precision)});
  for (const ShownResult& result : image.results) {
    pictures.push_back(PictureJson(result.method, "method", result.result, precision));
    pictures.back()["score"] = result.score;  // null where it is not finite
  }
  pictures.push_back(PictureJson("truth", "truth", image.truth, precision));
  json kernels = json::array();
  for (const ShownKernels& field : image.kernels) {
    kernels.push_back(KernelsJson(field, max_kernel_bytes));
  }
  const json data = {{"set", image.set},
                     {"name", image.name},
                     {"unit", image.unit},
                     {"metric", image.metric},
                     {"width", image.guide.width()},
                     {"height", image.guide.height()},
                     {"guide", GuideUri(image.guide)},
                     {"depth", {depth.low, depth.high}},
                     {"errorLimit", limit},
                     {"start", StartPixel(image)},
                     {"pictures", std::move(pictures)},
                     {"kernels", std::move(kernels)}};
  // Bytes that are not UTF-8 become U+FFFD.
  return data.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace dkn::report
