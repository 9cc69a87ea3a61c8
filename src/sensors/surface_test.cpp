#include "src/sensors/surface.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "src/sensors/test_scenes.h"

namespace dkn::sensors {
namespace {

// The plane z = distance + slope_x X + slope_y Y in front of a camera.
Image Plane(int width, int height, double focal, double distance, double slope_x, double slope_y) {
  Image depth(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = (x + 0.5 - 0.5 * width) / focal;
      const double v = (y + 0.5 - 0.5 * height) / focal;
      depth(x, y) = static_cast<float>(distance / (1.0 - slope_x * u - slope_y * v));
    }
  }
  return depth;
}

TEST(Surface, CosinesOfPlanes) {
  for (const double slope : {0.0, 0.5, -1.0, 3.0}) {
    const Image depth = Plane(60, 40, 600.0, 2.0, slope, -0.4);
    const Surface surface = Examine(depth, Constant(60, 40, 0.5f), 600.0);
    for (int y = 0; y < 40; ++y) {
      for (int x = 0; x < 60; ++x) {
        const double u = (x + 0.5 - 30.0) / 600.0;
        const double v = (y + 0.5 - 20.0) / 600.0;
        // Normal (-slope, 0.4, 1) and ray (u, v, 1).
        const double cosine = (1.0 - slope * u + 0.4 * v) /
                              std::sqrt((slope * slope + 0.16 + 1.0) * (u * u + v * v + 1.0));
        ASSERT_NEAR(surface.cosine(x, y), cosine, 0.004) << x << " " << y << " " << slope;
      }
    }
    EXPECT_EQ(std::count(surface.edge.begin(), surface.edge.end(), 1), 0);
  }
}

TEST(Surface, EdgesAreBothSidesOfAJumpAndDoNotTilt) {
  const Image depth = Board(20, 10, 1.0f, 2.0f, 0, 10);
  const Surface surface = Examine(depth, Constant(20, 10, 0.5f), 1000.0);
  for (int x = 0; x < 20; ++x) {
    EXPECT_EQ(surface.edge[100 + x], x == 9 || x == 10 ? 1 : 0) << x;
    EXPECT_GT(surface.cosine(x, 5), 0.999f);
  }
  // One pixel in front of the others is an edge with all eight neighbours.
  Image spot = Constant(5, 5, 2.0f);
  spot(2, 2) = 1.0f;
  const Surface around = Examine(spot, Constant(5, 5, 0.5f), 1000.0);
  EXPECT_EQ(std::count(around.edge.begin(), around.edge.end(), 1), 9);
}

TEST(Surface, AlbedoAndSignal) {
  Image guide = Constant(3, 1, 0.5f, 3);
  guide(2, 0, 0) = guide(2, 0, 1) = guide(2, 0, 2) = 0.0f;
  const Surface surface = Examine(Constant(3, 1, 2.0f), guide, 1000.0);
  EXPECT_NEAR(surface.albedo(0, 0), 0.5f, 1e-6f);
  EXPECT_NEAR(surface.Signal(1, 0, 2.0f), 0.125f, 1e-5f);
  EXPECT_GT(surface.albedo(2, 0), 0.0f);
}

TEST(Surface, AngleTerm) {
  for (double angle = 0.0; angle < 1.55; angle += 0.05) {
    const double expected = angle / (std::numbers::pi / 2.0 - angle);
    EXPECT_NEAR(AngleTerm(static_cast<float>(std::cos(angle))), expected, 0.001 + 0.01 * expected)
        << angle;
  }
}

TEST(Surface, NothingIsHiddenOnSmoothSurfaces) {
  for (const double slope : {0.0, 2.0, -2.0}) {
    const std::vector<std::uint8_t> hidden = Occluded(Plane(200, 3, 580.0, 2.0, slope, 0.0), 43.5);
    EXPECT_EQ(std::count(hidden.begin(), hidden.end(), 1), 0) << slope;
  }
}

TEST(Surface, HiddenPixelsReachTheImagesLeftBorder) {
  // The board begins in column 20 and hides 43.5 (1 / 0.8 - 1 / 4) = 43.5 pixels.
  const std::vector<std::uint8_t> hidden = Occluded(Board(80, 1, 0.8f, 4.0f, 20, 80), 43.5);
  EXPECT_EQ(std::count(hidden.begin(), hidden.begin() + 20, 1), 20);
  EXPECT_EQ(std::count(hidden.begin() + 20, hidden.end(), 1), 0);
}

}  // namespace
}  // namespace dkn::sensors
