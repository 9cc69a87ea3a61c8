#include "src/synth/pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "dkn/error.h"

namespace dkn {
namespace {

constexpr SceneOptions kSmall = {3, 64, 48, 0.01f};

bool SameBits(const Image& a, const Image& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

double MeanDifference(const Image& a, const Image& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += std::abs(a.data()[i] - b.data()[i]);
  }
  return sum / static_cast<double>(a.size());
}

Image Render(PictureKind kind, const CameraNoise& noise = {}) {
  return RenderPicture(RandomScene(kSmall.seed), kind, kSmall, noise);
}

TEST(PicturesTest, NamesAreReadAsTheyAreTold) {
  EXPECT_EQ(PictureNames(), "plain, noflash, noisy, flash, nir");
  EXPECT_EQ(ToString(ParsePicture("nir")), "nir");
  EXPECT_THAT([] { ParsePicture("sepia"); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("'sepia', expected plain")));
}

// A striped wall and one without stripes, by light from all around, which nothing is near to dim.
TEST(PicturesTest, WithoutTextureAWallIsFlatAndAsBrightOnTheWhole) {
  Scene scene;
  scene.room = {ShapeKind::kRoom, {0, 1.5, 3}, {3, 1.5, 3}, kWorldAxes, {}};
  scene.surface.fill({{Pattern::kStripes, {0.8, 0.8, 0.8}, {0.4, 0.2, 0.1}, 0.1, 5}, 0.0});
  scene.camera.origin = {0, 1.5, 0.5};
  scene.camera.focal = 2.0;
  const SceneOptions options = {0, 90, 60, 0.0f};
  const Image with = RenderPicture(scene, PictureKind::kNoflash, options, {});
  const Image without = RenderPicture(scene, PictureKind::kPlain, options, {});
  const auto [low, high] = std::minmax_element(without.data(), without.data() + 90 * 60);
  EXPECT_LT(*high - *low, 1e-6f);
  for (int c = 0; c < 3; ++c) {
    double linear[2] = {};
    for (int y = 0; y < 60; ++y) {
      for (int x = 0; x < 90; ++x) {
        linear[0] += with(x, y, c) * with(x, y, c);
        linear[1] += without(x, y, c) * without(x, y, c);
      }
    }
    EXPECT_NEAR(linear[0] / linear[1], 1.0, 0.05);
  }
}

TEST(PicturesTest, GeometryStaysWithoutTextureAndWithOtherSizes) {
  const Scene scene = RandomScene(3);
  const RgbdImage room = RenderScene(scene, kSmall);
  EXPECT_TRUE(SameBits(RenderScene(WithoutTexture(scene), kSmall).depth, room.depth));
  const RgbdImage finer = RenderScene(WithTextureSize(scene, 0.25), kSmall);
  EXPECT_TRUE(SameBits(finer.depth, room.depth));
  EXPECT_GT(MeanDifference(finer.rgb, room.rgb), 0.005);
  EXPECT_TRUE(SameBits(RenderScene(WithTextureSize(scene, 1.0), kSmall).rgb, room.rgb));
}

TEST(PicturesTest, PostersStayWithoutTexture) {
  Scene scene = RandomScene(3);
  scene.shapes.resize(1);
  scene.shapes[0].material.texture = {Pattern::kPoster, {0.5, 0.4, 0.3}, {0.1, 0.2, 0.3}, 0.5, 9};
  EXPECT_EQ(WithoutTexture(scene).shapes[0].material.texture.pattern, Pattern::kPoster);
  EXPECT_EQ(WithTextureSize(scene, 0.5).shapes[0].material.texture.size, 0.5);
  EXPECT_EQ(InInfrared(scene).shapes[0].material.texture.pattern, Pattern::kFlat);
}

TEST(PicturesTest, TheFlashIsNextToTheCameraAndHasNoColour) {
  const Scene scene = RandomScene(3);
  const Scene lit = ByFlash(scene);
  ASSERT_EQ(lit.lights.size(), 1u);
  EXPECT_LT(Length(lit.lights[0].position - scene.camera.origin), 0.2);
  EXPECT_EQ(lit.lights[0].power.x, lit.lights[0].power.z);
  EXPECT_GT(MeanDifference(Render(PictureKind::kFlash), Render(PictureKind::kNoflash)), 0.02);
}

// In infrared things have one channel; some patterns vanish, some are turned about.
TEST(PicturesTest, InfraredHasOtherContrasts) {
  EXPECT_EQ(Render(PictureKind::kNir).channels(), 1);
  int vanished = 0;
  int reversed = 0;
  int all = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Scene scene = RandomScene(seed);
    const Scene infrared = InInfrared(scene);
    for (std::size_t i = 0; i < scene.shapes.size(); ++i) {
      const Texture& color = scene.shapes[i].material.texture;
      const Texture& grey = infrared.shapes[i].material.texture;
      ASSERT_EQ(grey.first.x, grey.first.z);
      const double visible = color.first.y - color.second.y;
      ++all;
      vanished += grey.first.x == grey.second.x ? 1 : 0;
      reversed += (grey.first.x - grey.second.x) * visible < 0.0 ? 1 : 0;
    }
  }
  EXPECT_GT(vanished, all / 8);
  EXPECT_GT(reversed, all / 20);
}

TEST(PicturesTest, NoiseIsThatOfTheCamera) {
  const Image clean = Render(PictureKind::kNoflash);
  const double little = MeanDifference(clean, Render(PictureKind::kNoisy, {10000.0, 2.0}));
  const double much = MeanDifference(clean, Render(PictureKind::kNoisy, {25.0, 2.0}));
  EXPECT_GT(little, 0.0005);
  EXPECT_GT(much, 10.0 * little);
  EXPECT_TRUE(SameBits(clean, Render(PictureKind::kNoflash)));
}

}  // namespace
}  // namespace dkn
