#ifndef DKN_SRC_SENSORS_MODELS_H_
#define DKN_SRC_SENSORS_MODELS_H_

#include <cstdint>

#include "dkn/image.h"
#include "src/sensors/sensor.h"
#include "src/sensors/surface.h"

// One function for each principle; Measure (sensor.h) checks what they take. Holes by range and
// speckle are Measure's.
namespace dkn::sensors {

struct RgbdView {
  ConstView depth;
  ConstView guide;
};

// What camera.At(x, y) gives for each pixel of the scene.
template <typename Camera>
Image MeasureEach(const RgbdView& scene, const Camera& camera) {
  Image measured(scene.depth.width, scene.depth.height);
  for (int y = 0; y < measured.height(); ++y) {
    for (int x = 0; x < measured.width(); ++x) {
      measured(x, y) = camera.At(x, y);
    }
  }
  return measured;
}

Image MeasureStructuredLight(const RgbdView& scene, const SensorOptions& options,
                             std::uint64_t seed);
Image MeasureStereo(const RgbdView& scene, const SensorOptions& options, std::uint64_t seed);
Image MeasureTimeOfFlight(const RgbdView& scene, const SensorOptions& options, std::uint64_t seed);
// Spinning and solid-state.
Image MeasureLidar(const RgbdView& scene, const SensorOptions& options, std::uint64_t seed);

}  // namespace dkn::sensors

#endif  // DKN_SRC_SENSORS_MODELS_H_
