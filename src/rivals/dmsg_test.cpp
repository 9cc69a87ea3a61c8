#include <gtest/gtest.h>

#include "dkn/resample.h"
#include "src/core/test_images.h"
#include "src/rivals/test_rivals.h"

namespace dkn {
namespace {

FilterInput WithSamples(const Image& guide, const Image& target, const Image& low) {
  FilterInput input{guide, target};
  const float step = static_cast<float>(guide.width()) / static_cast<float>(low.width());
  input.samples = {low, {}, 0.5f * (step - 1.0f), 0.5f * (step - 1.0f), step, step};
  return input;
}

// The network for 8x that its authors released has 454,660 values.
TEST(DmsgTest, HasAsManyValuesAsTheReleasedNetwork) {
  EXPECT_EQ(RivalFilter(RandomRivalFile("dmsg"), "dmsg", {}, 0).parameter_count(), 454660);
}

// Every scale's sizes go together, and what it sees of a frame has the sizes that it tells.
TEST(DmsgTest, FitsFramesOfAnySize) {
  const Rival rival = FindRival("dmsg");
  for (int levels = 1; levels <= 5; ++levels) {
    const FilterSettings settings = {{"levels", levels}};
    for (const auto& [width, height] : {std::pair{1, 1}, {37, 70}, {64, 33}}) {
      const Image guide = RandomImage(width, height, 3, 1);
      const std::vector<GraphSize> sizes =
          ExpectToldSizes(rival, settings, {guide, guide.view().Channel(0)});
      const GraphSize given = NodeSizes(rival.graph(settings), sizes).back();
      EXPECT_EQ(given, sizes[0]);
      EXPECT_GE(given.width + 1, width);
      EXPECT_GE(given.height + 1, height);
    }
  }
  const Image guide = RandomImage(7, 10, 3, 1);
  const Image target = RandomImage(7, 10, 2, 2);
  const Image result = ApplyRival(RandomRivalFile("dmsg", {{"levels", 2.0}}), {guide, target});
  EXPECT_EQ(result.size(), target.size());
}

TEST(DmsgTest, KeepsAConstantAndFollowsTheTargetsRange) {
  const TensorFile file = RandomRivalFile("dmsg");
  const Image guide = RandomImage(40, 32, 3, 1);
  Image constant(40, 32);
  std::fill_n(constant.data(), constant.size(), 0.3f);
  ExpectNear(ApplyRival(file, {guide, constant}), constant, 1e-6f);

  // It stretches the depth itself: another unit and offset of it change nothing else.
  const Image low = RandomImage(5, 4, 1, 2);
  const Image target = Resize(low, 40, 32, Resampler::kBicubic);
  Image other = Image::Clone(low);
  Image expected = ApplyRival(file, WithSamples(guide, target, low));
  for (std::size_t i = 0; i < other.size(); ++i) {
    other.data()[i] = 0.25f * other.data()[i] + 0.5f;
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    expected.data()[i] = 0.25f * expected.data()[i] + 0.5f;
  }
  ExpectNear(ApplyRival(file, WithSamples(guide, target, other)), expected, 1e-4f);
}

// The network gives a row and a column less than the frame has.
TEST(DmsgTest, TheNetworksLastColumnAndRowAreRepeated) {
  const NetworkFrame frame{{}, Image(3, 3), 2.0f};
  const Image given = RandomImage(2, 2, 1, 1);
  Image result(3, 3);
  Finish(frame, given, result);
  EXPECT_EQ(result(1, 0), 2.0f * given(1, 0));
  EXPECT_EQ(result(2, 0), 2.0f * given(1, 0));
  EXPECT_EQ(result(2, 2), 2.0f * given(1, 1));
  EXPECT_EQ(result(0, 2), 2.0f * given(0, 1));
}

}  // namespace
}  // namespace dkn
