#ifndef DKN_SRC_SENSORS_TEST_SCENES_H_
#define DKN_SRC_SENSORS_TEST_SCENES_H_

#include <algorithm>
#include <cmath>
#include <cstring>

#include "dkn/image.h"
#include "src/core/random_image.h"
#include "src/sensors/sensor.h"

// What tests of sensors share.
namespace dkn::sensors {

inline Image Constant(int width, int height, float value, int channels = 1) {
  Image image(width, height, channels);
  std::fill_n(image.data(), image.size(), value);
  return image;
}

// A wall at `back` metres, and columns [left, right) of it covered by a board at `front`.
inline Image Board(int width, int height, float front, float back, int left, int right) {
  Image depth = Constant(width, height, back);
  for (int y = 0; y < height; ++y) {
    std::fill(depth.Row(y) + left, depth.Row(y) + right, front);
  }
  return depth;
}

// The luma of albedo 0.8.
inline constexpr float kWhiteWall = 0.8f;

// A guide with enough texture for stereo and no dark places.
inline Image Textured(int width, int height) {
  return RandomImage(width, height, 1, 0.5f, 1.0f, 7);
}

// The sensor with no holes but those of geometry.
inline SensorOptions WithoutLosses(Sensor sensor, double focal) {
  SensorOptions options = OptionsOf(sensor, focal);
  options.speckle = options.edge_loss = options.shiny = options.min_signal = 0.0;
  options.min_texture = options.min_cosine = 0.0;
  options.min_range = 0.01;
  options.max_range = 1000.0;
  return options;
}

struct Statistics {
  int count = 0;  // of measured pixels
  double mean = 0.0;
  double deviation = 0.0;
};

inline Statistics MeasuredStatistics(ConstView image) {
  Statistics result;
  double sum = 0.0;
  double squares = 0.0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (const double value = image(x, y); std::isfinite(value)) {
        ++result.count;
        sum += value;
        squares += value * value;
      }
    }
  }
  result.mean = sum / result.count;
  result.deviation = std::sqrt(std::max(squares / result.count - result.mean * result.mean, 0.0));
  return result;
}

inline bool SameBits(const Image& a, const Image& b) {
  return SameSize(a.view(), b.view()) &&
         std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace dkn::sensors

#endif  // DKN_SRC_SENSORS_TEST_SCENES_H_
