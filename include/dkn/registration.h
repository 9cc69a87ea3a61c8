#ifndef DKN_REGISTRATION_H_
#define DKN_REGISTRATION_H_

#include <array>

#include "dkn/export.h"
#include "dkn/image.h"

namespace dkn {

// A pinhole camera without distortion. The point (X, Y, Z), X to the right, Y down, Z ahead, is
// seen at x = fx X / Z + cx, y = fy Y / Z + cy, in pixels whose centres are at integers.
struct Intrinsics {
  int width = 0;
  int height = 0;
  double fx = 0.0;
  double fy = 0.0;
  double cx = 0.0;
  double cy = 0.0;
};

// The camera of the same view at another size.
DKN_EXPORT Intrinsics ResizedTo(const Intrinsics& camera, int width, int height);

// From a point in the depth camera's coordinates to one in the colour camera's: rows of [R | t], t
// in the depth's unit.
struct RigidTransform {
  std::array<double, 12> rows = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
};

// Depth as the colour camera would have measured it: each pixel of `depth`, one channel, is moved
// to where the colour camera sees it, as the rectangle that its corners span there, and of several
// that meet in a pixel the nearest counts. The result has the size of `color_camera`; take
// ResizedTo(camera, ...) with about as many pixels as the depth map has, so that none stays empty
// between its neighbours, and let Upsample bring it to the picture's size. Values are Z in the
// colour camera's coordinates, in the depth's unit; NaN where nothing was measured. Depth that is
// not finite or not above 0 is a hole. Throws Error when `depth` is not of its camera's size, a
// focal length is not above 0, a number is not finite, or the rotation is none (to 1e-3).
DKN_EXPORT Image RegisterDepth(ConstView depth, const Intrinsics& depth_camera,
                               const RigidTransform& depth_to_color,
                               const Intrinsics& color_camera);

// A size for RegisterDepth's result: the colour camera's view at the angular resolution of the
// depth camera, no larger than the picture.
DKN_EXPORT Intrinsics RegisteredCamera(const Intrinsics& depth_camera,
                                       const Intrinsics& color_camera);

}  // namespace dkn

#endif  // DKN_REGISTRATION_H_
