#include <gtest/gtest.h>

#include "src/core/test_images.h"
#include "src/rivals/test_rivals.h"

namespace dkn {
namespace {

// Three layers for the target, three for the guide, whose last has 16 features for each level, and
// two in the end, all 5 x 5 and 32 wide.
TEST(PacTest, HasThePapersLayers) {
  const auto layer = [](std::int64_t in, std::int64_t out) { return 25 * in * out + out; };
  for (const int levels : {2, 3, 4}) {
    const RivalFilter filter(RandomRivalFile("pac", {{"levels", levels}}), "pac", {}, 0);
    EXPECT_EQ(filter.parameter_count(), layer(1, 32) + 2 * layer(32, 32) + layer(3, 32) +
                                            layer(32, 32) + levels * layer(32, 16) +
                                            levels * layer(32, 32) + layer(32, 32) + layer(32, 1));
  }
}

TEST(PacTest, FitsFramesOfAnySize) {
  const Rival rival = FindRival("pac");
  const FilterSettings settings = {{"levels", 2.0}};
  for (const auto& [width, height] : {std::pair{1, 1}, {13, 6}}) {
    const Image guide = RandomImage(width, height, 1, 1);
    const Image target = RandomImage(width, height, 2, 2);
    ExpectToldSizes(rival, settings, {guide, target.view().Channel(0)});
    const Image result = ApplyRival(RandomRivalFile("pac", settings), {guide, target});
    EXPECT_EQ(result.size(), target.size());
  }
}

// Where the guide is constant it is a network of transposed convolutions, and the same everywhere
// but near the border.
TEST(PacTest, AConstantGuideGivesTheSameEverywhere) {
  Image guide(96, 96, 3);
  Image target(96, 96);
  std::fill_n(guide.data(), guide.size(), 0.4f);
  std::fill_n(target.data(), target.size(), 0.7f);
  const Image result = ApplyRival(RandomRivalFile("pac", {{"levels", 1.0}}), {guide, target});
  for (int y = 32; y < 64; y += 2) {
    for (int x = 32; x < 64; x += 2) {
      EXPECT_NEAR(result(x, y), result(48, 48), 1e-5f);
    }
  }
}

}  // namespace
}  // namespace dkn
