#include "src/figures/encode.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <string>

#include "dkn/error.h"
#include "dkn/opencv.h"
#include "src/core/size_text.h"
#include "src/figures/canvas.h"

namespace dkn::figures {
namespace {

std::vector<std::uint8_t> Encode(const char* extension, ConstView image, int depth,
                                 const std::vector<int>& parameters) {
  if (image.empty() || (image.channels != 1 && image.channels != 3)) {
    throw Error("a picture of " + SizeText(image) + " x " + std::to_string(image.channels) +
                ", expected 1 or 3 channels and at least one pixel");
  }
  return CatchOpenCv([&] {
    std::vector<std::uint8_t> bytes;
    if (!cv::imencode(extension, MatFromImage(image, depth), bytes, parameters)) {
      throw Error("OpenCV cannot encode a picture of " + SizeText(image));
    }
    return bytes;
  });
}

}  // namespace

Image PictureBytes(ConstView picture) {
  Image bytes = Image::Clone(picture);
  std::transform(bytes.data(), bytes.data() + bytes.size(), bytes.data(), [](float value) {
    return std::isfinite(value) ? std::round(255 * std::clamp(value, 0.0f, 1.0f)) : 0.0f;
  });
  return bytes;
}

std::vector<std::uint8_t> EncodePng(ConstView image, SampleType type) {
  if (type == SampleType::kFloat32) {
    throw Error("values of type float32 do not fit a PNG");
  }
  return Encode(".png", image, type == SampleType::kUint8 ? CV_8U : CV_16U,
                {cv::IMWRITE_PNG_COMPRESSION, 7, cv::IMWRITE_PNG_STRATEGY,
                 cv::IMWRITE_PNG_STRATEGY_FILTERED});
}

std::vector<std::uint8_t> EncodeJpeg(ConstView image, int quality) {
  if (quality < 1 || quality > 100) {
    throw Error("a JPEG's quality is " + std::to_string(quality) + ", expected 1 to 100");
  }
  return Encode(".jpg", image, CV_8U, {cv::IMWRITE_JPEG_QUALITY, quality});
}

}  // namespace dkn::figures
