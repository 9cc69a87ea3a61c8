#ifndef DKN_SRC_SYNTH_SHAPE_H_
#define DKN_SRC_SYNTH_SHAPE_H_

#include <array>
#include <optional>

#include "src/synth/texture.h"
#include "src/synth/vec3.h"

namespace dkn {

// The points origin + t * direction, t > 0. The direction need not have length 1.
struct Ray {
  Vec3 origin;
  Vec3 direction;
};

// A rotation: three orthonormal vectors, the local x, y and z axes in the world.
using Axes = std::array<Vec3, 3>;
inline constexpr Axes kWorldAxes = {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};

// kRoom is a box seen from within: a ray meets the wall through which it leaves.
enum class ShapeKind { kBox, kSphere, kCylinder, kRoom };

// A closed surface around `center`, lengths in metres.
struct Shape {
  ShapeKind kind = ShapeKind::kBox;
  Vec3 center;
  // Box and room: half the edge lengths. Sphere: x is the radius. Cylinder, along its local y axis,
  // closed at both ends: x is the radius, y half the height.
  Vec3 half;
  Axes axes = kWorldAxes;
  Material material;

  // Radius of a sphere around `center` that holds the shape.
  double BoundingRadius() const;
};

// The point of a surface that a ray meets.
struct SurfacePoint {
  Vec3 position;
  Vec3 normal;     // length 1, on the side from which the ray comes
  double u = 0.0;  // texture coordinates in metres; v points up on upright faces
  double v = 0.0;
  int face = 0;  // box and room: 2 * axis, plus 1 on the axis' positive side; others: 0
};

// The smallest t > 0 at which the ray enters the shape (leaves it, for a room), if any. An origin
// inside a box, sphere or cylinder meets nothing.
std::optional<double> Intersect(const Shape& shape, const Ray& ray);

// The surface at parameter t, as returned by Intersect.
SurfacePoint SurfaceAt(const Shape& shape, const Ray& ray, double t);

}  // namespace dkn

#endif  // DKN_SRC_SYNTH_SHAPE_H_
