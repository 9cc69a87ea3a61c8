#include "src/imaging/noise_level.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace dkn {
namespace {

constexpr float kMedianOfNormal = 0.6745f;

void AddDifference(float before, float at, float after, std::vector<float>& differences) {
  const float difference = std::abs(before - 2.0f * at + after);
  if (std::isfinite(difference)) {
    differences.push_back(difference);
  }
}

}  // namespace

float NoiseLevel(ConstView image) {
  std::vector<float> differences;
  differences.reserve(2 * static_cast<std::size_t>(image.channels) *
                      static_cast<std::size_t>(image.width) *
                      static_cast<std::size_t>(image.height));
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      for (int x = 1; x + 1 < image.width; ++x) {
        AddDifference(image(x - 1, y, c), image(x, y, c), image(x + 1, y, c), differences);
      }
    }
    for (int y = 1; y + 1 < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        AddDifference(image(x, y - 1, c), image(x, y, c), image(x, y + 1, c), differences);
      }
    }
  }
  if (differences.empty()) {
    return 0.0f;
  }
  const auto median = differences.begin() + static_cast<std::ptrdiff_t>(differences.size() / 2);
  std::nth_element(differences.begin(), median, differences.end());
  return *median / (kMedianOfNormal * std::sqrt(6.0f));
}

}  // namespace dkn
