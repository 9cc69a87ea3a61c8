#include "src/io/yuv.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace dkn {
namespace {

using Data = std::vector<std::uint8_t>;

Data Rgb(YuvLayout layout, PixelSize size, const Data& frame, bool full_range = false) {
  EXPECT_EQ(YuvFrameBytes(layout, size), frame.size());
  Data rgb(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height) * 3);
  YuvToRgb(layout, full_range, size, frame, rgb);
  return rgb;
}

// Bars of 75 % (ITU-R BT.471) by their published values of BT.601.
TEST(Yuv, BarsHaveTheirColours) {
  struct Bar {
    std::array<std::uint8_t, 3> yuv;
    std::array<int, 3> rgb;
  };
  for (const Bar& bar : {Bar{{180, 128, 128}, {191, 191, 191}}, Bar{{162, 44, 142}, {191, 191, 0}},
                         Bar{{131, 156, 44}, {0, 191, 191}}, Bar{{112, 72, 58}, {0, 191, 0}},
                         Bar{{84, 184, 198}, {191, 0, 191}}, Bar{{65, 100, 212}, {191, 0, 0}},
                         Bar{{35, 212, 114}, {0, 0, 191}}, Bar{{16, 128, 128}, {0, 0, 0}},
                         Bar{{235, 128, 128}, {255, 255, 255}}}) {
    const auto [y, u, v] = bar.yuv;
    const Data rgb = Rgb(YuvLayout::kYuyv, {2, 1}, {y, u, y, v});
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(rgb[c], bar.rgb[c], 2) << int{y};
      EXPECT_EQ(rgb[3 + c], rgb[c]);
    }
  }
}

TEST(Yuv, FullRangeIsThatOfJpeg) {
  EXPECT_EQ(Rgb(YuvLayout::kI420, {1, 1}, {0, 128, 128}, true), Data({0, 0, 0}));
  EXPECT_EQ(Rgb(YuvLayout::kI420, {1, 1}, {255, 128, 128}, true), Data({255, 255, 255}));
  EXPECT_EQ(Rgb(YuvLayout::kI420, {1, 1}, {76, 85, 255}, true), Data({254, 0, 0}));
}

// Each layout of the same picture, of odd sides: 3 x 3 pixels with 2 x 2 chromas.
TEST(Yuv, LayoutsHoldTheSamePicture) {
  const Data luma{10, 50, 90, 130, 170, 210, 235, 16, 100};
  const Data u{100, 140, 90, 200};
  const Data v{60, 128, 220, 150};
  Data planar = luma;
  planar.insert(planar.end(), u.begin(), u.end());
  planar.insert(planar.end(), v.begin(), v.end());
  Data nv12 = luma;
  Data nv21 = luma;
  for (int i = 0; i < 4; ++i) {
    nv12.insert(nv12.end(), {u[i], v[i]});
    nv21.insert(nv21.end(), {v[i], u[i]});
  }
  Data yuyv;
  Data uyvy;
  for (int y = 0; y < 3; ++y) {
    for (int pair = 0; pair < 2; ++pair) {
      const int chroma = y / 2 * 2 + pair;
      const std::uint8_t first = luma[y * 3 + 2 * pair];
      const std::uint8_t second = pair == 0 ? luma[y * 3 + 1] : 77;  // beyond the row
      yuyv.insert(yuyv.end(), {first, u[chroma], second, v[chroma]});
      uyvy.insert(uyvy.end(), {u[chroma], first, v[chroma], second});
    }
  }
  const Data expected = Rgb(YuvLayout::kI420, {3, 3}, planar);
  EXPECT_EQ(Rgb(YuvLayout::kNv12, {3, 3}, nv12), expected);
  EXPECT_EQ(Rgb(YuvLayout::kNv21, {3, 3}, nv21), expected);
  EXPECT_EQ(Rgb(YuvLayout::kYuyv, {3, 3}, yuyv), expected);
  EXPECT_EQ(Rgb(YuvLayout::kUyvy, {3, 3}, uyvy), expected);
}

}  // namespace
}  // namespace dkn
