#include "src/imaging/wild_values.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "src/imaging/holes.h"

namespace dkn {
namespace {

// In 20,000 views of real depth (nyu_train, nyu_val, kinect, lu and middlebury, whole, in parts and
// shrunk) no value of the largest 1 % is more than 1.95 times as large as the next smaller one.
// 65535 is wild up to 16 m in millimetres.
constexpr double kGap = 4.0;
constexpr std::size_t kMeasuredForOneWild = 100;
// Of measured pixels for one of a group: what is larger is a thing, seen through a window perhaps.
constexpr std::size_t kMeasuredForOneOfGroup = 1000;
constexpr std::size_t kSmallestGroupLimit = 4;  // 2 x 2
// More than the ratio of largest to median depth of any sensor's frame.
constexpr float kMostOfMedian = 100.0f;

// Of each pixel over its channels; NaN in holes.
Image Magnitudes(ConstView image) {
  Image magnitudes(image.width, image.height);
  for (int c = 0; c < image.channels; ++c) {
    for (int y = 0; y < image.height; ++y) {
      const float* from = image.Row(y, c);
      float* to = magnitudes.Row(y);
      for (int x = 0; x < image.width; ++x) {
        const float magnitude = std::isfinite(from[x]) ? std::abs(from[x]) : kHole;
        // A NaN of an earlier channel stays: it is not less than anything.
        to[x] = std::isnan(magnitude) || to[x] < magnitude ? magnitude : to[x];
      }
    }
  }
  return magnitudes;
}

std::vector<float> Measured(const Image& magnitudes) {
  std::vector<float> measured;
  measured.reserve(magnitudes.size());
  std::copy_if(magnitudes.data(), magnitudes.data() + magnitudes.size(),
               std::back_inserter(measured), [](float value) { return !std::isnan(value); });
  return measured;
}

// Whether so few values may be wild that 1 % can hold them: most frames are done here.
bool MayHaveWild(const std::vector<float>& measured) {
  if (measured.size() < kMeasuredForOneWild) {
    return false;
  }
  const float least =
      static_cast<float>(*std::max_element(measured.begin(), measured.end()) / kGap);
  const auto large =
      std::count_if(measured.begin(), measured.end(), [=](float value) { return value > least; });
  return static_cast<std::size_t>(large) <= measured.size() / kMeasuredForOneWild;
}

// The largest of the rest: no gap divides it from `start`. `sorted` are magnitudes from `start` or
// less on.
float RestFrom(const std::vector<float>& sorted, float start) {
  float rest = start;
  for (const float value : sorted) {
    if (value > kGap * rest) {
      break;
    }
    rest = std::max(rest, value);
  }
  return rest;
}

struct Group {
  std::size_t pixels = 0;
  float smallest = std::numeric_limits<float>::infinity();
};

// The connected group of magnitudes above `rest` that this pixel belongs to, which are taken out.
Group TakeGroup(int x, int y, float rest, Image& magnitudes) {
  Group group;
  std::vector<std::pair<int, int>> next{{x, y}};
  while (!next.empty()) {
    const auto [at_x, at_y] = next.back();
    next.pop_back();
    float& magnitude = magnitudes(at_x, at_y);
    if (!(magnitude > rest)) {
      continue;
    }
    ++group.pixels;
    group.smallest = std::min(group.smallest, magnitude);
    magnitude = kHole;
    for (int ny = std::max(at_y - 1, 0); ny <= std::min(at_y + 1, magnitudes.height() - 1); ++ny) {
      for (int nx = std::max(at_x - 1, 0); nx <= std::min(at_x + 1, magnitudes.width() - 1); ++nx) {
        next.emplace_back(nx, ny);
      }
    }
  }
  return group;
}

// The largest of the smallest magnitudes of all groups above `rest` that have more pixels than
// `most`; 0 without any.
float LeastOfThings(ConstView magnitudes, float rest, std::size_t most) {
  Image left = Image::Clone(magnitudes);
  float least = 0.0f;
  for (int y = 0; y < left.height(); ++y) {
    for (int x = 0; x < left.width(); ++x) {
      if (left(x, y) > rest) {
        const Group group = TakeGroup(x, y, rest, left);
        least = group.pixels > most ? std::max(least, group.smallest) : least;
      }
    }
  }
  return least;
}

// Above which magnitude values are wild.
float LargestOfRest(const Image& magnitudes, std::vector<float> measured) {
  const std::size_t count = measured.size();
  const auto from = [&](std::size_t largest) {
    const auto at = measured.end() - static_cast<std::ptrdiff_t>(largest);
    std::nth_element(measured.begin(), at, measured.end());
    return at;
  };
  const float median = *from((count + 1) / 2);
  const float smallest = *std::min_element(measured.begin(), measured.end());
  measured.erase(measured.begin(), from(count / kMeasuredForOneWild + 1));
  std::sort(measured.begin(), measured.end());
  const std::size_t most = std::max(count / kMeasuredForOneOfGroup, kSmallestGroupLimit);
  float rest = RestFrom(measured, measured.front());
  for (;;) {
    const float thing = LeastOfThings(magnitudes, rest, most);
    if (thing == 0.0f) {
      break;
    }
    rest = RestFrom(measured, thing);
  }
  const bool constant = smallest == rest;
  return constant || rest > kMostOfMedian * median ? std::numeric_limits<float>::infinity() : rest;
}

}  // namespace

WildValues RemoveWildValues(View image) {
  WildValues wild;
  const Image magnitudes = Magnitudes(image);
  std::vector<float> measured = Measured(magnitudes);
  if (!MayHaveWild(measured)) {
    return wild;
  }
  const float rest = LargestOfRest(magnitudes, std::move(measured));
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (!(magnitudes(x, y) > rest)) {
        continue;
      }
      ++wild.pixels;
      for (int c = 0; c < image.channels; ++c) {
        float& value = image(x, y, c);
        wild.farthest = std::abs(value) > std::abs(wild.farthest) ? value : wild.farthest;
        value = kHole;
      }
    }
  }
  return wild;
}

}  // namespace dkn
