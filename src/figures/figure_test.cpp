#include "src/figures/figure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <vector>

#include "dkn/error.h"
#include "dkn/io.h"
#include "src/core/test_files.h"
#include "src/core/test_images.h"
#include "src/figures/test_canvas.h"

namespace dkn::figures {
namespace {

// CIELAB of an sRGB colour (IEC 61966-2-1; CIE 15, white point D65).
struct Lab {
  double l, a, b;
};
Lab LabOf(Colour colour) {
  const auto linear = [](int byte) {
    const double v = byte / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  const double r = linear(colour.red);
  const double g = linear(colour.green);
  const double b = linear(colour.blue);
  const auto root = [](double t) {
    return t > 216.0 / 24389 ? std::cbrt(t) : (t * 24389 / 27 + 16) / 116;
  };
  const double x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const double y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const double z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

// The 256 colours of a palette.
std::vector<Lab> Steps(Palette palette) {
  Image ramp(256, 1);
  for (int x = 0; x < 256; ++x) {
    ramp(x, 0) = static_cast<float>(x);
  }
  const Image map = ColorMap(ramp, 0.0f, 255.0f, palette);
  std::vector<Lab> steps;
  for (int x = 0; x < 256; ++x) {
    steps.push_back(LabOf(PixelOf(map, x, 0)));
  }
  return steps;
}

TEST(ColorMap, EndsOfTheRange) {
  Image values(6, 1);
  const float inputs[] = {-100.0f, 2.0f, 4.0f, 1000.0f, std::nanf(""), 3.0f};
  std::copy(std::begin(inputs), std::end(inputs), values.data());
  for (const Palette palette : {Palette::kSpectrum, Palette::kGlow, Palette::kDiverging}) {
    const Image map = ColorMap(values, 2.0f, 4.0f, palette);
    EXPECT_EQ(PixelOf(map, 0, 0), PixelOf(map, 1, 0));
    EXPECT_EQ(PixelOf(map, 2, 0), PixelOf(map, 3, 0));
    EXPECT_EQ(PixelOf(map, 4, 0), Grey(128));  // unknown
  }
  const Image spectrum = ColorMap(values, 2.0f, 4.0f);  // dark blue, light, dark red
  EXPECT_GT(spectrum(0, 0, 2), 2 * spectrum(0, 0, 0));
  EXPECT_GT(spectrum(2, 0, 0), 2 * spectrum(2, 0, 2));
  EXPECT_GT(LabOf(PixelOf(spectrum, 5, 0)).l, LabOf(PixelOf(spectrum, 0, 0)).l + 40);
  EXPECT_GT(LabOf(PixelOf(spectrum, 5, 0)).l, LabOf(PixelOf(spectrum, 2, 0)).l + 40);
  const Image glow = ColorMap(values, 2.0f, 4.0f, Palette::kGlow);
  EXPECT_EQ(PixelOf(glow, 0, 0), kBlack);
  const Image diverging = ColorMap(values, 2.0f, 4.0f, Palette::kDiverging);
  EXPECT_EQ(PixelOf(diverging, 0, 0), (Colour{20, 50, 120}));
  EXPECT_EQ(PixelOf(diverging, 2, 0), (Colour{140, 15, 25}));
  EXPECT_GT(PixelOf(diverging, 5, 0).green, 240);
}

// Equal steps of the value look equally different, and far values are never alike.
TEST(ColorMap, TheSpectrumIsEven) {
  const std::vector<Lab> steps = Steps(Palette::kSpectrum);
  const auto distance = [&](std::size_t i, std::size_t j) {
    return std::hypot(steps[i].l - steps[j].l, steps[i].a - steps[j].a, steps[i].b - steps[j].b);
  };
  double sum = 0;
  for (std::size_t i = 8; i < 256; i += 8) {
    sum += distance(i - 8, i);
  }
  for (std::size_t i = 8; i < 256; ++i) {
    EXPECT_NEAR(distance(i - 8, i), sum / 31, 0.2 * sum / 31) << i;
  }
  for (std::size_t i = 0; i < 256; ++i) {
    for (std::size_t j = i + 32; j < 256; ++j) {
      EXPECT_GT(distance(i, j), 20) << i << " " << j;
    }
  }
}

TEST(ColorMap, TheGlowsLightnessIsProportional) {
  const std::vector<Lab> steps = Steps(Palette::kGlow);
  for (std::size_t i = 0; i < 256; ++i) {
    EXPECT_NEAR(steps[i].l, 97.0 * static_cast<double>(i) / 255, 1.0) << i;
  }
}

TEST(ColorMap, ARangeOfOneValue) {
  const Image map = ColorMap(Image(2, 2), 0.0f, 0.0f);
  EXPECT_EQ(PixelOf(map, 0, 0), PixelOf(map, 1, 1));
  EXPECT_THROW(ColorMap(Image(2, 2), 1.0f, 0.0f), Error);
  EXPECT_THROW(ColorMap(Image(2, 2), 0.0f, std::nanf("")), Error);
  EXPECT_THROW(ColorMap(Image(2, 2, 3), 0.0f, 1.0f), Error);
  EXPECT_THROW(ColorMap(Image(), 0.0f, 1.0f), Error);
}

TEST(PictureBytes, LimitsAndRounds) {
  Image picture(3, 2, 3);
  std::fill_n(picture.data(), picture.size(), 0.5f);
  picture(1, 0, 0) = -1.0f;
  picture(1, 0, 1) = 2.0f;
  picture(1, 0, 2) = std::nanf("");
  const FrameBuffer bytes = PictureBytes(picture.view().Crop(1, 0, 2, 2));
  const std::uint8_t expected[] = {0, 255, 0, 128, 128, 128, 128, 128, 128, 128, 128, 128};
  ASSERT_EQ(bytes.bytes(), sizeof(expected));
  EXPECT_TRUE(std::equal(std::begin(expected), std::end(expected), bytes.As<std::uint8_t>()));
}

class WriteFigureTest : public FolderTest {};

TEST_F(WriteFigureTest, WritesBytes) {
  const Image figure = ByteSteps(RandomImage(31, 17, 3, 5));
  WriteFigure(Path("a.png"), figure);
  const ImageFile file = ReadImage(Path("a.png"));
  EXPECT_EQ(file.type, SampleType::kUint8);
  Image expected = Image::Clone(figure);
  std::for_each_n(expected.data(), expected.size(), [](float& value) { value *= 255.0f; });
  ExpectNear(file.image, expected, 1e-3f);
}

TEST_F(WriteFigureTest, WritesSmallFiles) {
  const Image plot = LinePlot({{"a", {0.0, 1.0, 2.0}, {1.0, 0.0, 3.0}}}, {});
  WriteFigure(Path("small.png"), plot);
  WriteFrame(Path("fast.png"), PictureBytes(plot));
  EXPECT_LT(4 * std::filesystem::file_size(Path("small.png")),
            3 * std::filesystem::file_size(Path("fast.png")));
}

}  // namespace
}  // namespace dkn::figures
