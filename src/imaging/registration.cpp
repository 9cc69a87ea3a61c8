#include "dkn/registration.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "dkn/error.h"
#include "src/core/number_text.h"
#include "src/core/size_text.h"
#include "src/imaging/holes.h"

namespace dkn {
namespace {

constexpr double kRotationTolerance = 1e-3;

void CheckCamera(const Intrinsics& camera, const std::string& name) {
  const bool finite = std::isfinite(camera.fx) && std::isfinite(camera.fy) &&
                      std::isfinite(camera.cx) && std::isfinite(camera.cy);
  if (!finite || camera.fx <= 0.0 || camera.fy <= 0.0) {
    throw Error("the " + name + " camera's focal lengths are " + DigitsText(camera.fx) + ", " +
                DigitsText(camera.fy) + " and its centre " + DigitsText(camera.cx) + ", " +
                DigitsText(camera.cy) + "; expected finite numbers, focal lengths above 0");
  }
  if (camera.width < 1 || camera.height < 1) {
    throw Error("the " + name + " camera's picture is " + SizeText(camera.width, camera.height));
  }
}

// Rows of R are orthonormal.
void CheckRotation(const std::array<double, 12>& rows) {
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j <= i; ++j) {
      double product = 0.0;
      for (int k = 0; k < 3; ++k) {
        product += rows[4 * i + k] * rows[4 * j + k];
      }
      if (!(std::abs(product - (i == j ? 1.0 : 0.0)) <= kRotationTolerance) ||
          !std::isfinite(rows[4 * i + 3])) {
        throw Error(
            "the transform from depth to colour is no rotation with a translation, [R | t]");
      }
    }
  }
}

struct Point {
  double x;
  double y;
  double z;
};

// Position (x, y) at depth z of the depth camera, in the colour camera's coordinates.
Point Move(double x, double y, double z, const Intrinsics& camera,
           const std::array<double, 12>& rows) {
  const double in[] = {(x - camera.cx) / camera.fx * z, (y - camera.cy) / camera.fy * z, z, 1.0};
  double out[3] = {};
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 4; ++k) {
      out[i] += rows[4 * i + k] * in[k];
    }
  }
  return {out[0], out[1], out[2]};
}

// The first and the last pixel whose centre lies between two positions, the nearest one where there
// is none; limited to the picture. Empty (first > last) outside of it.
struct Span {
  int first;
  int last;
};
Span PixelsBetween(double a, double b, int size) {
  double first = std::ceil(std::min(a, b));
  double last = std::ceil(std::max(a, b)) - 1.0;
  if (first > last) {
    first = last = std::round(0.5 * (a + b));
  }
  return {static_cast<int>(std::clamp(first, 0.0, static_cast<double>(size))),
          static_cast<int>(std::clamp(last, -1.0, size - 1.0))};
}

// Draws one pixel of the depth map.
void Splat(int x, int y, double z, const Intrinsics& from, const std::array<double, 12>& rows,
           const Intrinsics& to, Image& registered) {
  const Point low = Move(x - 0.5, y - 0.5, z, from, rows);
  const Point high = Move(x + 0.5, y + 0.5, z, from, rows);
  const double depth = Move(x, y, z, from, rows).z;
  if (low.z <= 0.0 || high.z <= 0.0 || depth <= 0.0) {
    return;  // behind the colour camera
  }
  const Span columns = PixelsBetween(to.fx * low.x / low.z + to.cx, to.fx * high.x / high.z + to.cx,
                                     registered.width());
  const Span lines = PixelsBetween(to.fy * low.y / low.z + to.cy, to.fy * high.y / high.z + to.cy,
                                   registered.height());
  for (int v = lines.first; v <= lines.last; ++v) {
    for (int u = columns.first; u <= columns.last; ++u) {
      float& value = registered(u, v);
      value = std::fmin(value, static_cast<float>(depth));  // NaN: nothing there yet
    }
  }
}

}  // namespace

Intrinsics ResizedTo(const Intrinsics& camera, int width, int height) {
  const double x = static_cast<double>(width) / camera.width;
  const double y = static_cast<double>(height) / camera.height;
  // Pixel centres: position p of the picture is (p + 0.5) * x - 0.5 of the resized one.
  return {width,
          height,
          camera.fx * x,
          camera.fy * y,
          (camera.cx + 0.5) * x - 0.5,
          (camera.cy + 0.5) * y - 0.5};
}

Intrinsics RegisteredCamera(const Intrinsics& depth_camera, const Intrinsics& color_camera) {
  CheckCamera(depth_camera, "depth");
  CheckCamera(color_camera, "colour");
  const auto size = [](int pixels, double ratio) {
    return std::clamp(static_cast<int>(std::lround(std::min(ratio, 1.0) * pixels)), 1, pixels);
  };
  return ResizedTo(color_camera, size(color_camera.width, depth_camera.fx / color_camera.fx),
                   size(color_camera.height, depth_camera.fy / color_camera.fy));
}

Image RegisterDepth(ConstView depth, const Intrinsics& depth_camera,
                    const RigidTransform& depth_to_color, const Intrinsics& color_camera) {
  CheckCamera(depth_camera, "depth");
  CheckCamera(color_camera, "colour");
  CheckRotation(depth_to_color.rows);
  if (depth.channels != 1 || depth.width != depth_camera.width ||
      depth.height != depth_camera.height) {
    throw Error("the depth map is " + SizeText(depth) + " x " + std::to_string(depth.channels) +
                ", expected the depth camera's size, " +
                SizeText(depth_camera.width, depth_camera.height) + " x 1");
  }
  Image registered = MakeHoles(color_camera.width, color_camera.height);
  for (int y = 0; y < depth.height; ++y) {
    for (int x = 0; x < depth.width; ++x) {
      const float z = depth(x, y);
      if (std::isfinite(z) && z > 0.0f) {
        Splat(x, y, z, depth_camera, depth_to_color.rows, color_camera, registered);
      }
    }
  }
  return registered;
}

}  // namespace dkn
