#include "src/rivals/guided_layer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dkn/error.h"
#include "src/core/test_images.h"
#include "src/rivals/test_guided_layer.h"

namespace dkn {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(FullGuidedLayer, IsWhatItsFormulaSays) {
  for (const auto& [width, height] : {std::pair{13, 9}, {1, 7}, {1, 1}, {3, 2}}) {
    for (const GuidedLayer layer : {GuidedLayer{1, 1e-2}, {2, 1e-8}, {0, 1e-2}, {20, 1e-4}}) {
      for (const int guides : {1, 3}) {
        const Image guide = RandomImage(width, height, guides, 1);
        const Image target = RandomImage(width, height, 3, -20.0f, 30.0f, 2);
        ExpectNear(FullGuidedLayer(layer, guide, target), PlainFull(layer, guide, target), 1e-4f);
      }
    }
  }
}

// Far from 0, and with variances of the size of epsilon: what is wrong where sums are in float.
TEST(FullGuidedLayer, KeepsASmallEpsilonOfGuidesThatHardlyChange) {
  Image guide = RandomImage(24, 16, 1, -2e-4f, 2e-4f, 1);
  const Image target = RandomImage(24, 16, 1, 2);
  for (int y = 0; y < guide.height(); ++y) {
    for (int x = 0; x < guide.width(); ++x) {
      guide(x, y) += x < 12 ? 0.9f : -0.9f;
    }
  }
  const GuidedLayer layer{2, 1e-8};
  ExpectNear(FullGuidedLayer(layer, guide, target), PlainFull(layer, guide, target), 1e-4f);
  const Image fast = FastGuidedLayer(layer, guide, target, guide);
  for (int y = 0; y < guide.height(); ++y) {
    for (int x = 0; x < guide.width(); ++x) {
      const PlainFit fit = FitAt(layer, guide, target, x, y);
      ASSERT_NEAR(fast(x, y), fit.a * guide(x, y) + fit.b, 1e-4) << x << " " << y;
    }
  }
}

TEST(FastGuidedLayer, EnlargesFitsWithTheCornersOnEachOther) {
  const GuidedLayer layer{1, 1e-3};
  const Image low_guide = RandomImage(4, 3, 1, 1);
  const Image low_target = RandomImage(4, 3, 2, 2);
  const Image guide = RandomImage(10, 9, 1, 3);  // 3 x 4 times the steps
  const Image result = FastGuidedLayer(layer, low_guide, low_target, guide);
  for (int c = 0; c < 2; ++c) {
    for (int y = 0; y < 9; ++y) {
      for (int x = 0; x < 10; ++x) {
        double value = 0.0;
        for (const int down : {0, 1}) {
          for (const int right : {0, 1}) {
            const double share = (down == 0 ? 1.0 - y % 4 / 4.0 : y % 4 / 4.0) *
                                 (right == 0 ? 1.0 - x % 3 / 3.0 : x % 3 / 3.0);
            const PlainFit fit = FitAt(layer, low_guide, low_target.view().Channel(c),
                                       std::min(x / 3 + right, 3), std::min(y / 4 + down, 2));
            value += share * (fit.a * guide(x, y) + fit.b);
          }
        }
        ASSERT_NEAR(result(x, y, c), value, 1e-5) << x << " " << y;
      }
    }
  }
}

TEST(GuidedLayer, KeepsConstantsAndFollowsTheTargetsScale) {
  const Image guide = RandomImage(12, 9, 1, 1);
  Image constant(12, 9);
  std::fill_n(constant.data(), constant.size(), 7.5f);
  ExpectNear(FullGuidedLayer({}, guide, constant), constant, 1e-5f);
  const Image target = RandomImage(12, 9, 1, 2);
  Image scaled = Image::Clone(target);
  std::for_each(scaled.data(), scaled.data() + scaled.size(),
                [](float& value) { value = 10.0f * value - 3.0f; });
  const Image plain = FullGuidedLayer({}, guide, target);
  const Image result = FullGuidedLayer({}, guide, scaled);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_NEAR(result.data()[i], 10.0f * plain.data()[i] - 3.0f, 1e-5f);
  }
  // One size: the guide itself is found again.
  ExpectNear(FastGuidedLayer({2, 1e-9}, guide, guide, guide), guide, 1e-4f);
}

