#include "src/train/rooms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "src/synth/render.h"

namespace dkn::train {
namespace {

TEST(RoomsTest, AreThoseOfDknSynthInTheFilesUnit) {
  std::vector<int> told;
  const std::vector<RgbdPair> rooms = RenderRooms(
      {2, 7}, {0.002, 45.0}, [&](int done, int all) { told.push_back(10 * done + all); });
  ASSERT_EQ(rooms.size(), 2u);
  EXPECT_EQ(told, (std::vector<int>{12, 22}));
  EXPECT_EQ(rooms[0].width, 50);  // 45 / 0.9
  EXPECT_EQ(rooms[0].height, 38);
  const RgbdImage second = RenderScene({.seed = 8, .width = 50, .height = 38});
  for (const std::size_t pixel : {0u, 444u, 1899u}) {
    EXPECT_NEAR(rooms[1].depth[pixel] * 0.002, second.depth.data()[pixel], 0.00101);
    EXPECT_NEAR(rooms[1].rgb[1900 + pixel] / 255.0, second.rgb.data()[1900 + pixel], 0.5 / 254.0);
  }
  EXPECT_FALSE(std::equal(rooms[0].depth.begin(), rooms[0].depth.end(), rooms[1].depth.begin()));
}

TEST(RoomsTest, WithoutAFocalLengthTheyAreOfTheUsualSize) {
  EXPECT_TRUE(RenderRooms({}, {}).empty());
  const std::vector<RgbdPair> rooms = RenderRooms({1, 0}, {1e-5, 0.0});
  EXPECT_EQ(rooms[0].width, 640);
  EXPECT_EQ(rooms[0].height, 480);
  EXPECT_EQ(*std::max_element(rooms[0].depth.begin(), rooms[0].depth.end()), 65535);  // 0.66 m
}

}  // namespace
}  // namespace dkn::train
