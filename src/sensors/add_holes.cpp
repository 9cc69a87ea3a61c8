#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/hash.h"
#include "src/core/size_text.h"
#include "src/imaging/holes.h"
#include "src/sensors/colour_number.h"
#include "src/sensors/degradations.h"
#include "src/sensors/random_fields.h"
#include "src/sensors/surface.h"

namespace dkn::sensors {
namespace {

constexpr int kBlob = 9;          // pixels: about as wide as those of src/imaging/punch_holes.h
constexpr float kPatchy = 0.25f;  // of blobs, in what has a cause of its own

// The largest relative difference from a measured neighbour of the eight; 0 for a hole.
float Jump(ConstView depth, int x, int y) {
  const float z = depth(x, y);
  float jump = 0.0f;
  for (int j = std::max(y - 1, 0); j <= std::min(y + 1, depth.height - 1); ++j) {
    for (int i = std::max(x - 1, 0); i <= std::min(x + 1, depth.width - 1); ++i) {
      const float difference = std::fabs(depth(i, j) - z);
      if (std::isfinite(difference)) {
        jump = std::max(jump, difference);
      }
    }
  }
  return jump > 0.0f ? jump / std::max(std::fabs(z), 1e-6f) : 0.0f;
}

class HoleMaker {
 public:
  HoleMaker(View depth, ConstView guide, std::uint64_t seed)
      : depth_(depth),
        guide_(guide),
        seed_(seed),
        blobs_(SmoothNoise(depth.width, depth.height, kBlob, SubSeed(seed, 0))) {}

  // Makes `count` holes more, where scores are highest; those of holes do not count.
  void Take(std::size_t count, const Image& scores) {
    std::vector<float> sorted;
    sorted.reserve(scores.size());
    for (int y = 0; y < depth_.height; ++y) {
      for (int x = 0; x < depth_.width; ++x) {
        if (std::isfinite(depth_(x, y))) {
          sorted.push_back(scores(x, y));
        }
      }
    }
    count = std::min(count, sorted.empty() ? 0 : sorted.size() - 1);
    if (count == 0) {
      return;
    }
    const auto last = sorted.begin() + static_cast<std::ptrdiff_t>(count) - 1;
    std::nth_element(sorted.begin(), last, sorted.end(), std::greater<float>());
    // All above the limit, and of those at it as many as are left, from the top.
    const float limit = *last;
    std::size_t at_limit =
        count - static_cast<std::size_t>(std::count_if(
                    sorted.begin(), last, [limit](float score) { return score > limit; }));
    for (int y = 0; y < depth_.height; ++y) {
      for (int x = 0; x < depth_.width; ++x) {
        float& z = depth_(x, y);
        const float score = scores(x, y);
        if (!std::isfinite(z) || score < limit || (score == limit && at_limit == 0)) {
          continue;
        }
        at_limit -= score == limit ? 1 : 0;
        z = kHole;
      }
    }
  }

  // A score for each pixel: what `cause` gives, in [0, 1], and a part of blobs.
  template <typename Cause>
  Image Scores(const Cause& cause) const {
    Image scores(depth_.width, depth_.height);
    for (int y = 0; y < depth_.height; ++y) {
      for (int x = 0; x < depth_.width; ++x) {
        scores(x, y) = cause(x, y) + kPatchy * NormalShare(blobs_(x, y));
      }
    }
    return scores;
  }

  Image Edges() const {
    return Scores([&](int x, int y) { return std::min(Jump(depth_, x, y) * 10.0f, 1.0f); });
  }
  Image Dark() const {
    const Image luma = Brightness(guide_);
    return Scores([&](int x, int y) { return 1.0f - luma(x, y); });
  }
  Image Shiny() const {
    return Scores([&](int x, int y) { return ColourNumber(guide_, x, y, SubSeed(seed_, 1)); });
  }
  Image Far() const {
    float most = 0.0f;
    for (int y = 0; y < depth_.height; ++y) {
      for (int x = 0; x < depth_.width; ++x) {
        most = std::isfinite(depth_(x, y)) ? std::max(most, depth_(x, y)) : most;
      }
    }
    const float scale = most > 0.0f ? 1.0f / most : 0.0f;
    return Scores([&](int x, int y) { return depth_(x, y) * scale; });
  }
  const Image& Blobs() const { return blobs_; }
  Image Speckle() const { return UniformNoise(depth_.width, depth_.height, SubSeed(seed_, 2)); }

 private:
  View depth_;
  ConstView guide_;
  std::uint64_t seed_;
  Image blobs_;
};

void Check(View depth, ConstView guide, double share, double sum, double least) {
  if (depth.empty() || depth.channels != 1) {
    throw Error("holes in " + std::to_string(depth.channels) + " channels of " +
                SizeText(depth.width, depth.height) + ", expected 1 and at least 1 pixel");
  }
  CheckGuide(depth, guide);
  if (!(share >= 0.0 && share < 1.0)) {
    throw Error("holes in " + std::to_string(share) +
                " of the pixels, expected a share of at least 0 and less than 1");
  }
  if (!(least >= 0.0 && sum > 0.0 && std::isfinite(sum))) {
    throw Error("the causes of holes: one is negative or not finite, or all are 0");
  }
}

}  // namespace

void AddHoles(View depth, ConstView guide, double share, const HoleCauses& causes,
              std::uint64_t seed) {
  const double weights[] = {causes.edges, causes.dark,  causes.shiny,
                            causes.far,   causes.blobs, causes.speckle};
  double sum = 0.0;
  double least = 0.0;
  for (const double weight : weights) {
    sum += weight;
    least = std::min(least, weight);
  }
  Check(depth, guide, share, sum, least);
  const double pixels = static_cast<double>(depth.width) * depth.height;
  // Rounded as a running sum, so that all parts together are the whole.
  double until_now = 0.0;
  std::size_t made = 0;
  const auto part = [&](double weight) {
    until_now += weight;
    const auto until = static_cast<std::size_t>(std::lround(share * pixels * (until_now / sum)));
    const std::size_t count = until - made;
    made = until;
    return count;
  };
  HoleMaker holes(depth, guide, seed);
  const auto take = [&](double weight, const auto& scores) {
    if (const std::size_t count = part(weight); count > 0) {
      holes.Take(count, scores());
    }
  };
  take(causes.edges, [&] { return holes.Edges(); });
  take(causes.dark, [&] { return holes.Dark(); });
  take(causes.shiny, [&] { return holes.Shiny(); });
  take(causes.far, [&] { return holes.Far(); });
  take(causes.blobs, [&]() -> const Image& { return holes.Blobs(); });
  take(causes.speckle, [&] { return holes.Speckle(); });
}

}  // namespace dkn::sensors