TEST(GuidedLayer, RefusesWhatDoesNotFit) {
  const Image one(4, 3);
  const Image three(4, 3, 3);
  EXPECT_THAT([&] { FullGuidedLayer({}, three, one); },
              ThrowsMessage<Error>(HasSubstr("3 channels for a target of 1")));
  EXPECT_THAT([&] { FullGuidedLayer({}, Image(3, 4), one); },
              ThrowsMessage<Error>(HasSubstr("3 x 4")));
  EXPECT_THROW(FullGuidedLayer({}, Image(), Image()), Error);
  EXPECT_THROW(FullGuidedLayer({-1, 0.1}, one, one), Error);
  EXPECT_THROW(FullGuidedLayer({1001, 0.1}, one, one), Error);
  EXPECT_THROW(FullGuidedLayer({1, 0.0}, one, one), Error);
  EXPECT_THROW(FullGuidedLayer({1, std::nan("")}, one, one), Error);
  EXPECT_THAT([&] { FastGuidedLayer({}, one, three, three); },
              ThrowsMessage<Error>(HasSubstr("at the lower size")));
  EXPECT_THROW(FastGuidedLayer({}, one, one, Image()), Error);
}

double Dot(ConstView a, ConstView b) {
  double sum = 0.0;
  for (int c = 0; c < a.channels; ++c) {
    for (int y = 0; y < a.height; ++y) {
      for (int x = 0; x < a.width; ++x) {
        sum += static_cast<double>(a(x, y, c)) * b(x, y, c);
      }
    }
  }
  return sum;
}

Image Moved(const Image& image, const Image& direction, float step) {
  Image moved = Image::Clone(image);
  for (std::size_t i = 0; i < moved.size(); ++i) {
    moved.data()[i] += step * direction.data()[i];
  }
  return moved;
}

// Central differences along a direction at random, of each image in turn.
TEST(GuidedGradients, AreTheSlopesOfTheLayer) {
  constexpr float kStep = 1e-2f;
  const GuidedLayer layer{2, 0.5};
  for (const int guides : {1, 2}) {
    const Image low = RandomImage(7, 6, guides, -1.0f, 3.0f, 1);
    const Image target = RandomImage(7, 6, 2, -5.0f, 5.0f, 2);
    const Image high = RandomImage(15, 10, guides, -1.0f, 3.0f, 3);
    const Image of_full = RandomImage(7, 6, 2, -1.0f, 1.0f, 4);
    const Image of_fast = RandomImage(15, 10, 2, -1.0f, 1.0f, 5);
    const auto full = [&](const Image& x, const Image& y) {
      return Dot(FullGuidedLayer(layer, x, y), of_full);
    };
    const auto fast = [&](const Image& x, const Image& y, const Image& z) {
      return Dot(FastGuidedLayer(layer, x, y, z), of_fast);
    };
    const GuidedGradients by_full = FullGuidedGradients(layer, low, target, of_full);
    const GuidedGradients by_fast = FastGuidedGradients(layer, low, target, high, of_fast);
    const auto expect = [&](const Image& gradient, const Image& image, const auto& value) {
      ASSERT_EQ(gradient.size(), image.size());
      const Image direction =
          RandomImage(image.width(), image.height(), image.channels(), -1.0f, 1.0f, 6);
      const double slope =
          (value(Moved(image, direction, kStep)) - value(Moved(image, direction, -kStep))) /
          (2.0 * kStep);
      EXPECT_NEAR(Dot(gradient, direction), slope, 2e-3 * (1.0 + std::abs(slope)));
      EXPECT_GT(std::abs(slope), 1e-2);
    };
    expect(by_full.guide, low, [&](const Image& moved) { return full(moved, target); });
    expect(by_full.target, target, [&](const Image& moved) { return full(low, moved); });
    expect(by_fast.guide, low, [&](const Image& moved) { return fast(moved, target, high); });
    expect(by_fast.target, target, [&](const Image& moved) { return fast(low, moved, high); });
    expect(by_fast.high_guide, high, [&](const Image& moved) { return fast(low, target, moved); });
  }
  EXPECT_THROW(FullGuidedGradients(layer, Image(4, 3), Image(4, 3), Image(3, 4)), Error);
  EXPECT_THROW(FastGuidedGradients(layer, Image(4, 3), Image(4, 3), Image(8, 6), Image(4, 3)),
               Error);
}

}  // namespace
}  // namespace dkn
