#include "src/imaging/punch_holes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dkn/error.h"
#include "src/imaging/holes.h"

namespace dkn {
namespace {

int CountHoles(const Image& image, int channel) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      count += std::isfinite(image(x, y, channel)) ? 0 : 1;
    }
  }
  return count;
}

TEST(PunchHoles, MakesTheFractionInAllChannels) {
  for (const double fraction : {0.0, 0.1, 0.3, 0.9}) {
    Image image(80, 60, 2);
    PunchHoles(image, fraction, 5);
    EXPECT_EQ(CountHoles(image, 0), std::lround(fraction * 4800));
    for (int y = 0; y < 60; ++y) {
      for (int x = 0; x < 80; ++x) {
        ASSERT_EQ(std::isfinite(image(x, y, 0)), std::isfinite(image(x, y, 1)));
      }
    }
  }
}

TEST(PunchHoles, BlobsAndSpeckles) {
  Image image(80, 60);
  PunchHoles(image, 0.3, 7);
  int inside = 0;  // of holes: all 8 neighbours are holes too
  int alone = 0;   // none is
  for (int y = 1; y < 59; ++y) {
    for (int x = 1; x < 79; ++x) {
      int around = 0;
      for (int i = 0; i < 9; ++i) {
        around += i == 4 || std::isfinite(image(x + i % 3 - 1, y + i / 3 - 1)) ? 0 : 1;
      }
      if (!std::isfinite(image(x, y))) {
        inside += around == 8 ? 1 : 0;
        alone += around == 0 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(inside, 200);
  EXPECT_GT(alone, 50);
}

TEST(PunchHoles, TheSeedDecides) {
  Image a(40, 30), b(40, 30), c(40, 30);
  PunchHoles(a, 0.3, 1);
  PunchHoles(b, 0.3, 1);
  PunchHoles(c, 0.3, 2);
  int differ = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(std::isfinite(a.data()[i]), std::isfinite(b.data()[i]));
    differ += std::isfinite(a.data()[i]) != std::isfinite(c.data()[i]) ? 1 : 0;
  }
  EXPECT_GT(differ, 200);
}

TEST(PunchHoles, LeavesAPixelAndRefusesAll) {
  Image image(1, 1);
  PunchHoles(image, 0.9, 0);
  EXPECT_FALSE(HasHoles(image));
  for (const double fraction : {-0.1, 1.0, std::nan("")}) {
    EXPECT_THROW(PunchHoles(image, fraction, 0), Error);
  }
}

}  // namespace
}  // namespace dkn
