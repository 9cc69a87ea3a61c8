// Properties of resampling, for sizes at random and views into larger images.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "dkn/resample.h"
#include "src/core/test_properties.h"

namespace dkn {
namespace {

constexpr Resampler kAll[] = {Resampler::kNearest, Resampler::kBox, Resampler::kBilinear,
                              Resampler::kBicubic, Resampler::kLanczos};

// Pixels of the source, in each direction, beyond which a value has no influence.
int Support(Resampler resampler, double shrink) {
  const double radius = resampler == Resampler::kLanczos   ? 3.0
                        : resampler == Resampler::kBicubic ? 2.0
                                                           : 1.0;
  return static_cast<int>(std::ceil(radius * std::max(1.0, shrink))) + 1;
}

class ResamplePropertyTest : public testing::TestWithParam<Resampler> {
 protected:
  int Size() { return RandomInt(0, 3, random_) == 0 ? 1 : RandomInt(1, 90, random_); }

  std::mt19937 random_{9};
};

TEST_P(ResamplePropertyTest, ViewsGiveWhatTheirCopiesDo) {
  for (int trial = 0; trial < Trials(40); ++trial) {
    GuardedImage source(Size(), Size(), RandomInt(1, 3, random_), random_);
    const int width = Size();
    const int height = Size();
    const Image copy = Image::Clone(source);
    ExpectNear(Resize(source, width, height, GetParam()), Resize(copy, width, height, GetParam()),
               0.0f);
    source.CheckGuard();
  }
}

// All but the overshooting ones stay in the source's range; those leave it by a fifth at most for
// each direction.
TEST_P(ResamplePropertyTest, ValuesStayInRange) {
  const bool overshoots = GetParam() == Resampler::kBicubic || GetParam() == Resampler::kLanczos;
  const float beyond = overshoots ? 0.45f : 1e-6f;
  for (int trial = 0; trial < Trials(40); ++trial) {
    GuardedImage source(Size(), Size(), 1, random_);
    const Image out = Resize(source, Size(), Size(), GetParam());
    const auto [low, high] = std::minmax_element(out.data(), out.data() + out.size());
    ASSERT_GE(*low, -beyond);
    ASSERT_LE(*high, 1.0f + beyond);
  }
}

// NaN spreads over the filter's support and no further: other pixels do not see it.
TEST_P(ResamplePropertyTest, NanSpreadsNoFurtherThanTheSupport) {
  for (int trial = 0; trial < Trials(40); ++trial) {
    Image source = RandomImage(Size(), Size(), 1, random_());
    const int width = Size();
    const int height = Size();
    const Image before = Resize(source, width, height, GetParam());
    const int bad_x = RandomInt(0, source.width() - 1, random_);
    const int bad_y = RandomInt(0, source.height() - 1, random_);
    source(bad_x, bad_y) = std::numeric_limits<float>::quiet_NaN();
    const Image after = Resize(source, width, height, GetParam());
    const double scale_x = static_cast<double>(source.width()) / width;
    const double scale_y = static_cast<double>(source.height()) / height;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const double dx = std::abs((x + 0.5) * scale_x - (bad_x + 0.5));
        const double dy = std::abs((y + 0.5) * scale_y - (bad_y + 0.5));
        if (dx > Support(GetParam(), scale_x) || dy > Support(GetParam(), scale_y)) {
          ASSERT_EQ(after(x, y), before(x, y)) << "x " << x << " y " << y;
        }
      }
    }
  }
}

// Rows and columns are resampled one after the other, so mirroring and transposing commute with it.
TEST_P(ResamplePropertyTest, TransposingCommutes) {
  const auto transposed = [](const Image& image) {
    Image out(image.height(), image.width());
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        out(y, x) = image(x, y);
      }
    }
    return out;
  };
  for (int trial = 0; trial < Trials(40); ++trial) {
    const Image source = RandomImage(Size(), Size(), 1, random_());
    const int width = Size();
    const int height = Size();
    const Image expected = transposed(Resize(source, width, height, GetParam()));
    ExpectNear(Resize(transposed(source), height, width, GetParam()), expected, 2e-6f);
  }
}

INSTANTIATE_TEST_SUITE_P(Resamplers, ResamplePropertyTest, testing::ValuesIn(kAll),
                         [](const auto& info) { return ToString(info.param); });

}  // namespace
}  // namespace dkn
