#ifndef DKN_SRC_SENSORS_DEGRADATIONS_H_
#define DKN_SRC_SENSORS_DEGRADATIONS_H_

#include <cstdint>

#include "dkn/image.h"

// What the literature does to depth, piece by piece, to be combined. Depth is 1 channel; values
// that are not finite are holes and stay. All are functions of their arguments alone, the same bits
// on every machine. Noise of one strength everywhere, and Riegler et al.'s on disparities, are in
// src/imaging/noise.h; holes that know nothing of the scene in src/imaging/punch_holes.h.
namespace dkn::sensors {

// The deviation of depth z, in metres: constant + linear z + quadratic z^2, at least 0.
struct NoiseCurve {
  double constant = 0.0;
  double linear = 0.0;
  double quadratic = 0.0;

  double At(double z) const;
};

// 1.5 (1.4 z^2 + 1) mm: a poor camera's, of our own tests.
inline constexpr NoiseCurve kPoorCameraNoise = {0.0015, 0.0, 0.0021};
// Khoshelham and Elberink 2012: 1.425e-5 z^2, in cm.
inline constexpr NoiseCurve kKhoshelhamNoise = {0.0, 0.0, 0.001425};
// Nguyen, Izadi, Lovell 2012, Eq. (2): 1.2 + 1.9 (z - 0.4)^2 mm.
inline constexpr NoiseCurve kNguyenNoise = {0.0012 + 0.0019 * 0.16, -0.0019 * 0.8, 0.0019};
// Fankhauser et al. 2015, Kinect v2 indoors: 1.5 - 0.5 z + 0.3 z^2 mm.
inline constexpr NoiseCurve kFankhauserNoise = {0.0015, -0.0005, 0.0003};

// Independent Gaussian noise of this deviation on depth in metres. Values that it would bring to 0
// or below become holes.
void AddNoise(View depth, const NoiseCurve& curve, std::uint64_t seed);

// Gives this share of the measured pixels, rounded, values that are uniform over [low, high).
// Throws Error unless 0 <= share <= 1 and low <= high, both finite.
void AddOutliers(View depth, double share, float low, float high, std::uint64_t seed);

// How the holes are divided among their causes; only proportions count.
struct HoleCauses {
  double edges = 1.0;  // beside jumps of depth
  double dark = 1.0;   // where the guide is
  double shiny = 1.0;  // in whole colours of the guide, drawn at random
  double far = 1.0;
  double blobs = 1.0;    // about 8 pixels wide, anywhere
  double speckle = 0.5;  // single pixels
};

// Makes holes of this share of all pixels, rounded, beside those there are. Each cause takes the
// pixels that have most of it, with blobs at random in what it prefers. At least one pixel stays
// measured if one was. `guide` is of depth's size, 1 or 3 channels, all finite. Throws Error unless
// that is so, 0 <= share < 1 and the causes are finite, none negative and one more than 0.
void AddHoles(View depth, ConstView guide, double share, const HoleCauses& causes,
              std::uint64_t seed);

// Keeps this share of the pixels, rounded and at least one, at places drawn at random, and makes
// holes of the others. Throws Error unless 0 < share <= 1.
void KeepSparse(View depth, double share, std::uint64_t seed);

// The image as it is when it stands (dx, dy) pixels further right and down than it should:
// bilinear, its border repeated. Throws Error when a distance is not finite.
Image ShiftImage(ConstView guide, double dx, double dy);

}  // namespace dkn::sensors

#endif  // DKN_SRC_SENSORS_DEGRADATIONS_H_
