#include "src/synth/render.h"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "dkn/error.h"

namespace dkn {
namespace {

// x in [-3, 3], y in [0, 3], z in [0, 6]; the eye at (0, 1, 0.5). One light under the ceiling.
Scene EmptyRoom() {
  Scene scene;
  scene.room = {ShapeKind::kRoom, {0, 1.5, 3}, {3, 1.5, 3}, kWorldAxes, {}};
  scene.lights = {{{0, 2.9, 3}, 0.0, {2, 2, 2}}};
  scene.camera.origin = {0, 1, 0.5};
  scene.camera.focal = 0.5;
  return scene;
}

SceneOptions Options(int width, int height, float noise = 0.0f, std::uint64_t seed = 0) {
  return {seed, width, height, noise};
}

bool SameBits(const Image& a, const Image& b) {
  return SameSize(a.view(), b.view()) && a.channels() == b.channels() &&
         std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

TEST(RenderTest, DepthOfAnEmptyRoomIsExact) {
  // 2 x 2 pixels, focal 0.5: the centres look along (+-0.5, +-0.5, 1). Upwards the ceiling, 2 m
  // above the eye, at 2 / 0.5; downwards the floor at 1 / 0.5.
  const RgbdImage image = RenderScene(EmptyRoom(), Options(2, 2));
  for (int x = 0; x < 2; ++x) {
    EXPECT_EQ(image.depth(x, 0), 4.0f);
    EXPECT_EQ(image.depth(x, 1), 2.0f);
  }
}

TEST(RenderTest, DepthIsMeasuredAlongTheAxisNotTheRay) {
  // 9 x 1 pixels, focal 1: slopes -4/9 .. 4/9. The back wall is upright to the axis: 5.5 m in all
  // pixels whose slope times 5.5 stays within 3 m; for the others the side wall, 3 / slope.
  Scene scene = EmptyRoom();
  scene.camera.focal = 1.0;
  scene.camera.origin.x = 1.0;
  const RgbdImage image = RenderScene(scene, Options(9, 1));
  for (int x = 0; x <= 7; ++x) {
    const double slope = (x - 4) / 9.0;
    const double side = slope > 0.0 ? 2.0 / slope : 1e9;  // the right wall, 2 m from the eye
    EXPECT_NEAR(image.depth(x, 0), std::min(5.5, side), 1e-6) << x;
  }
}

TEST(RenderTest, TheNearestSurfaceHidesTheOthers) {
  Scene scene = EmptyRoom();
  scene.shapes.push_back({ShapeKind::kSphere, {0, 1, 3.5}, {1, 0, 0}, kWorldAxes, {}});
  scene.shapes.push_back({ShapeKind::kBox, {0, 1, 5}, {2, 0.5, 0.5}, kWorldAxes, {}});
  // 3 x 1 pixels, focal 1: slopes -1/3, 0, 1/3. In the middle the sphere, at 3 - 1. At the sides
  // the ray passes the sphere (distance 3 * sin(atan(1/3)) = 0.949: hits). |t d - c|^2 = 1 with
  // d.d = 10/9, d.c = 3: 10/9 t^2 - 6 t + 8 = 0, t = (6 - sqrt(36 - 320/9)) * 9/20 = 2.4.
  scene.camera.focal = 1.0;
  RgbdImage image = RenderScene(scene, Options(3, 1));
  EXPECT_NEAR(image.depth(1, 0), 2.0, 1e-6);
  EXPECT_NEAR(image.depth(0, 0), 2.4, 1e-6);
  EXPECT_NEAR(image.depth(2, 0), 2.4, 1e-6);
  // Without the sphere: the box's front face, 4.5 - 0.5.
  scene.shapes.erase(scene.shapes.begin());
  image = RenderScene(scene, Options(3, 1));
  for (int x = 0; x < 3; ++x) {
    EXPECT_EQ(image.depth(x, 0), 4.0f);
  }
}

TEST(RenderTest, ThingsCastShadows) {
  // Straight down from the light onto the floor, without and with a ball in between.
  Scene scene = EmptyRoom();
  scene.camera.origin = {0.5, 1, 3};
  scene.camera.forward = Normalize({-0.5, -1, 0});
  scene.camera.right = {0, 0, 1};
  scene.camera.down = Cross(scene.camera.forward, scene.camera.right);
  scene.camera.focal = 100.0;
  const float lit = RenderScene(scene, Options(1, 1)).rgb(0, 0);
  scene.shapes.push_back({ShapeKind::kSphere, {0, 2.5, 3}, {0.1, 0, 0}, kWorldAxes, {}});
  const float shadowed = RenderScene(scene, Options(1, 1)).rgb(0, 0);
  EXPECT_GT(shadowed, 0.1f);  // light from all around remains
  EXPECT_LT(shadowed, 0.9f * lit);
}

TEST(RenderTest, ColourIsAveragedOverThePixelAndDepthIsNot) {
  // One pixel, focal 1: slopes -0.5 .. 0.5. A black board, 1 m ahead, covers x < -0.2: one of the
  // three columns of samples (at slopes -1/3, 0, 1/3) and not the centre.
  Scene scene = EmptyRoom();
  scene.camera.focal = 1.0;
  scene.lights.clear();
  const Material white = {{Pattern::kStripes, {1, 1, 1}, {1, 1, 1}, 0.1, 0}, 0.0};
  const Material black = {{Pattern::kPlain, {0, 0, 0}, {0, 0, 0}, 0.1, 0}, 0.0};
  scene.surface.fill(white);
  const float open = RenderScene(scene, Options(1, 1)).rgb(0, 0);
  scene.shapes.push_back({ShapeKind::kBox, {-1.2, 1, 1.5}, {1, 1, 0.001}, kWorldAxes, black});
  const RgbdImage image = RenderScene(scene, Options(1, 1));
  EXPECT_EQ(image.depth(0, 0), 5.5f);
  EXPECT_NEAR(image.rgb(0, 0) * image.rgb(0, 0), open * open * 2 / 3, 0.03);
}

TEST(RenderTest, TheSameBitsOnEveryRunAndNumberOfThreads) {
  const SceneOptions options = Options(67, 41, 0.02f, 11);
  const int threads = omp_get_max_threads();
  omp_set_num_threads(1);
  const RgbdImage one = RenderScene(options);
  omp_set_num_threads(3);
  const RgbdImage three = RenderScene(options);
  omp_set_num_threads(threads);
  const RgbdImage again = RenderScene(options);
  EXPECT_TRUE(SameBits(one.rgb, three.rgb));
  EXPECT_TRUE(SameBits(one.depth, three.depth));
  EXPECT_TRUE(SameBits(one.rgb, again.rgb));
  EXPECT_TRUE(SameBits(one.depth, again.depth));
}

// FNV-1a over the values' bits, continuing from `hash`.
std::uint64_t Checksum(const Image& image, std::uint64_t hash) {
  for (std::size_t i = 0; i < image.size(); ++i) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, image.data() + i, sizeof(bits));
    hash = (hash ^ bits) * 0x100000001b3u;
  }
  return hash;
}

// The numbers change with the scenes, and with them examples/ and every figure measured on them.
TEST(RenderTest, TheSameBitsOnEveryMachineAndCompiler) {
  std::uint64_t depth = 0xcbf29ce484222325u;
  std::uint64_t rgb = depth;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const RgbdImage image = RenderScene(Options(40, 30, 0.01f, seed));
    depth = Checksum(image.depth, depth);
    rgb = Checksum(image.rgb, rgb);
  }
  EXPECT_EQ(depth, 0xc9a4f7139046eff6u);
  EXPECT_EQ(rgb, 0x8ebe931c39c517b8u);
}

