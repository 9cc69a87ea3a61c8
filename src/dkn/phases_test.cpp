#include "src/dkn/phases.h"

#include <gtest/gtest.h>

#include <vector>

namespace dkn {
namespace {

TEST(PhasesTest, EachPixelGoesToItsBlockAndPhase) {
  Image image(12, 8, 2);
  for (std::size_t i = 0; i < image.size(); ++i) {
    image.data()[i] = static_cast<float>(i);
  }
  std::vector<float> out(image.size());
  SplitPhases(image, ValueLayout::kInnermost, out.data());
  std::vector<float> blocks(image.size());
  SplitPhases(image, ValueLayout::kBlocks, blocks.data());
  std::vector<float> halves(image.size());
  SplitPhases(image, ValueLayout::kBlocksOf8, halves.data());
  for (int c = 0; c < 2; ++c) {
    for (int y = 0; y < 8; ++y) {
      for (int x = 0; x < 12; ++x) {
        const int block = y / 4 * 3 + x / 4;
        const int channel = c * 16 + y % 4 * 4 + x % 4;
        ASSERT_EQ(out[block * 32 + channel], image(x, y, c));
        ASSERT_EQ(blocks[c * 96 + block * 16 + channel % 16], image(x, y, c));
        ASSERT_EQ(halves[channel / 8 * 48 + block * 8 + channel % 8], image(x, y, c));
      }
    }
  }
}

}  // namespace
}  // namespace dkn
