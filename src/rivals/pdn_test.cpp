#include <gtest/gtest.h>

#include <algorithm>

#include "src/core/test_images.h"
#include "src/rivals/test_rivals.h"

namespace dkn {
namespace {

const FilterSettings kSmall = {{"layers", 3.0}, {"width", 8.0}, {"iterations", 6.0}};

// 3 x 3 convolutions of 64 channels, of the target and the guide's grey; a residual and 24
// affinities in the end; 5 numbers of each iteration, and one for all.
TEST(PdnTest, HasThePapersLayers) {
  const auto layer = [](std::int64_t in, std::int64_t out) { return 9 * in * out + out; };
  const RivalFilter filter(RandomRivalFile("pdn"), "pdn", {}, 0);
  EXPECT_EQ(filter.parameter_count(),
            layer(2, 64) + 8 * layer(64, 64) + layer(64, 1) + layer(64, 24) + 5 * 20 + 1);
}

TEST(PdnTest, FitsFramesOfAnySize) {
  const Rival rival = FindRival("pdn");
  const FilterSettings settings = CompleteSettings(rival.parameters, kSmall);
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 5}, {13, 6}}) {
    const Image guide = RandomImage(width, height, 1, 1);
    const Image target = RandomImage(width, height, 2, 2);
    ExpectToldSizes(rival, settings, {guide, target.view().Channel(0)});
    const Image result = ApplyRival(RandomRivalFile("pdn", kSmall), {guide, target});
    EXPECT_EQ(result.size(), target.size());
  }
}

TEST(PdnTest, ConstantImagesGiveAConstant) {
  Image guide(24, 20, 3);
  Image target(24, 20);
  std::fill_n(guide.data(), guide.size(), 0.4f);
  std::fill_n(target.data(), target.size(), 0.7f);
  const Image result = ApplyRival(RandomRivalFile("pdn", kSmall), {guide, target});
  for (std::size_t i = 0; i < result.size(); ++i) {
    ASSERT_NEAR(result.data()[i], result(0, 0), 1e-5f);
  }
}

// Without a residual, and with iterations that hardly step, it is the target; steps smooth it.
TEST(PdnTest, TheIterationsTakeTheTargetAndTheResidual) {
  TensorFile file = RandomRivalFile("pdn", kSmall);
  const Image guide = RandomImage(24, 20, 3, 1);
  const Image target = RandomImage(24, 20, 1, 2);
  auto& residual = file.tensors["residual.weight"].values;
  std::fill(residual.begin(), residual.end(), 0.0f);
  file.tensors["residual.bias"].values[0] = 0.1f;
  const auto result = [&] { return ApplyRival(file, {guide, target}); };
  const auto total_variation = [](const Image& image) {
    double sum = 0.0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 1; x < image.width(); ++x) {
        sum += std::abs(image(x, y) - image(x - 1, y));
      }
    }
    return sum;
  };
  auto& steps = file.tensors["iterations.log_tau"].values;
  std::fill(steps.begin(), steps.end(), -6.0f);
  EXPECT_LT(total_variation(result()), 0.97 * total_variation(target));
  std::fill(steps.begin(), steps.end(), -20.0f);
  const Image still = result();
  for (std::size_t i = 0; i < still.size(); ++i) {
    ASSERT_NEAR(still.data()[i], target.data()[i] + 0.1f, 1e-5f);
  }
}

}  // namespace
}  // namespace dkn
