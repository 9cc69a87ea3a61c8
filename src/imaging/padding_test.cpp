#include "src/imaging/padding.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dkn/error.h"

namespace dkn {
namespace {

TEST(ReplicatePad, RepeatsTheLastColumnAndRow) {
  Image source(3, 2, 2);
  for (std::size_t i = 0; i < source.size(); ++i) {
    source.data()[i] = static_cast<float>(i);
  }
  const Image padded = ReplicatePad(source, 2, 3);
  ASSERT_EQ(padded.width(), 5);
  ASSERT_EQ(padded.height(), 5);
  ASSERT_EQ(padded.channels(), 2);
  for (int c = 0; c < 2; ++c) {
    for (int y = 0; y < 5; ++y) {
      for (int x = 0; x < 5; ++x) {
        EXPECT_EQ(padded(x, y, c), source(std::min(x, 2), std::min(y, 1), c));
      }
    }
  }
}

TEST(ReplicatePad, GrowsOnePixelAndKeepsAnImageItNeedNotPad) {
  Image one(1, 1);
  one(0, 0) = 7.0f;
  const Image padded = ReplicatePad(one, 3, 3);
  EXPECT_TRUE(std::all_of(padded.data(), padded.data() + 16, [](float v) { return v == 7.0f; }));
  const Image same = ReplicatePad(one, 0, 0);
  EXPECT_EQ(same.size(), 1u);
  EXPECT_EQ(same(0, 0), 7.0f);
}

TEST(ReplicatePad, RefusesNegativeCountsAndEmptyImages) {
  EXPECT_THROW(ReplicatePad(Image(2, 2), -1, 0), Error);
  EXPECT_THROW(ReplicatePad(Image(2, 2), 0, -1), Error);
  EXPECT_THROW(ReplicatePad(Image(), 1, 1), Error);
}

// Columns and rows of 3 pixels, continued by 5: the places that are read.
TEST(Halo, RepeatsOrMirrorsOnEachSide) {
  Image source(3, 3, 2);
  for (std::size_t i = 0; i < source.size(); ++i) {
    source.data()[i] = static_cast<float>(i);
  }
  const int last[] = {0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2};
  const int mirrored[] = {1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1};
  const Image replicate = ReplicateHalo(source, 5);
  const Image mirror = MirrorHalo(source, 5);
  ASSERT_EQ(replicate.width(), 13);
  ASSERT_EQ(mirror.height(), 13);
  for (int c = 0; c < 2; ++c) {
    for (int y = 0; y < 13; ++y) {
      for (int x = 0; x < 13; ++x) {
        EXPECT_EQ(replicate(x, y, c), source(last[x], last[y], c));
        EXPECT_EQ(mirror(x, y, c), source(mirrored[x], mirrored[y], c));
      }
    }
  }
  EXPECT_THROW(ReplicateHalo(source, -1), Error);
  EXPECT_THROW(MirrorHalo(Image(), 1), Error);
}

}  // namespace
}  // namespace dkn
