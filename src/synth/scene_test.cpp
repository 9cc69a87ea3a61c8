#include "src/synth/scene.h"

#include <gtest/gtest.h>

#include <cmath>

namespace dkn {
namespace {

bool IsInside(const Shape& room, const Vec3& point) {
  const Vec3 p = point - room.center;
  return std::abs(p.x) < room.half.x && std::abs(p.y) < room.half.y && std::abs(p.z) < room.half.z;
}

TEST(SceneTest, EverySeedGivesAFurnishedRoom) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Scene scene = RandomScene(seed);
    EXPECT_EQ(scene.room.kind, ShapeKind::kRoom);
    EXPECT_GE(scene.shapes.size(), 15u) << "seed " << seed;
    EXPECT_TRUE(IsInside(scene.room, scene.camera.origin)) << "seed " << seed;
    for (const Light& light : scene.lights) {
      EXPECT_TRUE(IsInside(scene.room, light.position)) << "seed " << seed;
    }
    for (const Shape& shape : scene.shapes) {
      EXPECT_GT(shape.half.x, 0.0) << "seed " << seed;
    }
  }
}

TEST(SceneTest, AxesAreRotations) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const Shape& shape : RandomScene(seed).shapes) {
      const Axes& a = shape.axes;
      for (int i = 0; i < 3; ++i) {
        EXPECT_NEAR(Length(a[i]), 1.0, 1e-12);
        EXPECT_NEAR(Length(Cross(a[i], a[(i + 1) % 3]) - a[(i + 2) % 3]), 0.0, 1e-12);
      }
    }
  }
}

TEST(SceneTest, TheCameraIsUpright) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Camera camera = RandomScene(seed).camera;
    EXPECT_NEAR(camera.right.y, 0.0, 1e-12);
    EXPECT_GT(camera.right.x, 0.9);
    EXPECT_LT(camera.down.y, -0.9);
    EXPECT_NEAR(Length(Cross(camera.right, camera.down) + camera.forward), 0.0, 1e-12);
  }
}

}  // namespace
}  // namespace dkn
