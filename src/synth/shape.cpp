#include "src/synth/shape.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dkn {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kQuarterTurn = 1.5707963267948966;

// Where a line enters and leaves; empty when near > far.
struct Interval {
  double near = -kInfinity;
  double far = kInfinity;
};

Interval Intersection(const Interval& a, const Interval& b) {
  return {std::max(a.near, b.near), std::min(a.far, b.far)};
}

Vec3 ToLocal(const Axes& axes, const Vec3& v) {
  return {Dot(axes[0], v), Dot(axes[1], v), Dot(axes[2], v)};
}

Vec3 ToWorld(const Axes& axes, const Vec3& v) {
  return v.x * axes[0] + v.y * axes[1] + v.z * axes[2];
}

// The part of the line inside -half <= coordinate <= half, along one axis.
Interval CutSlab(double origin, double direction, double half) {
  if (direction == 0.0) {
    return std::abs(origin) <= half ? Interval{} : Interval{kInfinity, -kInfinity};
  }
  const double a = (-half - origin) / direction;
  const double b = (half - origin) / direction;
  return {std::min(a, b), std::max(a, b)};
}

Interval CutBox(const Ray& ray, const Vec3& half) {
  const Interval x = CutSlab(ray.origin.x, ray.direction.x, half.x);
  const Interval y = CutSlab(ray.origin.y, ray.direction.y, half.y);
  const Interval z = CutSlab(ray.origin.z, ray.direction.z, half.z);
  return Intersection(Intersection(x, y), z);
}

// The part of the line with |o + t d|^2 <= radius^2, from oo = o.o, od = o.d, dd = d.d.
Interval CutRound(double oo, double od, double dd, double radius) {
  const double c = oo - radius * radius;
  if (dd == 0.0) {
    return c <= 0.0 ? Interval{} : Interval{kInfinity, -kInfinity};
  }
  const double discriminant = od * od - dd * c;
  if (discriminant < 0.0) {
    return {kInfinity, -kInfinity};
  }
  const double root = std::sqrt(discriminant);
  return {(-od - root) / dd, (-od + root) / dd};
}

Interval Cut(ShapeKind kind, const Ray& ray, const Vec3& half) {
  const Vec3& o = ray.origin;
  const Vec3& d = ray.direction;
  switch (kind) {
    case ShapeKind::kSphere:
      return CutRound(Dot(o, o), Dot(o, d), Dot(d, d), half.x);
    case ShapeKind::kCylinder:
      return Intersection(
          CutSlab(o.y, d.y, half.y),
          CutRound(o.x * o.x + o.z * o.z, o.x * d.x + o.z * d.z, d.x * d.x + d.z * d.z, half.x));
    case ShapeKind::kBox:
    case ShapeKind::kRoom:
      break;
  }
  return CutBox(ray, half);
}

// 0 to 4 once around the circle, monotone in the angle, without trigonometry: what std::atan2
// returns differs between machines in the last bit.
double DiamondAngle(double x, double z) {
  const double sum = std::abs(x) + std::abs(z);
  if (sum == 0.0) {
    return 0.0;
  }
  if (z >= 0.0) {
    return 1.0 - x / sum;
  }
  return 3.0 + x / sum;
}

// The functions below fill the local normal, outwards, and texture coordinates at local point p.

Vec3 BoxSurface(const Vec3& p, const Vec3& half, SurfacePoint& surface) {
  const double x = std::abs(p.x) - half.x;
  const double y = std::abs(p.y) - half.y;
  const double z = std::abs(p.z) - half.z;
  if (x >= y && x >= z) {
    surface.u = p.z;
    surface.v = p.y;
    surface.face = p.x > 0.0 ? 1 : 0;
    return {p.x > 0.0 ? 1.0 : -1.0, 0.0, 0.0};
  }
  surface.u = p.x;
  if (y >= z) {
    surface.v = p.z;
    surface.face = p.y > 0.0 ? 3 : 2;
    return {0.0, p.y > 0.0 ? 1.0 : -1.0, 0.0};
  }
  surface.v = p.y;
  surface.face = p.z > 0.0 ? 5 : 4;
  return {0.0, 0.0, p.z > 0.0 ? 1.0 : -1.0};
}

Vec3 SphereSurface(const Vec3& p, double radius, SurfacePoint& surface) {
  // The octahedron's faces, unfolded: each half of the sphere is mapped onto one square.
  const double scale = 2.0 * radius / (std::abs(p.x) + std::abs(p.y) + std::abs(p.z));
  surface.u = scale * p.x;
  surface.v = scale * p.y;
  return (1.0 / radius) * p;
}

Vec3 CylinderSurface(const Vec3& p, const Vec3& half, SurfacePoint& surface) {
  const double radial = std::sqrt(p.x * p.x + p.z * p.z);
  if (half.y - std::abs(p.y) < half.x - radial) {
    surface.u = p.x;
    surface.v = p.z;
    return {0.0, p.y > 0.0 ? 1.0 : -1.0, 0.0};
  }
  surface.u = kQuarterTurn * half.x * DiamondAngle(p.x, p.z);
  surface.v = p.y;
  return {p.x / radial, 0.0, p.z / radial};
}

}  // namespace

double Shape::BoundingRadius() const {
  switch (kind) {
    case ShapeKind::kSphere:
      return half.x;
    case ShapeKind::kCylinder:
      return std::sqrt(half.x * half.x + half.y * half.y);
    case ShapeKind::kBox:
    case ShapeKind::kRoom:
      break;
  }
  return Length(half);
}

std::optional<double> Intersect(const Shape& shape, const Ray& ray) {
  const Ray local = {ToLocal(shape.axes, ray.origin - shape.center),
                     ToLocal(shape.axes, ray.direction)};
  const Interval inside = Cut(shape.kind, local, shape.half);
  const double t = shape.kind == ShapeKind::kRoom ? inside.far : inside.near;
  if (inside.near > inside.far || t <= 0.0) {
    return std::nullopt;
  }
  return t;
}

SurfacePoint SurfaceAt(const Shape& shape, const Ray& ray, double t) {
  SurfacePoint surface;
  surface.position = ray.origin + t * ray.direction;
  const Vec3 p = ToLocal(shape.axes, surface.position - shape.center);
  Vec3 normal;
  switch (shape.kind) {
    case ShapeKind::kSphere:
      normal = SphereSurface(p, shape.half.x, surface);
      break;
    case ShapeKind::kCylinder:
      normal = CylinderSurface(p, shape.half, surface);
      break;
    case ShapeKind::kBox:
      normal = BoxSurface(p, shape.half, surface);
      break;
    case ShapeKind::kRoom:
      normal = -BoxSurface(p, shape.half, surface);
      break;
  }
  surface.normal = ToWorld(shape.axes, normal);
  return surface;
}

}  // namespace dkn
