#include "src/train/rooms.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "src/synth/render.h"
#include "src/synth/scene.h"

namespace dkn::train {
namespace {

template <typename T>
T Rounded(double value) {
  return static_cast<T>(
      std::clamp(std::round(value), 0.0, static_cast<double>(std::numeric_limits<T>::max())));
}

}  // namespace

std::vector<RgbdPair> RenderRooms(const Rooms& rooms, const DepthUnits& units,
                                  const RoomsRendered& rendered) {
  SceneOptions scene;
  if (units.focal > 0.0) {
    scene.width = static_cast<int>(std::lround(units.focal / Camera().focal));
    scene.height = static_cast<int>(std::lround(0.75 * scene.width));
  }
  std::vector<RgbdPair> pairs;
  for (int i = 0; i < rooms.count; ++i) {
    scene.seed = rooms.first_seed + static_cast<std::uint64_t>(i);
    const RgbdImage image = RenderScene(scene);
    RgbdPair pair{scene.width, scene.height, {}, {}};
    for (std::size_t value = 0; value < image.rgb.size(); ++value) {
      pair.rgb.push_back(Rounded<std::uint8_t>(255.0 * image.rgb.data()[value]));
    }
    for (std::size_t pixel = 0; pixel < image.depth.size(); ++pixel) {
      pair.depth.push_back(
          Rounded<std::uint16_t>(image.depth.data()[pixel] / units.metres_per_step));
    }
    pairs.push_back(std::move(pair));
    if (rendered) {
      rendered(i + 1, rooms.count);
    }
  }
  return pairs;
}

}  // namespace dkn::train
