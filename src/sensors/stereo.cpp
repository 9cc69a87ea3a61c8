#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "src/imaging/holes.h"
#include "src/sensors/disparity.h"
#include "src/sensors/models.h"
#include "src/sensors/random_fields.h"

namespace dkn::sensors {
namespace {

// Sums over rectangles of one channel in a fixed time, of 24-bit fixed point: exact.
class RectangleSums {
 public:
  explicit RectangleSums(ConstView image)
      : width_(image.width),
        height_(image.height),
        sums_((static_cast<std::size_t>(width_) + 1) * (static_cast<std::size_t>(height_) + 1)) {
    for (int y = 0; y < height_; ++y) {
      std::int64_t row = 0;
      for (int x = 0; x < width_; ++x) {
        row += static_cast<std::int64_t>(image(x, y) * 0x1p24f);
        sums_[At(x + 1, y + 1)] = sums_[At(x + 1, y)] + row;
      }
    }
  }

  // The mean over the part of the square (x, y) +- half that is inside.
  float Mean(int x, int y, int half) const {
    const int left = std::max(x - half, 0);
    const int right = std::min(x + half + 1, width_);
    const int top = std::max(y - half, 0);
    const int bottom = std::min(y + half + 1, height_);
    const std::int64_t sum = sums_[At(right, bottom)] - sums_[At(left, bottom)] -
                             sums_[At(right, top)] + sums_[At(left, top)];
    return static_cast<float>(sum) * 0x1p-24f / static_cast<float>((right - left) * (bottom - top));
  }

 private:
  std::size_t At(int x, int y) const {
    return static_cast<std::size_t>(y) * (static_cast<std::size_t>(width_) + 1) + x;
  }

  int width_;
  int height_;
  std::vector<std::int64_t> sums_;
};

// How much there is to match: steps of luma sideways, the direction that is matched, between
// squares of 3 x 3 pixels that touch (an average, or the camera's noise would pass for texture);
// their mean absolute value over windows.
Image Texture(ConstView guide, int window) {
  const RectangleSums light(Brightness(guide));
  Image steps(guide.width, guide.height);
  for (int y = 0; y < guide.height; ++y) {
    for (int x = 0; x < guide.width; ++x) {
      const int left = std::max(x - 1, 0);
      const int right = std::min(x + 2, guide.width - 1);
      steps(x, y) = std::fabs(light.Mean(right, y, 1) - light.Mean(left, y, 1));
    }
  }
  const RectangleSums sums(steps);
  for (int y = 0; y < guide.height; ++y) {
    for (int x = 0; x < guide.width; ++x) {
      steps(x, y) = sums.Mean(x, y, window / 2);
    }
  }
  return steps;
}

// The nearest depth within `radius` pixels to each side, and above and below.
Image Nearest(ConstView depth, int radius) {
  Image rows(depth.width, depth.height);
  for (int y = 0; y < depth.height; ++y) {
    const float* row = depth.Row(y);
    for (int x = 0; x < depth.width; ++x) {
      rows(x, y) = *std::min_element(row + std::max(x - radius, 0),
                                     row + std::min(x + radius + 1, depth.width));
    }
  }
  Image nearest = Image::Clone(rows);
  for (int y = 0; y < depth.height; ++y) {
    float* out = nearest.Row(y);
    for (int j = std::max(y - radius, 0); j <= std::min(y + radius, depth.height - 1); ++j) {
      const float* row = rows.Row(j);
      for (int x = 0; x < depth.width; ++x) {
        out[x] = std::min(out[x], row[x]);
      }
    }
  }
  return nearest;
}

// Depth as windows that straddle edges find it: what is near takes the pixels beside it, out to a
// distance that wanders between nothing and `fattening` pixels along the edge.
Image Fatten(ConstView depth, const SensorOptions& options, std::uint64_t seed) {
  Image fat = Image::Clone(depth);
  const float threshold = EdgeThreshold(options.focal);
  const Image field = SmoothNoise(depth.width, depth.height, options.window, seed);
  const int most = static_cast<int>(std::lround(options.fattening));
  for (int radius = 1; radius <= most; ++radius) {
    const Image nearest = Nearest(depth, radius);
    // So many of the windows reach as far as this.
    const float share = 1.0f - static_cast<float>(radius - 1) / static_cast<float>(most);
    for (int y = 0; y < depth.height; ++y) {
      for (int x = 0; x < depth.width; ++x) {
        if (Jumps(nearest(x, y), fat(x, y), threshold) && NormalShare(field(x, y)) < share) {
          fat(x, y) = nearest(x, y);
        }
      }
    }
  }
  return fat;
}

}  // namespace

Image MeasureStereo(const RgbdView& scene, const SensorOptions& options, std::uint64_t seed) {
  const int width = scene.depth.width;
  const int height = scene.depth.height;
  const Image seen = Fatten(scene.depth, options, SubSeed(seed, 0));
  const std::vector<std::uint8_t> hidden = Occluded(scene.depth, options.focal * options.baseline);
  const Surface surface = Examine(scene.depth, scene.guide, options.focal);
  const Image texture = Texture(scene.guide, options.window);
  const Image noise = SmoothNoise(width, height, options.window, SubSeed(seed, 1));
  const Image blobs = SmoothNoise(width, height, 2 * options.window + 1, SubSeed(seed, 2));
  const Triangulation triangulation(options);
  Image measured(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const float z = seen(x, y);
      // What a window finds of something nearer stands beside it, in front of what is hidden.
      const float ragged = Ragged(blobs(x, y));
      const bool own = z == scene.depth(x, y);
      const bool lost =
          (own && hidden[static_cast<std::size_t>(y) * width + x] != 0) ||
          texture(x, y) < ragged * static_cast<float>(options.min_texture) ||
          (own && surface.cosine(x, y) < ragged * static_cast<float>(options.min_cosine)) ||
          surface.Signal(x, y, z) < static_cast<float>(options.min_signal);
      measured(x, y) = lost ? kHole : triangulation.Measure(z, noise(x, y), 0.0f);
    }
  }
  return measured;
}

}  // namespace dkn::sensors
