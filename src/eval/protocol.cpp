#include "src/eval/protocol.h"

#include <algorithm>

#include "dkn/error.h"
#include "src/core/size_text.h"

namespace dkn {
namespace {

constexpr int kNetworkMultiple = 4;

std::string DownName(const std::variant<Resampler, Subsampling>& down) {
  if (const auto* resampler = std::get_if<Resampler>(&down)) {
    return ToString(*resampler);
  }
  return std::get<Subsampling>(down) == Subsampling::kLastPixel ? "last_pixel" : "center_pixel";
}

}  // namespace

std::variant<Resampler, Subsampling> ParseDown(const std::string& name) {
  for (const Subsampling subsampling : {Subsampling::kLastPixel, Subsampling::kCenterPixel}) {
    if (name == DownName(subsampling)) {
      return subsampling;
    }
  }
  return ParseResampler(name);
}

Normalization ParseNormalization(const std::string& name) {
  if (name != "input" && name != "truth") {
    throw Error("unknown normalization '" + name + "', expected input or truth");
  }
  return name == "input" ? Normalization::kInput : Normalization::kTruth;
}

std::string Describe(const Protocol& protocol) {
  return std::to_string(protocol.scale) + "x, down by " + DownName(protocol.down) + ", up by " +
         ToString(protocol.up) + ", normalised by the " +
         (protocol.normalization == Normalization::kInput ? "input's range"
                                                          : "truth's range (an oracle)") +
         ", border of " + std::to_string(protocol.border) + " pixels left out";
}

ConstView CropToScale(ConstView image, int scale) {
  const int multiple = std::max(scale, kNetworkMultiple);
  const int width = image.width - image.width % multiple;
  const int height = image.height - image.height % multiple;
  if (width == 0 || height == 0) {
    throw Error("an image of " + SizeText(image) + " is too small, expected at least " +
                std::to_string(multiple) + " pixels a side");
  }
  return image.Crop(0, 0, width, height);
}

Image Downsample(ConstView truth, const Protocol& protocol) {
  if (const auto* resampler = std::get_if<Resampler>(&protocol.down)) {
    return Resize(truth, truth.width / protocol.scale, truth.height / protocol.scale, *resampler);
  }
  return std::get<Subsampling>(protocol.down) == Subsampling::kLastPixel
             ? SubsampleLastPixel(truth, protocol.scale)
             : SubsampleCenterPixel(truth, protocol.scale);
}

}  // namespace dkn
