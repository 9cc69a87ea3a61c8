#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>

#include "src/core/test_images.h"
#include "src/filters/test_filters.h"

namespace dkn {

FilterKind CrossFieldKind();

namespace {

double Rmse(const Image& a, const Image& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += std::pow(static_cast<double>(a.data()[i]) - b.data()[i], 2.0);
  }
  return std::sqrt(sum / static_cast<double>(a.size()));
}

// Squares of several brightnesses.
Image Squares() {
  Image image(48, 40);
  const Image values = RandomImage(6, 5, 1, 0.2f, 0.8f, 4);
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 48; ++x) {
      image(x, y) = values(x / 8, y / 8);
    }
  }
  return image;
}

Image WithNoise(const Image& clean, float size) {
  Image noisy = RandomImage(clean.width(), clean.height(), clean.channels(), -size, size, 5);
  std::transform(clean.data(), clean.data() + clean.size(), noisy.data(), noisy.data(),
                 std::plus<>());
  return noisy;
}

// Noise goes, though the guide shows the same squares with other contrast, or in negative.
TEST(CrossFieldTest, RemovesNoiseByAGuideOfOtherContrastAndSign) {
  const Image clean = Squares();
  const Image noisy = WithNoise(clean, 0.15f);
  for (const float contrast : {1.0f, 0.5f, -0.6f}) {
    Image guide = Image::Clone(clean);
    std::for_each(guide.data(), guide.data() + guide.size(),
                  [&](float& value) { value = 0.5f + contrast * (value - 0.5f); });
    const Image result = ApplyFilter(CrossFieldKind(), {}, {guide, noisy});
    EXPECT_LT(Rmse(result, clean), 0.5 * Rmse(noisy, clean)) << contrast;
  }
}

// A highlight's edge in the guide alone leaves no trace in the result as large as a copy would be.
TEST(CrossFieldTest, EdgesOfTheGuideAloneAreNotCopied) {
  Image clean(40, 32);
  std::fill_n(clean.data(), clean.size(), 0.5f);
  Image guide = Image::Clone(clean);
  for (int y = 10; y < 22; ++y) {
    std::fill_n(guide.Row(y) + 12, 16, 1.0f);
  }
  const Image result = ApplyFilter(CrossFieldKind(), {}, {guide, WithNoise(clean, 0.05f)});
  EXPECT_LT(std::abs(result(12, 16) - result(11, 16)), 0.05f);
}

TEST(CrossFieldTest, NearTheTargetForALargeLambda) {
  const Image guide = RandomImage(14, 11, 3, 1);
  const Image target = RandomImage(14, 11, 3, 2);
  ExpectNear(
      ApplyFilter(CrossFieldKind(), {{"lambda", 1e6}, {"tolerance", 1e-10}}, {guide, target}),
      target, 5e-3f);
}

// What holes hold has no say.
TEST(CrossFieldTest, HolesCountForNothing) {
  const Image clean = Squares();
  Image noisy = WithNoise(clean, 0.1f);
  Image mask(48, 40);
  std::fill_n(mask.data(), mask.size(), 1.0f);
  for (int y = 18; y < 22; ++y) {
    std::fill_n(mask.Row(y) + 18, 4, 0.0f);
    std::fill_n(noisy.Row(y) + 18, 4, 0.0f);
  }
  const Image result = ApplyFilter(CrossFieldKind(), {}, {clean, noisy, mask});
  EXPECT_NEAR(result(20, 20), clean(20, 20), 0.1f);
}

}  // namespace
}  // namespace dkn
