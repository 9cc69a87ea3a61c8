#ifndef DKN_SRC_CORE_TEST_PROPERTIES_H_
#define DKN_SRC_CORE_TEST_PROPERTIES_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

#include "dkn/image.h"
#include "src/core/test_images.h"

// What tests of properties share: cases at random, and views that notice who leaves them.
namespace dkn {

// How many cases to try: `usual`, times the environment variable DKN_TEST_TRIALS where it is set,
// as scripts/nightly.sh does.
inline int Trials(int usual) {
  const char* factor = std::getenv("DKN_TEST_TRIALS");
  return factor == nullptr ? usual : usual * std::max(1, std::atoi(factor));
}

// Whole numbers of [low, high], each as likely.
inline int RandomInt(int low, int high, std::mt19937& random) {
  return std::uniform_int_distribution<int>(low, high)(random);
}

// A view into a larger image, which holds NaN around it: what reads there gives NaN, and what
// writes there is noticed by CheckGuard.
class GuardedImage {
 public:
  // The view's values are at random in [0, 1).
  GuardedImage(int width, int height, int channels, std::mt19937& random)
      : x_(RandomInt(1, 19, random)),
        y_(RandomInt(1, 3, random)),
        width_(width),
        height_(height),
        channels_(channels),
        all_(x_ + width + RandomInt(1, 19, random), y_ + height + RandomInt(1, 3, random),
             channels + 2) {
    std::fill_n(all_.data(), all_.size(), std::numeric_limits<float>::quiet_NaN());
    const unsigned seed = random();
    Copy(RandomImage(width, height, channels, seed), view());
  }

  View view() {
    View view = all_.view().Crop(x_, y_, width_, height_);
    view.data += view.channel_stride;  // a plane before, and one after
    view.channels = channels_;
    return view;
  }
  operator View() { return view(); }       // NOLINT: usable wherever a view is
  operator ConstView() { return view(); }  // NOLINT

  void CheckGuard() {
    for (int c = 0; c < all_.channels(); ++c) {
      for (int y = 0; y < all_.height(); ++y) {
        for (int x = 0; x < all_.width(); ++x) {
          const bool inside =
              c > 0 && c <= channels_ && y >= y_ && y < y_ + height_ && x >= x_ && x < x_ + width_;
          if (!inside) {
            ASSERT_TRUE(std::isnan(all_(x, y, c)))
                << "written at x " << x - x_ << " y " << y - y_ << " channel " << c - 1;
          }
        }
      }
    }
  }

 private:
  int x_;
  int y_;
  int width_;
  int height_;
  int channels_;
  Image all_;
};

}  // namespace dkn

#endif  // DKN_SRC_CORE_TEST_PROPERTIES_H_
