#include "src/core/guide_range.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/joint_filter.h"
#include "src/core/quantile.h"

namespace dkn {
namespace {

// What cameras fill: 8, 10, 12, 14 and 16 bits.
struct BitDepth {
  int bits;
  float largest;
};
constexpr BitDepth kBitDepths[] = {
    {8, 255.0f}, {10, 1023.0f}, {12, 4095.0f}, {14, 16383.0f}, {16, 65535.0f}};

// Resampling overshoots: floats within are a picture in [0, 1].
constexpr float kLeastPicture = -0.25f;
constexpr float kMostPicture = 1.25f;
// Values below 0 that are smaller than the largest by this are a filter's traces, not a sign.
constexpr float kTraces = 0.05f;
// Where all but a hundredth of the values are below this part of full scale, some highlights decide
// it: a network sees black (8x on a room: RMSE 162 mm at a 64th of full scale, 154 at an eighth in
// linear light, 145 by v / (v + median), 144 as the picture is).
constexpr float kDark = 0.125f;
constexpr double kBright = 0.99;
constexpr std::size_t kMostLookedAt = 1 << 16;

struct Spread {
  float low = 0.0f;
  float high = 0.0f;
  // Of the values above 0, of a part of the picture's pixels; 0 without any.
  float median = 0.0f;
  float bright = 0.0f;
};

Spread FindSpread(ConstView picture) {
  Spread spread{picture(0, 0), picture(0, 0)};
  std::vector<float> some;
  const std::size_t values = static_cast<std::size_t>(picture.channels) *
                             static_cast<std::size_t>(picture.width) *
                             static_cast<std::size_t>(picture.height);
  const std::size_t step = values / kMostLookedAt + 1;
  some.reserve(values / step + 1);
  std::size_t left = 0;  // values before the next one that is looked at
  for (int c = 0; c < picture.channels; ++c) {
    for (int y = 0; y < picture.height; ++y) {
      const float* const row = picture.Row(y, c);
      const auto [low, high] = std::minmax_element(row, row + picture.width);
      spread.low = std::min(spread.low, *low);
      spread.high = std::max(spread.high, *high);
      std::size_t x = left;
      for (; x < static_cast<std::size_t>(picture.width); x += step) {
        if (row[x] > 0.0f) {
          some.push_back(row[x]);
        }
      }
      left = x - static_cast<std::size_t>(picture.width);
    }
  }
  if (!some.empty()) {
    spread.median = Quantile(some, 0.5);
    spread.bright = Quantile(some, kBright);
  }
  return spread;
}

// The fewest bits that hold the values; 16 of those that no bits hold.
BitDepth BitsFor(float largest) {
  const auto* const bits =
      std::find_if(std::begin(kBitDepths), std::end(kBitDepths) - 1,
                   [largest](const BitDepth& depth) { return largest <= depth.largest; });
  return *bits;
}

GuideRange IntegerRange(const Spread& spread) {
  const BitDepth depth = BitsFor(spread.high);
  GuideRange range{0.0f, depth.largest};
  if (depth.bits < 16) {
    range.note = "its 16-bit values are those of " + std::to_string(depth.bits) +
                 " bits, and were divided by " + std::to_string(std::lround(depth.largest));
  }
  return range;
}

GuideRange FloatRange(const Spread& spread) {
  if (IsUnitPicture(spread.low, spread.high)) {
    return {};
  }
  if (-spread.low > kTraces * spread.high && spread.low < kLeastPicture) {
    return {spread.low, spread.high, 0.0f,
            "its values have a sign: the smallest became 0, the largest 1"};
  }
  const float largest = spread.high / kMostPicture;
  if (spread.median > 1.0f && largest <= kBitDepths[4].largest) {
    const BitDepth depth = BitsFor(largest);
    return {0.0f, depth.largest, 0.0f,
            "its floats are values of " + std::to_string(depth.bits) +
                " bits, and were divided by " + std::to_string(std::lround(depth.largest))};
  }
  return {0.0f, spread.high, spread.median,
          "its floats are light beyond 1: v became v / (v + the median)"};
}

}  // namespace

bool IsUnitPicture(float low, float high) {
  return kLeastPicture <= low && high <= kMostPicture;
}

GuideRange FindGuideRange(ConstView picture, SampleType type) {
  if (type == SampleType::kUint8) {
    return {0.0f, FullScale(type)};
  }
  const Spread spread = FindSpread(picture);
  if (!(spread.high > 0.0f) && spread.low >= kLeastPicture) {
    return {0.0f, FullScale(type)};  // black
  }
  GuideRange range = IsInteger(type) ? IntegerRange(spread) : FloatRange(spread);
  if (range.low == 0.0f && range.middle == 0.0f && spread.bright < kDark * range.high) {
    range.middle = spread.median;
    range.note =
        "nearly all of its values are below an eighth of full scale, as counts of light "
        "are: v became v / (v + the median)";
  }
  return range;
}

void ToPicture(const ConstFrame& frame, Image& picture) {
  CheckFrame(frame, "guide");
  if (frame.channels > 4) {
    throw Error("the guide has " + std::to_string(frame.channels) +
                " channels, expected 1 or 3, or 2 or 4 with alpha");
  }
  FirstChannels(frame, GuideChannels(frame.channels), picture);
  if (!IsInteger(frame.type)) {
    CheckFinite(picture, "guide");
  }
}

void ToUnitRange(const GuideRange& range, Image& picture) {
  float* const end = picture.data() + picture.size();
  if (range.middle > 0.0f) {
    std::for_each(picture.data(), end, [middle = range.middle](float& value) {
      value = std::max(value, 0.0f);
      value /= value + middle;
    });
  } else if (range.low != 0.0f) {
    const double extent = double{range.high} - range.low;
    std::for_each(picture.data(), end, [&range, extent](float& value) {
      value = static_cast<float>((double{value} - range.low) / extent);
    });
  } else if (range.high != 1.0f) {
    std::for_each(picture.data(), end, [full = range.high](float& value) { value /= full; });
  }
}

void ToGuide(const ConstFrame& frame, Image& guide, std::string* note) {
  ToPicture(frame, guide);
  GuideRange range = FindGuideRange(guide, frame.type);
  ToUnitRange(range, guide);
  if (note != nullptr) {
    *note = std::move(range.note);
  }
}

Image GuideOf(const ConstFrame& frame, std::string* note) {
  Image guide;
  ToGuide(frame, guide, note);
  return guide;
}

}  // namespace dkn