TEST(RenderTest, SeedsGiveDifferentScenes) {
  const RgbdImage a = RenderScene(Options(40, 30, 0.01f, 1));
  const RgbdImage b = RenderScene(Options(40, 30, 0.01f, 2));
  EXPECT_FALSE(SameBits(a.rgb, b.rgb));
  EXPECT_FALSE(SameBits(a.depth, b.depth));
}

TEST(RenderTest, EveryPointLiesInTheRoomAndEveryColourInRange) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Scene scene = RandomScene(seed);
    const SceneOptions options = Options(48, 36, 0.1f, seed);
    const RgbdImage image = RenderScene(scene, options);
    const Camera& camera = scene.camera;
    for (int y = 0; y < options.height; ++y) {
      for (int x = 0; x < options.width; ++x) {
        const double depth = image.depth(x, y);
        ASSERT_GT(depth, 0.3) << "seed " << seed;  // nothing stands at the lens
        const double scale = depth / (camera.focal * options.width);
        const Vec3 p = camera.origin + depth * camera.forward +
                       scale * (x + 0.5 - 0.5 * options.width) * camera.right +
                       scale * (y + 0.5 - 0.5 * options.height) * camera.down - scene.room.center;
        ASSERT_LE(std::abs(p.x), scene.room.half.x + 1e-5);
        ASSERT_LE(std::abs(p.y), scene.room.half.y + 1e-5);
        ASSERT_LE(std::abs(p.z), scene.room.half.z + 1e-5);
        for (int c = 0; c < 3; ++c) {
          ASSERT_GE(image.rgb(x, y, c), 0.0f);  // false for NaN too
          ASSERT_LE(image.rgb(x, y, c), 1.0f);
        }
      }
    }
  }
}

