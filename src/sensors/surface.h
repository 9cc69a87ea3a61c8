#ifndef DKN_SRC_SENSORS_SURFACE_H_
#define DKN_SRC_SENSORS_SURFACE_H_

#include <cstdint>
#include <vector>

#include "dkn/image.h"

// What the sensors ask of a scene.
namespace dkn::sensors {

struct Surface {
  Image cosine;  // of the angle between the ray and the normal, in (0, 1]
  // Luma as it is coded, brought to [0.01, 1]: to near infrared most cloth, wood and plastic is
  // brighter than to the eye, and light is not even.
  Image albedo;
  // 1 where depth jumps between the pixel and one of its eight neighbours.
  std::vector<std::uint8_t> edge;

  // albedo * cosine / z^2: what comes back, relative to albedo 1 that faces us at 1 m.
  float Signal(int x, int y, float z) const { return albedo(x, y) * cosine(x, y) / (z * z); }
};

// Throws Error unless the guide is of depth's size, has 1 or 3 channels and finite values alone.
void CheckGuide(ConstView depth, ConstView guide);

// Luma of 3 channels, or the one there is. On one thread, as all of a measurement is: crops are
// small, and training measures several at a time.
Image Brightness(ConstView guide);

// The relative difference of neighbouring depths from which they belong to two surfaces: 2 %, or
// what a surface at 80.5 degrees has (tan = 6) where pixels are large.
float EdgeThreshold(double focal);
inline bool Jumps(float a, float b, float threshold) {
  const float difference = a < b ? b - a : a - b;
  return difference > threshold * (a < b ? a : b);
}

// Depth in metres without holes, a guide as CheckGuide has it, the focal length in
// pixels. Normals are of the smoother side of each pixel, so that edges do not tilt them.
Surface Examine(ConstView depth, ConstView guide, double focal);

// 1 where the second eye, `focal_baseline / z` pixels of disparity to the right, does not see what
// the pixel sees: something nearer stands in its way. Surfaces less than 1 pixel of disparity
// nearer do not count.
std::vector<std::uint8_t> Occluded(ConstView depth, double focal_baseline);

// The angle of incidence theta as theta / (pi / 2 - theta), from its cosine: Nguyen, Izadi, Lovell
// 2012 write noise with it. Abramowitz and Stegun 4.4.45 for the arc cosine: off by 7e-5 at most.
float AngleTerm(float cosine);

}  // namespace dkn::sensors

#endif  // DKN_SRC_SENSORS_SURFACE_H_
