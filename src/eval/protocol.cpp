#include "src/eval/protocol.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "dkn/error.h"
#include "src/core/hash.h"
#include "src/core/named_values.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/dkn/architecture.h"
#include "src/imaging/noise.h"

namespace dkn::eval {
namespace {

constexpr NamedValue<HoleUse> kHoleUses[] = {{"refined", HoleUse::kRefined},
                                             {"filled", HoleUse::kFilled},
                                             {"smooth", HoleUse::kSmooth},
                                             {"nearest", HoleUse::kNearest},
                                             {"dense", HoleUse::kDense}};
constexpr NamedValue<Range> kRanges[] = {{"input", Range::kInput}, {"truth", Range::kTruth}};
// Each value's own name comes before another that is taken for it.
constexpr NamedValue<Downsampling> kDownsamplings[] = {{"nearest", Resampler::kNearest},
                                                       {"box", Resampler::kBox},
                                                       {"bilinear", Resampler::kBilinear},
                                                       {"bicubic", Resampler::kBicubic},
                                                       {"lanczos", Resampler::kLanczos},
                                                       {"area", Resampler::kBox},
                                                       {"last_pixel", Subsampling::kLastPixel},
                                                       {"center_pixel", Subsampling::kCenterPixel},
                                                       {"provided", ProvidedInput{}},
                                                       {"guide", GuideAsInput{}},
                                                       {"scores", PredictedScores{}}};
constexpr std::uint64_t kDepthNoise = 1;  // makes its seed another than the other noise's
constexpr std::uint64_t kCameraNoise = 2;

std::string RangeText(const Normalization& normalization) {
  if (const auto* fixed = std::get_if<ValueRange>(&normalization)) {
    return "the range " + DigitsText(fixed->low) + " to " + DigitsText(fixed->high);
  }
  return std::get<Range>(normalization) == Range::kInput ? "the input's range"
                                                         : "the truth's range (an oracle)";
}

Image Downsample(ConstView truth, const Protocol& protocol) {
  if (const auto* resampler = std::get_if<Resampler>(&protocol.down)) {
    return Resize(truth, truth.width / protocol.scale, truth.height / protocol.scale, *resampler);
  }
  if (std::holds_alternative<GuideAsInput>(protocol.down) || TakesScores(protocol)) {
    throw Error("the guide itself is to be filtered, not something made of the truth");
  }
  if (std::holds_alternative<ProvidedInput>(protocol.down)) {
    throw Error("the set has no measurements of its own for this image and scale");
  }
  return std::get<Subsampling>(protocol.down) == Subsampling::kLastPixel
             ? SubsampleLastPixel(truth, protocol.scale)
             : SubsampleCenterPixel(truth, protocol.scale);
}

}  // namespace

bool TakesScores(const Protocol& protocol) {
  return std::holds_alternative<PredictedScores>(protocol.down);
}

Protocol CardProtocol(const std::map<std::string, std::string>& metadata) {
  Protocol protocol;
  const auto scale = metadata.find("scale");
  if (scale != metadata.end()) {
    protocol.scale = std::clamp(std::atoi(scale->second.c_str()), 1, 64);
  }
  if (protocol.scale == 1) {
    protocol.noise_variance = 0.005;  // Section 4.2
  }
  return protocol;
}

Downsampling ParseDown(const std::string& name) {
  return ParseNamed(kDownsamplings, name, "downsampling");
}

Range ParseRange(const std::string& name) {
  return ParseNamed(kRanges, name, "range");
}

HoleUse ParseHoleUse(const std::string& name) {
  return ParseNamed(kHoleUses, name, "use of holes");
}

std::string Describe(const Protocol& protocol) {
  std::string text;
  if (protocol.depth_case) {
    text = "measured as " + protocol.depth_case_text + ", holes " +
           NameOf(kHoleUses, protocol.hole_use) + ", up by " + ToString(protocol.up);
  } else if (TakesScores(protocol)) {
    text = "scores that a network tells from the guide";
  } else if (std::holds_alternative<GuideAsInput>(protocol.down)) {
    text = "the guide itself, filtered by itself";
  } else if (protocol.scale == 1) {
    text = "at the guide's size";
  } else if (std::holds_alternative<ProvidedInput>(protocol.down)) {
    text = std::to_string(protocol.scale) + "x, the set's own measurements, up by " +
           ToString(protocol.up);
  } else {
    text = std::to_string(protocol.scale) + "x, down by " + NameOf(kDownsamplings, protocol.down) +
           ", up by " + ToString(protocol.up);
  }
  if (protocol.noise_variance > 0.0) {
    text += ", with Gaussian noise of variance " + DigitsText(protocol.noise_variance) +
            " of values in [0, 1]";
  }
  if (protocol.depth_noise > 0.0) {
    text += ", with Gaussian noise of deviation " + DigitsText(protocol.depth_noise) + " / value";
  }
  if (protocol.electrons > 0.0) {
    text += ", with a camera's noise of " + DigitsText(protocol.electrons) +
            " electrons for white and " + DigitsText(protocol.read_noise) + " of read noise";
  }
  if (protocol.holes > 0.0) {
    text += ", " + DigitsText(100.0 * protocol.holes) + " % of the samples missing (" +
            NameOf(kHoleUses, protocol.hole_use) + "), and pixels on them " +
            (protocol.count_holes ? "count too" : "left out");
  }
  if (protocol.fidelity > 0) {
    text += ", " + std::to_string(protocol.fidelity) + " iterations of back-projection";
  }
  if (protocol.iterations > 1) {
    text += ", filtered " + std::to_string(protocol.iterations) + " times";
  }
  return text + ", normalised by " + RangeText(protocol.normalization) + ", border of " +
         std::to_string(protocol.border) + " pixels left out";
}

ConstView CropToScale(ConstView image, int scale) {
  const int multiple = std::max(scale, kResampling);
  const int width = image.width - image.width % multiple;
  const int height = image.height - image.height % multiple;
  if (width == 0 || height == 0) {
    throw Error("an image of " + SizeText(image) + " is too small, expected at least " +
                std::to_string(multiple) + " pixels a side");
  }
  return image.Crop(0, 0, width, height);
}

Image Degrade(ConstView truth, const Protocol& protocol, std::uint64_t seed) {
  Image input = Downsample(truth, protocol);
  if (protocol.noise_variance > 0.0) {
    AddRelativeNoise(input, protocol.noise_variance, seed);
  }
  if (protocol.depth_noise > 0.0) {
    AddDepthNoise(input, protocol.depth_noise, Hash(seed + kDepthNoise));
  }
  if (protocol.electrons > 0.0) {
    AddCameraNoise(input, protocol.electrons, protocol.read_noise, Hash(seed + kCameraNoise));
  }
  return input;
}

}  // namespace dkn::eval
