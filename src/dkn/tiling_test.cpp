#include "src/dkn/tiling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "dkn/error.h"

namespace dkn {
namespace {

std::size_t Area(int width, int height) {
  return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
}

// Each pixel is in one inner part, and a margin around it is in the tile or outside of the image.
void ExpectCovers(const Tiling& tiling, int width, int height, int margin) {
  std::vector<int> covered(Area(width, height), 0);
  for (const Tile& tile : tiling.tiles) {
    EXPECT_EQ(tile.x % 4, 0);
    EXPECT_EQ(tile.y % 4, 0);
    EXPECT_LE(tile.x + tiling.width, width);
    EXPECT_LE(tile.y + tiling.height, height);
    EXPECT_LE(tile.x, std::max(0, tile.inner_x - margin));
    EXPECT_LE(tile.y, std::max(0, tile.inner_y - margin));
    EXPECT_GE(tile.x + tiling.width, std::min(width, tile.inner_x + tile.inner_width + margin));
    EXPECT_GE(tile.y + tiling.height, std::min(height, tile.inner_y + tile.inner_height + margin));
    for (int y = tile.inner_y; y < tile.inner_y + tile.inner_height; ++y) {
      for (int x = tile.inner_x; x < tile.inner_x + tile.inner_width; ++x) {
        ++covered[static_cast<std::size_t>(y) * width + x];
      }
    }
  }
  EXPECT_THAT(covered, testing::Each(1));
}

TEST(TilingTest, TilesCoverTheImageWithTheirMargins) {
  for (const auto& [width, height] : {std::pair{4, 4}, {200, 68}, {640, 480}, {1000, 300}}) {
    for (const int margin : {24, 28}) {
      for (const std::size_t area : {1u << 15, 1u << 16, 1u << 17, 1u << 19}) {
        const Tiling tiling = ChooseTiling(width, height, margin, area, Area);
        EXPECT_LE(Area(tiling.width, tiling.height), area);
        ExpectCovers(tiling, width, height, margin);
      }
    }
  }
}

TEST(TilingTest, TakesOneTileWhereItFits) {
  const Tiling tiling = ChooseTiling(640, 480, 24, Area(640, 480), Area);
  ASSERT_EQ(tiling.tiles.size(), 1u);
  EXPECT_EQ(tiling.width, 640);
  EXPECT_EQ(tiling.height, 480);
  EXPECT_GT(ChooseTiling(640, 480, 24, Area(640, 480) - 1, Area).tiles.size(), 1u);
}

TEST(TilingTest, TakesTheSmallestTilesWhereNoneFit) {
  const Tiling tiling = ChooseTiling(640, 480, 24, 100, Area);
  EXPECT_EQ(Area(tiling.width, tiling.height), LeastTileBytes(640, 480, 24, Area));
  EXPECT_EQ(LeastTileBytes(640, 480, 24, Area), Area(112, 120));
  EXPECT_EQ(LeastTileBytes(32, 20, 24, Area), Area(32, 20));
}

// Section 3.3: 13 x 13 resampled pixels; Table 1: 51 x 51 pixels; or the window where it is larger.
TEST(TilingTest, MarginIsWhatResultsDependOn) {
  EXPECT_EQ(TileMargin(ArchitectureFromJson("{}")), 24);
  EXPECT_EQ(TileMargin(ArchitectureFromJson(R"({"kind": "dkn"})")), 28);
  EXPECT_EQ(TileMargin(ArchitectureFromJson(R"({"window": 63})")), 36);
}

}  // namespace
}  // namespace dkn
