#include <gtest/gtest.h>

#include "src/core/test_images.h"
#include "src/rivals/test_rivals.h"

namespace dkn {
namespace {

const FilterSettings kSmall = {{"stream_width", 4.0}, {"joint_width", 6.0}};

FilterSettings With(FilterSettings settings, const std::string& name, double value) {
  settings[name] = value;
  return settings;
}

// All of the last layer's values 0: what is left is what the network's result is added to.
TensorFile WithoutNetwork(const FilterSettings& settings) {
  TensorFile file = RandomRivalFile("djf", settings);
  for (const char* tensor : {"joint.conv3.weight", "joint.conv3.bias"}) {
    for (float& value : file.tensors.at(tensor).values) {
      value = 0.0f;
    }
  }
  return file;
}

// Of the authors' networks for 8x: 5 x 5 x 48 for each of the streams' last layers, and so on.
TEST(DjfTest, HasThePapersLayers) {
  const RivalFilter filter(RandomRivalFile("djf"), "djf", {}, 0);
  const auto stream = [](std::int64_t channels) {
    return 81 * channels * 96 + 96 + 96 * 48 + 48 + 25 * 48 + 1;
  };
  EXPECT_EQ(filter.parameter_count(),
            stream(3) + stream(1) + 81 * 2 * 64 + 64 + 64 * 32 + 32 + 25 * 32 + 1);
}

TEST(DjfTest, AddsToTheTargetWithTheResidualAlone) {
  const Image guide = RandomImage(19, 14, 3, 1);
  const Image target = RandomImage(19, 14, 2, 2);
  const TensorFile zero = WithoutNetwork(kSmall);
  ExpectNear(ApplyRival(zero, {guide, target}), Image(19, 14, 2), 0.0f);
  ExpectNear(ApplyRival(zero, {guide, target}, {{"residual", 1.0}}), target, 0.0f);

  const TensorFile file = RandomRivalFile("djf", kSmall);
  const Image plain = ApplyRival(file, {guide, target});
  Image sum = ApplyRival(file, {guide, target}, {{"residual", 1.0}});
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum.data()[i] -= target.data()[i];
  }
  ExpectNear(sum, plain, 1e-6f);
}

// Each pixel depends on 25 x 25 of the images, so that far from the border a crop gives the same.
TEST(DjfTest, SeesTwelvePixelsAround) {
  const TensorFile file = RandomRivalFile("djf", kSmall);
  const Image guide = RandomImage(40, 37, 3, 1);
  const Image target = RandomImage(40, 37, 1, 2);
  const Image whole = ApplyRival(file, {guide, target});
  const Image part =
      ApplyRival(file, {guide.view().Crop(5, 3, 30, 31), target.view().Crop(5, 3, 30, 31)});
  ExpectNear(part.view().Crop(12, 12, 6, 7), whole.view().Crop(17, 15, 6, 7), 1e-6f);
}

TEST(DjfTest, RepeatsAGreyGuideAndMovesTheTarget) {
  const Image grey = RandomImage(20, 15, 1, 1);
  Image colours(20, 15, 3);
  for (int c = 0; c < 3; ++c) {
    Copy(grey, colours.view().Channel(c));
  }
  const Image target = RandomImage(20, 15, 1, 2);
  const TensorFile file = RandomRivalFile("djf", kSmall);
  ExpectNear(ApplyRival(file, {grey, target}), ApplyRival(file, {colours, target}), 0.0f);

  // A ramp stays one, apart from the far borders, where the last pixel is repeated.
  Image ramp(20, 15);
  for (int y = 0; y < 15; ++y) {
    for (int x = 0; x < 20; ++x) {
      ramp(x, y) = 0.02f * static_cast<float>(x) + 0.01f * static_cast<float>(y);
    }
  }
  const Image moved =
      ApplyRival(WithoutNetwork(With(kSmall, "residual", 1.0)), {grey, ramp}, {{"shift", 3.5}});
  for (int y = 0; y < 9; ++y) {
    for (int x = 0; x < 14; ++x) {
      EXPECT_NEAR(moved(x, y), ramp(x, y) + 3.5f * 0.03f, 1e-6f);
    }
  }
  const Image back =
      ApplyRival(WithoutNetwork(With(kSmall, "residual", 1.0)), {grey, ramp}, {{"shift", -2.0}});
  ExpectNear(back.view().Crop(2, 2, 18, 13), ramp.view().Crop(0, 0, 18, 13), 1e-6f);
}

}  // namespace
}  // namespace dkn
