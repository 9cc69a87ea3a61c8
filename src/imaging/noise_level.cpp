#include "src/imaging/noise_level.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

namespace dkn {
namespace {

constexpr int kBlock = 8;
constexpr double kClip = 4.0;
// Mean of |x| of a normal distribution, clipped at 4 times that mean.
constexpr double kMeanOfNormal = 0.7976;

// Positive floats by their exponent and the first 5 bits behind it: 32 bins for each power of 2.
class Histogram {
 public:
  Histogram() : counts_(kBins) {}
  void Add(float value) { ++counts_[std::bit_cast<std::uint32_t>(value) >> kShift]; }

  // The largest s that is the mean of min(value, clip s).
  double ClippedMean(double clip) const {
    double below = 0.0;  // sum and count of the values below the bin at hand
    double count = 0.0;
    for (std::uint32_t bin = 0; bin < kBins; ++bin) {
      below += counts_[bin] * Middle(bin);
      count += counts_[bin];
    }
    double above = 0.0;
    for (std::uint32_t bin = kBins; bin-- > 0 && below > 0.0;) {
      // With the values from here on clipped, s = (below + above clip s) / count.
      const double mean = below / (count - above * clip);
      if (count > above * clip && clip * mean >= Middle(bin)) {
        return mean;
      }
      below -= counts_[bin] * Middle(bin);
      above += counts_[bin];
    }
    return 0.0;
  }

 private:
  static constexpr int kShift = 18;
  static constexpr std::uint32_t kBins = 0x7F800000u >> kShift;  // up to infinity
  static double Middle(std::uint32_t bin) {
    return bin == 0 ? 0.0 : std::bit_cast<float>((bin << kShift) + (1u << (kShift - 1)));
  }

  std::vector<std::uint32_t> counts_;
};

// Calls use(d) for the absolute second differences d along rows and columns, as far as they are
// finite, around the pixels of a rectangle with this corner; value(x, y, c) are the image's.
template <typename Value, typename Use>
void ForEachDifference(ConstView image, int left, int top, int width, int height, Apart apart,
                       const Value& value, const Use& use) {
  const auto take = [&](float before, float at, float after) {
    const float difference = std::abs(before - 2.0f * at + after);
    if (std::isfinite(difference)) {
      use(difference);
    }
  };
  for (int c = 0; c < image.channels; ++c) {
    for (int y = top; y < top + height; ++y) {
      for (int x = left; x < left + width; ++x) {
        if (x >= apart.x && x + apart.x < image.width) {
          take(value(x - apart.x, y, c), value(x, y, c), value(x + apart.x, y, c));
        }
        if (y >= apart.y && y + apart.y < image.height) {
          take(value(x, y - apart.y, c), value(x, y, c), value(x, y + apart.y, c));
        }
      }
    }
  }
}

// NoiseLevel of a block without the clipping; NaN where there are too few differences.
float BlockLevel(ConstView image, int left, int top) {
  double sum = 0.0;
  int count = 0;
  ForEachDifference(image, left, top, kBlock, kBlock, Apart(), image, [&](float difference) {
    sum += difference;
    ++count;
  });
  return count < kBlock * kBlock
             ? NAN
             : static_cast<float>(sum / count / (kMeanOfNormal * std::sqrt(6.0)));
}

}  // namespace

float NoiseLevel(ConstView image, ConstView measured, Apart apart) {
  Histogram differences;
  const auto value = [&](int x, int y, int c) {
    return measured.empty() || measured(x, y) > 0.0f ? image(x, y, c) : NAN;
  };
  ForEachDifference(image, 0, 0, image.width, image.height, apart, value,
                    [&](float difference) { differences.Add(difference); });
  return static_cast<float>(differences.ClippedMean(kClip) / (kMeanOfNormal * std::sqrt(6.0)));
}

float NoiseOfSmoothParts(ConstView image) {
  std::vector<float> levels;
  for (int top = 0; top + kBlock <= image.height; top += kBlock) {
    for (int left = 0; left + kBlock <= image.width; left += kBlock) {
      const float level = BlockLevel(image, left, top);
      if (!std::isnan(level)) {
        levels.push_back(level);
      }
    }
  }
  if (levels.empty()) {
    return 0.0f;
  }
  const auto tenth = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() / 10);
  std::nth_element(levels.begin(), tenth, levels.end());
  return *tenth;
}

}  // namespace dkn
