#include "src/sensors/degradations.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/imaging/holes.h"
#include "src/sensors/random_fields.h"
#include "src/sensors/surface.h"

namespace dkn::sensors {
namespace {

void CheckDepth(ConstView depth) {
  if (depth.empty() || depth.channels != 1) {
    throw Error("depth has " + std::to_string(depth.channels) + " channels of " +
                SizeText(depth.width, depth.height) + ", expected 1 and at least 1 pixel");
  }
}

void CheckShare(bool good, double share) {
  if (!good) {
    throw Error("a share of " + std::to_string(share) + " of the pixels");
  }
}

float& ValueAt(View image, std::size_t index) {
  const auto width = static_cast<std::size_t>(image.width);
  return image(static_cast<int>(index % width), static_cast<int>(index / width));
}

// The places of finite values.
std::vector<std::size_t> Measured(ConstView depth) {
  std::vector<std::size_t> places;
  places.reserve(static_cast<std::size_t>(depth.width) * static_cast<std::size_t>(depth.height));
  std::size_t index = 0;
  for (int y = 0; y < depth.height; ++y) {
    for (int x = 0; x < depth.width; ++x, ++index) {
      if (std::isfinite(depth(x, y))) {
        places.push_back(index);
      }
    }
  }
  return places;
}

std::size_t Rounded(double number) {
  return static_cast<std::size_t>(std::lround(number));
}

// Brings the `count` places of the highest scores to the front; of equal ones, the first in memory.
void TakeHighest(std::vector<std::size_t>& places, std::size_t count, const Image& scores) {
  if (count == 0 || count >= places.size()) {
    return;
  }
  const float* score = scores.data();
  std::nth_element(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(count) - 1,
                   places.end(), [score](std::size_t a, std::size_t b) {
                     return score[a] != score[b] ? score[a] > score[b] : a < b;
                   });
}

}  // namespace

double NoiseCurve::At(double z) const {
  return std::max(constant + z * (linear + z * quadratic), 0.0);
}

void AddNoise(View depth, const NoiseCurve& curve, std::uint64_t seed) {
  CheckDepth(depth);
  const Image noise = WhiteNoise(depth.width, depth.height, seed);
  for (int y = 0; y < depth.height; ++y) {
    for (int x = 0; x < depth.width; ++x) {
      float& z = depth(x, y);
      if (std::isfinite(z)) {
        z += static_cast<float>(curve.At(z)) * noise(x, y);
        z = z > 0.0f ? z : kHole;
      }
    }
  }
}

void AddOutliers(View depth, double share, float low, float high, std::uint64_t seed) {
  CheckDepth(depth);
  CheckShare(share >= 0.0 && share <= 1.0, share);
  if (!(std::isfinite(low) && std::isfinite(high) && low <= high)) {
    throw Error("outliers of " + std::to_string(low) + " to " + std::to_string(high));
  }
  std::vector<std::size_t> places = Measured(depth);
  const std::size_t count = Rounded(share * static_cast<double>(places.size()));
  TakeHighest(places, count, UniformNoise(depth.width, depth.height, SubSeed(seed, 0)));
  const Image values = UniformNoise(depth.width, depth.height, SubSeed(seed, 1));
  for (std::size_t i = 0; i < count; ++i) {
    ValueAt(depth, places[i]) = low + values.data()[places[i]] * (high - low);
  }
}

void KeepSparse(View depth, double share, std::uint64_t seed) {
  CheckDepth(depth);
  CheckShare(share > 0.0 && share <= 1.0, share);
  std::vector<std::size_t> places(static_cast<std::size_t>(depth.width) *
                                  static_cast<std::size_t>(depth.height));
  std::iota(places.begin(), places.end(), std::size_t{0});
  const std::size_t kept =
      std::max(Rounded(share * static_cast<double>(places.size())), std::size_t{1});
  TakeHighest(places, kept, UniformNoise(depth.width, depth.height, SubSeed(seed, 0)));
  for (std::size_t i = kept; i < places.size(); ++i) {
    ValueAt(depth, places[i]) = kHole;
  }
}

Image ShiftImage(ConstView image, double dx, double dy) {
  if (!(std::isfinite(dx) && std::isfinite(dy))) {
    throw Error("an image's shift is not finite");
  }
  Image shifted(image.width, image.height, image.channels);
  // Out of the image by more than its size is the border all the same.
  const double left = std::floor(std::clamp(-dx, -2.0 * image.width, 2.0 * image.width));
  const double top = std::floor(std::clamp(-dy, -2.0 * image.height, 2.0 * image.height));
  const auto right_share = static_cast<float>(std::clamp(-dx - left, 0.0, 1.0));
  const auto below_share = static_cast<float>(std::clamp(-dy - top, 0.0, 1.0));
  const auto column = [&](int x) { return std::clamp(x, 0, image.width - 1); };
  const auto row = [&](int y) { return std::clamp(y, 0, image.height - 1); };
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      const float* above = image.Row(row(y + static_cast<int>(top)), c);
      const float* below = image.Row(row(y + static_cast<int>(top) + 1), c);
      for (int x = 0; x < image.width; ++x) {
        const int a = column(x + static_cast<int>(left));
        const int b = column(x + static_cast<int>(left) + 1);
        const float upper = above[a] + right_share * (above[b] - above[a]);
        const float lower = below[a] + right_share * (below[b] - below[a]);
        shifted(x, y, c) = upper + below_share * (lower - upper);
      }
    }
  }
  return shifted;
}

}  // namespace dkn::sensors
