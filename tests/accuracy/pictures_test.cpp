#include "src/synth/pictures.h"

#include <gtest/gtest.h>

#include <cmath>

#include "dkn/joint_filter.h"
#include "dkn/registry.h"
#include "src/imaging/noise.h"

namespace dkn {
namespace {

constexpr int kWidth = 320;
constexpr int kHeight = 240;
constexpr int kBorder = 6;
constexpr std::uint64_t kRoom = 4000;

// Of values in [0, 1], in dB.
double Psnr(ConstView image, ConstView truth) {
  double sum = 0.0;
  int count = 0;
  for (int c = 0; c < truth.channels; ++c) {
    for (int y = kBorder; y < truth.height - kBorder; ++y) {
      for (int x = kBorder; x < truth.width - kBorder; ++x) {
        sum += std::pow(static_cast<double>(image(x, y, c)) - truth(x, y, c), 2);
        ++count;
      }
    }
  }
  return -10.0 * std::log10(sum / count);
}

struct Level {
  double electrons;
  double psnr;  // of what fdkn_photo makes of it, in dB
  double gain;  // at least, over the noisy picture
};

// The accuracy of the weights for pictures, on a room by flash that nobody trained on.
TEST(ShippedPictureModelTest, KeepsItsAccuracy) {
  const SceneOptions options{.seed = kRoom, .width = kWidth, .height = kHeight};
  const Scene scene = RandomScene(kRoom);
  const Image truth = RenderPicture(scene, PictureKind::kNoflash, options, {});
  const Image flash = RenderPicture(scene, PictureKind::kFlash, options, {});
  const auto filter = CreateFilter("fdkn_photo");
  for (const Level& level :
       {Level{400.0, 37.75, 4.5}, Level{100.0, 34.29, 8.0}, Level{25.0, 30.61, 12.0}}) {
    Image noisy = Image::Clone(truth);
    AddCameraNoise(noisy, level.electrons, 2.0, kRoom);
    FilterOutput output;
    filter->Apply({flash, noisy}, output);
    const double reached = Psnr(output.image, truth);
    EXPECT_NEAR(reached, level.psnr, 0.15) << level.electrons;
    EXPECT_GT(reached, Psnr(noisy, truth) + level.gain) << level.electrons;
  }
}

}  // namespace
}  // namespace dkn