TEST(RenderTest, NoiseHasTheGivenDeviationAndLeavesDepthAlone) {
  const RgbdImage clean = RenderScene(Options(64, 48, 0.0f, 3));
  const RgbdImage noisy = RenderScene(Options(64, 48, 0.02f, 3));
  EXPECT_TRUE(SameBits(clean.depth, noisy.depth));
  double sum = 0.0;
  double squares = 0.0;
  int count = 0;
  for (std::size_t i = 0; i < clean.rgb.size(); ++i) {
    if (clean.rgb.data()[i] > 0.1f && clean.rgb.data()[i] < 0.9f) {  // away from the clipping
      const double difference = noisy.rgb.data()[i] - clean.rgb.data()[i];
      sum += difference;
      squares += difference * difference;
      ++count;
    }
  }
  ASSERT_GT(count, 4000);
  EXPECT_NEAR(sum / count, 0.0, 0.001);
  EXPECT_NEAR(std::sqrt(squares / count), 0.02, 0.001);
}

TEST(RenderTest, AnySizeFromOnePixelUp) {
  for (const auto& [width, height] :
       std::vector<std::pair<int, int>>{{1, 1}, {1, 7}, {5, 1}, {7, 3}}) {
    const RgbdImage image = RenderScene(Options(width, height, 0.01f, 4));
    EXPECT_EQ(image.rgb.width(), width);
    EXPECT_EQ(image.rgb.height(), height);
    EXPECT_EQ(image.rgb.channels(), 3);
    EXPECT_EQ(image.depth.width(), width);
    EXPECT_EQ(image.depth.height(), height);
    EXPECT_EQ(image.depth.channels(), 1);
  }
  // One pixel looks along the axis, whose depth any odd size has in its middle.
  EXPECT_EQ(RenderScene(Options(1, 1)).depth(0, 0), RenderScene(Options(7, 3)).depth(3, 1));
}

TEST(RenderTest, RefusesWhatCannotBeRendered) {
  EXPECT_THROW(RenderScene(Options(0, 4)), Error);
  EXPECT_THROW(RenderScene(Options(4, -1)), Error);
  EXPECT_THROW(RenderScene(Options(4, 4, -0.1f)), Error);
  EXPECT_THROW(RenderScene({.width = 4, .height = 4, .samples = 0}), Error);
  EXPECT_THROW(RenderScene(Options(4, 4, std::numeric_limits<float>::quiet_NaN())), Error);
}

}  // namespace
}  // namespace dkn
