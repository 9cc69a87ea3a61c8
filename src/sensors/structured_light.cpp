#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "src/imaging/holes.h"
#include "src/sensors/colour_number.h"
#include "src/sensors/disparity.h"
#include "src/sensors/models.h"
#include "src/sensors/random_fields.h"

namespace dkn::sensors {
namespace {

// Fields of mean 0 and variance 1 that vary as the matched window does.
struct Fields {
  Fields(int width, int height, int window, std::uint64_t seed)
      : disparity(SmoothNoise(width, height, window, SubSeed(seed, 0))),
        sideways(SmoothNoise(width, height, window, SubSeed(seed, 1))),
        upwards(SmoothNoise(width, height, window, SubSeed(seed, 2))),
        // Blobs of about two windows, and the grain of what is lost at edges.
        blobs(SmoothNoise(width, height, 2 * window + 1, SubSeed(seed, 3))),
        grain(SmoothNoise(width, height, std::max(window / 2, 1), SubSeed(seed, 4))) {}

  Image disparity, sideways, upwards, blobs, grain;
};

class StructuredLight {
 public:
  StructuredLight(const RgbdView& scene, const SensorOptions& options, std::uint64_t seed)
      : scene_(scene),
        options_(options),
        surface_(Examine(scene.depth, scene.guide, options.focal)),
        shadow_(Occluded(scene.depth, options.focal * options.baseline)),
        triangulation_(options),
        fields_(scene.depth.width, scene.depth.height, options.window, seed),
        threshold_(EdgeThreshold(options.focal)),
        colour_seed_(SubSeed(seed, 5)) {}

  float At(int x, int y) const {
    // Where the place is off and something else is there, that is seen in its stead.
    const int from_x = Moved(x, fields_.sideways(x, y), scene_.depth.width);
    const int from_y = Moved(y, fields_.upwards(x, y), scene_.depth.height);
    const bool elsewhere = Jumps(scene_.depth(from_x, from_y), scene_.depth(x, y), threshold_);
    return From(x, y, elsewhere ? from_x : x, elsewhere ? from_y : y);
  }

 private:
  int Moved(int place, float noise, int size) const {
    const float moved =
        static_cast<float>(place) + 0.5f + noise * static_cast<float>(options_.lateral_noise);
    return std::clamp(static_cast<int>(std::floor(moved)), 0, size - 1);
  }

  // What pixel (x, y) gives when it sees the surface of (from_x, from_y).
  float From(int x, int y, int from_x, int from_y) const {
    const std::size_t from = static_cast<std::size_t>(from_y) * scene_.depth.width + from_x;
    if (shadow_[from] != 0 || Lost(x, y, from_x, from_y, surface_.edge[from] != 0)) {
      return kHole;
    }
    const float z = scene_.depth(from_x, from_y);
    // Nguyen, Izadi, Lovell 2012, Eq. (3): what tilted surfaces add to the axial deviation.
    const float angle = AngleTerm(surface_.cosine(from_x, from_y));
    const float tilt = 1e-4f / std::sqrt(z) * angle * angle;
    return triangulation_.Measure(z, fields_.disparity(x, y), tilt);
  }

  bool Lost(int x, int y, int from_x, int from_y, bool edge) const {
    const float blob = fields_.blobs(x, y);
    const float ragged = Ragged(blob);
    const float z = scene_.depth(from_x, from_y);
    if (surface_.Signal(from_x, from_y, z) < ragged * static_cast<float>(options_.min_signal) ||
        surface_.cosine(from_x, from_y) < ragged * static_cast<float>(options_.min_cosine)) {
      return true;
    }
    if (edge && NormalShare(fields_.grain(x, y)) < options_.edge_loss) {
      return true;
    }
    return blob > -0.5f && options_.shiny > 0.0 &&
           ColourNumber(scene_.guide, from_x, from_y, colour_seed_) < options_.shiny;
  }

  const RgbdView& scene_;
  const SensorOptions& options_;
  Surface surface_;
  std::vector<std::uint8_t> shadow_;
  Triangulation triangulation_;
  Fields fields_;
  float threshold_;
  std::uint64_t colour_seed_;
};

}  // namespace

Image MeasureStructuredLight(const RgbdView& scene, const SensorOptions& options,
                             std::uint64_t seed) {
  return MeasureEach(scene, StructuredLight(scene, options, seed));
}

}  // namespace dkn::sensors
