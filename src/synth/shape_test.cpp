#include "src/synth/shape.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dkn {
namespace {

constexpr double kTolerance = 1e-12;
const double kRoot2 = std::sqrt(2.0);

Shape MakeShape(ShapeKind kind, const Vec3& center, const Vec3& half) {
  Shape shape;
  shape.kind = kind;
  shape.center = center;
  shape.half = half;
  return shape;
}

void ExpectVector(const Vec3& actual, const Vec3& expected) {
  EXPECT_NEAR(actual.x, expected.x, kTolerance);
  EXPECT_NEAR(actual.y, expected.y, kTolerance);
  EXPECT_NEAR(actual.z, expected.z, kTolerance);
}

// Where the ray meets the shape; fails the test where it does not.
double Distance(const Shape& shape, const Ray& ray) {
  const auto t = Intersect(shape, ray);
  EXPECT_TRUE(t.has_value());
  return t.value_or(-1.0);
}

TEST(ShapeTest, RoomIsMetFromWithinAtItsWalls) {
  // x in [-3, 3], y in [0, 3], z in [0, 6].
  const Shape room = MakeShape(ShapeKind::kRoom, {0, 1.5, 3}, {3, 1.5, 3});
  const Vec3 eye = {0, 1, 0.5};
  EXPECT_NEAR(Distance(room, {eye, {0, 0, 1}}), 5.5, kTolerance);     // back: 6 - 0.5
  EXPECT_NEAR(Distance(room, {eye, {0, -0.5, 1}}), 2.0, kTolerance);  // floor: 1 / 0.5
  EXPECT_NEAR(Distance(room, {eye, {0, 0.5, 1}}), 4.0, kTolerance);   // ceiling: 2 / 0.5
  EXPECT_NEAR(Distance(room, {eye, {1, 0, 1}}), 3.0, kTolerance);     // right: 3 / 1
  EXPECT_NEAR(Distance(room, {eye, {0, 0, -1}}), 0.5, kTolerance);    // front

  const Ray down = {eye, {0.25, -0.5, 1}};
  const SurfacePoint floor = SurfaceAt(room, down, 2.0);
  ExpectVector(floor.position, {0.5, 0, 2.5});
  ExpectVector(floor.normal, {0, 1, 0});
  EXPECT_EQ(floor.face, 2);
  EXPECT_NEAR(floor.u, 0.5, kTolerance);   // x from the room's centre
  EXPECT_NEAR(floor.v, -0.5, kTolerance);  // z from the room's centre
}

TEST(ShapeTest, Sphere) {
  const Shape sphere = MakeShape(ShapeKind::kSphere, {0, 0, 3}, {2, 0, 0});
  EXPECT_NEAR(Distance(sphere, {{0, 0, 0}, {0, 0, 1}}), 1.0, kTolerance);
  // |t d - c|^2 = 4 with d = (-0.5, 0.5, 1), d.d = 1.5, d.c = 3, c.c = 9:
  // 1.5 t^2 - 6 t + 5 = 0, t = 2 - sqrt(6) / 3.
  EXPECT_NEAR(Distance(sphere, {{0, 0, 0}, {-0.5, 0.5, 1}}), 2.0 - std::sqrt(6.0) / 3.0,
              kTolerance);
  // Twice the direction, half the parameter.
  EXPECT_NEAR(Distance(sphere, {{0, 0, 0}, {0, 0, 2}}), 0.5, kTolerance);
  EXPECT_FALSE(Intersect(sphere, {{0, 2.001, 0}, {0, 0, 1}}));

  const SurfacePoint top = SurfaceAt(sphere, {{0, 5, 3}, {0, -1, 0}}, 3.0);
  ExpectVector(top.position, {0, 2, 3});
  ExpectVector(top.normal, {0, 1, 0});
}

TEST(ShapeTest, Box) {
  Shape box = MakeShape(ShapeKind::kBox, {0, 0, 4}, {1, 1, 1});
  EXPECT_NEAR(Distance(box, {{0, 0, 0}, {0, 0, 1}}), 3.0, kTolerance);
  // x = t / 3 stays within 1 up to the front face at z = 3.
  EXPECT_NEAR(Distance(box, {{0, 0, 0}, {1.0 / 3.5, 0, 1}}), 3.0, kTolerance);
  // From the left: x = -2 + 0.5 t reaches -1 at t = 2, z = 4.
  EXPECT_NEAR(Distance(box, {{-2, 0, 2}, {0.5, 0, 1}}), 2.0, kTolerance);
  EXPECT_FALSE(Intersect(box, {{1.5, 0, 0}, {0, 0, 1}}));
  const SurfacePoint left = SurfaceAt(box, {{-2, 0.25, 2}, {0.5, 0, 1}}, 2.0);
  ExpectVector(left.normal, {-1, 0, 0});
  EXPECT_EQ(left.face, 0);
  EXPECT_NEAR(left.v, 0.25, kTolerance);

  // An eighth of a turn about y: the edge at local (-1, y, -1) points at the eye, sqrt(2) before
  // the centre.
  box.axes = {Vec3{1 / kRoot2, 0, -1 / kRoot2}, Vec3{0, 1, 0}, Vec3{1 / kRoot2, 0, 1 / kRoot2}};
  EXPECT_NEAR(Distance(box, {{0, 0, 0}, {0, 0, 1}}), 4.0 - kRoot2, kTolerance);
  // 0.1 to the right of the edge the faces, at 45 degrees, lie 0.1 deeper.
  EXPECT_NEAR(Distance(box, {{0.1, 0, 0}, {0, 0, 1}}), 4.1 - kRoot2, kTolerance);
}

TEST(ShapeTest, UprightCylinder) {
  const Shape pole = MakeShape(ShapeKind::kCylinder, {0, 1, 3}, {0.5, 1, 0});
  EXPECT_NEAR(Distance(pole, {{0, 1, 0}, {0, 0, 1}}), 2.5, kTolerance);
  // At x = 0.3 the surface is sqrt(0.5^2 - 0.3^2) = 0.4 before the axis.
  EXPECT_NEAR(Distance(pole, {{0.3, 1, 0}, {0, 0, 1}}), 2.6, kTolerance);
  // A slope upwards changes nothing: the surface is upright.
  EXPECT_NEAR(Distance(pole, {{0.3, 1, 0}, {0, 0.3, 1}}), 2.6, kTolerance);
  // Over the rim: y = 4 - t reaches the top, y = 2, at t = 2, z = 2.8, within 0.5 of the axis.
  EXPECT_NEAR(Distance(pole, {{0, 4, 0.8}, {0, -1, 1}}), 2.0, kTolerance);
  EXPECT_NEAR(Distance(pole, {{0.2, 5, 3.1}, {0, -1, 0}}), 3.0, kTolerance);
  EXPECT_FALSE(Intersect(pole, {{0, 2.001, 0}, {0, 0, 1}}));
  EXPECT_FALSE(Intersect(pole, {{0.6, 5, 3}, {0, -1, 0}}));

  ExpectVector(SurfaceAt(pole, {{0.3, 1, 0}, {0, 0, 1}}, 2.6).normal, {0.6, 0, -0.8});
  ExpectVector(SurfaceAt(pole, {{0.2, 5, 3.1}, {0, -1, 0}}, 3.0).normal, {0, 1, 0});
}

TEST(ShapeTest, SlantedCylinder) {
  Shape pole = MakeShape(ShapeKind::kCylinder, {0, 0, 5}, {0.1, 2, 0});
  // Its axis lies along (0, 1, 1) / sqrt(2). A point s before the centre is s / sqrt(2) from the
  // axis, hence the surface at s = 0.1 sqrt(2).
  pole.axes = {Vec3{1, 0, 0}, Vec3{0, 1 / kRoot2, 1 / kRoot2}, Vec3{0, -1 / kRoot2, 1 / kRoot2}};
  EXPECT_NEAR(Distance(pole, {{0, 0, 0}, {0, 0, 1}}), 5.0 - 0.1 * kRoot2, kTolerance);
  // One metre higher the axis is one metre further away.
  EXPECT_NEAR(Distance(pole, {{0, 1, 0}, {0, 0, 1}}), 6.0 - 0.1 * kRoot2, kTolerance);
}

TEST(ShapeTest, NothingIsMetBehindTheOriginOrFromInside) {
  for (const ShapeKind kind : {ShapeKind::kBox, ShapeKind::kSphere, ShapeKind::kCylinder}) {
    const Shape shape = MakeShape(kind, {0, 0, 0}, {1, 1, 1});
    EXPECT_FALSE(Intersect(shape, {{0, 0, 3}, {0, 0, 1}}));
    EXPECT_FALSE(Intersect(shape, {{0, 0, 0}, {0, 0, 1}}));
    EXPECT_TRUE(Intersect(shape, {{0, 0, -3}, {0, 0, 1}}));
  }
}

TEST(ShapeTest, TheBoundingSphereHoldsTheSurface) {
  for (const ShapeKind kind : {ShapeKind::kBox, ShapeKind::kSphere, ShapeKind::kCylinder}) {
    const Shape shape = MakeShape(kind, {0, 0, 0}, {0.3, 0.7, 0.2});
    for (int i = 0; i < 400; ++i) {
      // Rays from a sphere of radius 5 to the centre.
      const Vec3 from = 5.0 * Normalize({i % 20 - 9.5, i / 20 - 9.5, 3.0});
      const double t = Distance(shape, {from, -from});
      const double distance = Length(SurfaceAt(shape, {from, -from}, t).position);
      EXPECT_LE(distance, shape.BoundingRadius() + kTolerance);
      EXPECT_NEAR(Length(SurfaceAt(shape, {from, -from}, t).normal), 1.0, kTolerance);
    }
  }
}

}  // namespace
}  // namespace dkn
