#ifndef DKN_SRC_SENSORS_DISPARITY_H_
#define DKN_SRC_SENSORS_DISPARITY_H_

#include <algorithm>
#include <cmath>

#include "src/sensors/sensor.h"

// What structured light and stereo share.
namespace dkn::sensors {

// Depth by way of disparity: z = f b / d, d with noise and in steps.
class Triangulation {
 public:
  explicit Triangulation(const SensorOptions& options)
      : product_(static_cast<float>(options.focal * options.baseline)),
        step_(static_cast<float>(options.disparity_step)) {
    // Steps have a variance of step^2 / 12 of their own.
    const double steps = options.disparity_step * options.disparity_step / 12.0;
    const double variance = options.disparity_noise * options.disparity_noise - steps;
    variance_ = static_cast<float>(std::max(variance, 0.0));
  }

  // The depth measured where it is z: `noise` has a deviation of 1, `more` is a further deviation
  // of z in metres. Infinite when nothing is left of the disparity.
  float Measure(float z, float noise, float more) const {
    const float disparity = product_ / z;
    // d' = -f b / z^2 = -d / z.
    const float tilt = more * disparity / z;
    float measured = disparity + noise * std::sqrt(variance_ + tilt * tilt);
    if (step_ > 0.0f) {
      measured = step_ * std::floor(measured / step_ + 0.5f);
    }
    return measured > 0.0f ? product_ / measured : HUGE_VALF;
  }

 private:
  float product_;
  float step_;
  float variance_;
};

}  // namespace dkn::sensors

#endif  // DKN_SRC_SENSORS_DISPARITY_H_
