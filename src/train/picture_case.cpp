#include "src/train/picture_case.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "dkn/error.h"
#include "dkn/resample.h"
#include "src/core/hash.h"
#include "src/core/split_mix.h"
#include "src/imaging/luma.h"
#include "src/imaging/noise.h"
#include "src/imaging/noise_level.h"

namespace dkn::train {
namespace {

constexpr double kMostElectrons = 1e6;

// change(value) for every value.
template <typename Change>
void ForEachValue(View image, const Change& change) {
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      std::for_each_n(&image(0, y, c), image.width, change);
    }
  }
}

double Between(double low, double high, SplitMix& random) {
  return low + (high - low) * random.Unit();
}

Image Reduced(const std::vector<std::uint8_t>& planes, const RgbdPair& pair, int factor) {
  Image image(pair.width, pair.height, 3);
  std::transform(planes.begin(), planes.end(), image.data(),
                 [](std::uint8_t value) { return static_cast<float>(value) / 255.0f; });
  return factor == 1 ? std::move(image)
                     : Resize(image, pair.width / factor, pair.height / factor, Resampler::kBox);
}

// Exposure down to an eighth of the light, and a gamma from 0.6 to 1.7.
void ChangeTone(View plane, double change, SplitMix& random) {
  const double u = random.Unit();
  const auto gain = static_cast<float>(std::exp2(-1.5 * change * u * u));  // of light: its square
  const auto gamma = static_cast<float>(std::exp2(0.75 * change * Between(-1.0, 1.0, random)));
  ForEachValue(plane, [&](float& value) { value = gain * std::pow(value, gamma); });
}

// By a curve through random values at 0, 1/3, 2/3 and 1: what was brighter may become darker.
void ChangeContrast(View plane, SplitMix& random) {
  float at[4];
  std::generate_n(at, 4, [&] { return static_cast<float>(random.Unit()); });
  ForEachValue(plane, [&](float& value) {
    const float place = 3.0f * std::clamp(value, 0.0f, 1.0f);
    const int left = std::min(2, static_cast<int>(place));
    value = at[left] + (place - static_cast<float>(left)) * (at[left + 1] - at[left]);
  });
}

// Light that falls off smoothly, to 0.3 of itself.
void Shade(View image, double change, SplitMix& random) {
  Image corners(3, 3);
  ForEachValue(corners, [&](float& value) {
    value = static_cast<float>(1.0 - 0.7 * change * random.Unit());
  });
  const Image light = Resize(corners, image.width, image.height, Resampler::kBilinear);
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        image(x, y, c) *= light(x, y);
      }
    }
  }
}

// An ellipse, half of them cut off along a line, within which the picture is darker, or drawn
// towards white, with a border from sharp to soft.
void AddShadowOrHighlight(View image, SplitMix& random) {
  const double side = std::min(image.width, image.height);
  const bool highlight = random.Below(3) == 0;
  const double radius = side * Between(0.03, highlight ? 0.12 : 0.5, random);
  const double flat = Between(0.3, 1.0, random);
  const double angle = Between(0.0, std::numbers::pi, random);
  const double centre_x = image.width * random.Unit();
  const double centre_y = image.height * random.Unit();
  const double cut = random.Below(2) == 0 ? Between(-0.5, 0.5, random) : 2.0;
  const double softness = std::exp2(Between(0.0, 4.0, random));  // pixels
  const double strength = Between(0.2, 0.8, random);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const double dx = x - centre_x;
      const double dy = y - centre_y;
      const double along = (std::cos(angle) * dx + std::sin(angle) * dy) / radius;
      const double across = (std::cos(angle) * dy - std::sin(angle) * dx) / (flat * radius);
      const double inside = std::min(1.0 - std::hypot(along, across), cut - along) * radius;
      const auto share = static_cast<float>(strength * std::clamp(inside / softness, 0.0, 1.0));
      for (int c = 0; c < image.channels; ++c) {
        image(x, y, c) += share * ((highlight ? 1.0f : 0.0f) - image(x, y, c));
      }
    }
  }
}

void Light(View image, double change, SplitMix& random) {
  if (random.Unit() < 0.5 * change) {
    Shade(image, change, random);
  }
  for (int i = 0; i < 3; ++i) {
    if (random.Unit() < 0.4 * change) {
      AddShadowOrHighlight(image, random);
    }
  }
}

void Clamp(View image) {
  ForEachValue(image, [](float& value) { value = std::clamp(value, 0.0f, 1.0f); });
}

Image MakeGuide(Image guide, double change, SplitMix& random) {
  if (random.Unit() < 0.2 * change) {  // a flash without colours, or infrared
    Image luma(guide.width(), guide.height());
    Luma(guide, luma);
    for (int c = 0; c < 3; ++c) {
      Copy(luma, guide.view().Channel(c));
    }
    ChangeTone(guide, 0.5 * change, random);
  } else {
    for (int c = 0; c < 3; ++c) {
      ChangeTone(guide.view().Channel(c), 0.5 * change, random);
    }
  }
  Light(guide, change, random);
  Clamp(guide);
  return guide;
}

Image MakeTruth(ConstView picture, const PictureCase& picture_case, SplitMix& random) {
  const double change = picture_case.change;
  Image truth = Image::Clone(picture.Channel(random.Below(3)));
  // Pairs of pictures have contrasts of their own already.
  if (random.Unit() < (picture_case.of_pictures ? 0.1 : 0.4) * change) {
    ChangeContrast(truth, random);
  }
  Light(truth, change, random);
  ChangeTone(truth, change, random);
  Clamp(truth);
  return truth;
}

Image AddNoise(const Image& truth, const PictureCase& picture_case, SplitMix& random) {
  const double electrons = sensors::Draw(picture_case.electrons, random);
  const double read_noise = sensors::Draw(picture_case.read_noise, random);
  const bool grainy = random.Unit() < picture_case.grainy;
  const double grain = grainy ? sensors::Draw(picture_case.grain, random) : 1.0;
  const std::uint64_t seed = random.Next();
  Image noisy = Image::Clone(truth);
  if (grain == 1.0) {
    AddCameraNoise(noisy, electrons, read_noise, seed);
    return noisy;
  }
  const auto shrunk = [&](int size) { return std::max(1, static_cast<int>(size / grain)); };
  const Image small =
      Resize(truth, shrunk(truth.width()), shrunk(truth.height()), Resampler::kBilinear);
  Image noise = Image::Clone(small);
  AddCameraNoise(noise, electrons, read_noise, seed);
  std::transform(noise.data(), noise.data() + noise.size(), small.data(), noise.data(),
                 std::minus<float>());
  const Image large = Resize(noise, truth.width(), truth.height(), Resampler::kBicubic);
  std::transform(truth.data(), truth.data() + truth.size(), large.data(), noisy.data(),
                 [](float value, float error) { return std::clamp(value + error, 0.0f, 1.0f); });
  return noisy;
}

}  // namespace

PictureCase ParsePictureCase(const Json& json, const std::string& path) {
  JsonMembers members(json, path);
  PictureCase result;
  const std::string from = members.Text("from", "pairs");
  members.Check(from == "pairs" || from == "pictures", "from", "pairs or pictures");
  result.of_pictures = from == "pictures";
  result.electrons =
      sensors::ParseInterval(members, "electrons", 1.0, kMostElectrons, result.electrons);
  result.read_noise = sensors::ParseInterval(members, "read_noise", 0.0, 1e3, result.read_noise);
  result.grainy = members.Number("grainy", 0.0, 1.0, result.grainy);
  result.grain = sensors::ParseInterval(members, "grain", 1.0, 16.0, result.grain);
  result.change = members.Number("change", 0.0, 1.0, result.change);
  result.reduced = members.Integer("reduced", 1, 8, result.reduced);
  members.CheckAllTaken();
  return result;
}

TrainingImage MakePicture(const RgbdPair& pair, const PictureCase& picture_case,
                          std::uint64_t seed) {
  if (picture_case.of_pictures && pair.picture.empty()) {
    throw Error("a case of pictures is for pairs of pictures");
  }
  SplitMix random(seed, 3);
  const Image picture =
      Reduced(picture_case.of_pictures ? pair.picture : pair.rgb, pair, picture_case.reduced);
  const Image guide =
      MakeGuide(Reduced(pair.rgb, pair, picture_case.reduced), picture_case.change, random);
  TrainingImage image;
  image.width = picture.width();
  image.height = picture.height();
  image.guide.resize(guide.size());
  std::transform(guide.data(), guide.data() + guide.size(), image.guide.begin(), [](float value) {
    return static_cast<std::uint8_t>(std::lround(255.0f * value));
  });
  image.truth = MakeTruth(picture, picture_case, random);
  image.input = AddNoise(image.truth, picture_case, random);
  image.facts.noise = NoiseLevel(image.input);
  image.facts.correlated_noise = CorrelatedNoise(image.input, {}, 1.0, 1.0);
  image.range = 1.0f;
  return image;
}

}  // namespace dkn::train
