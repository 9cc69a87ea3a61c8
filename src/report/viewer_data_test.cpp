#include "src/report/viewer_data.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "dkn/io.h"
#include "src/core/test_files.h"
#include "src/report/html_text.h"
#include "src/report/test_shown_image.h"

namespace dkn::report {
namespace {

using nlohmann::json;

constexpr std::size_t kMuch = 1000000000;

class ViewerJsonTest : public FolderTest {
 protected:
  // The picture in a data URI or in bare base64.
  ImageFile Decode(const std::string& text) const {
    const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::vector<std::uint8_t> bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text.substr(text.find(',') + 1)) {
      if (c == '=') {
        break;
      }
      bits = bits << 6 | static_cast<std::uint32_t>(digits.find(c));
      count += 6;
      if (count >= 8) {
        count -= 8;
        bytes.push_back(static_cast<std::uint8_t>(bits >> count & 255));
      }
    }
    return ReadImage(Put("picture", bytes));
  }

  void ExpectPicture(const json& picture, ConstView values, double tolerance) const {
    const ImageFile codes = Decode(picture.at("png"));
    ASSERT_EQ(codes.type, SampleType::kUint16);
    ASSERT_TRUE(SameSize(codes.image.view(), values));
    for (int y = 0; y < values.height; ++y) {
      for (int x = 0; x < values.width; ++x) {
        const double code = codes.image(x, y);
        if (!std::isfinite(values(x, y))) {
          ASSERT_EQ(code, 65535.0);
          continue;
        }
        ASSERT_LT(code, 65535.0);
        ASSERT_NEAR(picture.at("low").get<double>() + code * picture.at("step").get<double>(),
                    values(x, y), tolerance);
      }
    }
  }
};

TEST_F(ViewerJsonTest, PicturesKeepTheirValues) {
  ShownImage image = SmallShownImage();
  image.truth(5, 5) = std::nanf("");
  image.truth(6, 5) = std::numeric_limits<float>::infinity();
  image.results[0].result = RandomImage(96, 64, 1, -300.0f, 900.0f, 3);
  const json data = json::parse(ViewerJson(image, kMuch));
  const json& pictures = data.at("pictures");
  ASSERT_EQ(pictures.size(), 4u);
  EXPECT_EQ(pictures[0].at("kind"), "input");
  EXPECT_EQ(pictures[1].at("name"), "good");
  EXPECT_EQ(pictures[2].at("kind"), "method");
  EXPECT_EQ(pictures[2].at("score"), 3.1);
  EXPECT_EQ(pictures[3].at("kind"), "truth");
  const double tolerance = 0.51 * data.at("errorLimit").get<double>() / 1000;
  ExpectPicture(pictures[0], image.input, tolerance);
  ExpectPicture(pictures[1], image.results[0].result, tolerance);
  ExpectPicture(pictures[2], image.results[1].result, tolerance);
  ExpectPicture(pictures[3], image.truth, tolerance);
  EXPECT_EQ(data.at("depth"), json({100.0, 200.0}));
  EXPECT_EQ(data.at("width"), 96);
}

TEST_F(ViewerJsonTest, ValuesOfAWideRangeUseAllCodes) {
  ShownImage image = SmallShownImage();
  image.results[0].result(0, 0) = 1e6f;
  const json data = json::parse(ViewerJson(image, kMuch));
  ExpectPicture(data.at("pictures")[1], image.results[0].result, 0.51e6 / 65534);
}

TEST_F(ViewerJsonTest, KernelsKeepWeightsAndPositions) {
  ShownImage image = SmallShownImage();
  image.kernels.push_back(SmallKernels(image, "good", 3));
  ShownKernels& field = image.kernels[0];
  field.weights(20, 10, 4) = -2.5f;
  field.positions(20, 10, 2 * 4) = 6.75f;
  field.positions(20, 10, 2 * 4 + 1) = -7.0f;
  const json kernels = json::parse(ViewerJson(image, kMuch)).at("kernels")[0];
  EXPECT_EQ(kernels.at("method"), "good");
  EXPECT_EQ(kernels.at("every"), 1);
  const Image codes = Decode(kernels.at("png")).image;
  ASSERT_EQ(codes.width(), 9 * 96);
  ASSERT_EQ(codes.height(), 3 * 64);
  const double weight_step = kernels.at("weightStep");
  const double position_step = kernels.at("positionStep");
  EXPECT_EQ(position_step, 1.0 / 16);
  for (int tap = 0; tap < 9; ++tap) {
    EXPECT_NEAR((codes(tap * 96 + 20, 10) - 128) * weight_step, field.weights(20, 10, tap),
                weight_step / 2);
    EXPECT_EQ((codes(tap * 96 + 20, 64 + 10) - 128) * position_step,
              field.positions(20, 10, 2 * tap));
    EXPECT_EQ((codes(tap * 96 + 20, 128 + 10) - 128) * position_step,
              field.positions(20, 10, 2 * tap + 1));
  }
}

TEST_F(ViewerJsonTest, LargeFieldsAreThinned) {
  ShownImage image = SmallShownImage();
  image.kernels.push_back(SmallKernels(image, "bad", 3));
  image.kernels[0].weights(90, 60, 2) = 8.0f;
  const std::size_t whole = 96 * 64 * 27;
  EXPECT_EQ(json::parse(ViewerJson(image, whole)).at("kernels")[0].at("every"), 1);
  EXPECT_EQ(json::parse(ViewerJson(image, whole - 1)).at("kernels")[0].at("every"), 2);
  const json kernels = json::parse(ViewerJson(image, 32 * 22 * 27)).at("kernels")[0];
  EXPECT_EQ(kernels.at("every"), 3);
  const Image codes = Decode(kernels.at("png")).image;
  EXPECT_EQ(codes.width(), 9 * 32);
  EXPECT_EQ(codes.height(), 3 * 22);
  EXPECT_EQ(codes(2 * 32 + 30, 20), 255.0f);  // 8, the largest weight, 127 codes from 128
  EXPECT_EQ(json::parse(ViewerJson(image, 0)).at("kernels").size(), 1u);
}

TEST_F(ViewerJsonTest, TheGuideIsAPicture) {
  const ShownImage image = SmallShownImage();
  const std::string uri = json::parse(ViewerJson(image, kMuch)).at("guide");
  EXPECT_EQ(uri.find("data:image/"), 0u);
  const Image guide = Decode(uri).image;
  EXPECT_EQ(guide.width(), 96);
  EXPECT_EQ(guide.channels(), 3);
}

TEST_F(ViewerJsonTest, BeginsWhereTheMethodsDifferMost) {
  ShownImage image = SmallShownImage();
  image.results[1].result(70, 31) = 160.0f;  // all others in the square: 180
  image.truth(71, 31) = std::nanf("");
  for (int method = 0; method < 2; ++method) {
    image.results[method].result(72, 31) = 100.0f;  // both are wrong
  }
  EXPECT_EQ(json::parse(ViewerJson(image, kMuch)).at("start"), json({70, 31}));
  image.results.erase(image.results.begin());
  EXPECT_EQ(json::parse(ViewerJson(image, kMuch)).at("start"), json({72, 31}));
}

TEST_F(ViewerJsonTest, AnyTextAndAnyScore) {
  ShownImage image = SmallShownImage();
  image.results[0].method = "a\"</script>\xFF";
  image.results[0].score = std::nan("");
  const json data = json::parse(ViewerJson(image, kMuch));
  EXPECT_EQ(data.at("pictures")[1].at("name"), "a\"</script>\uFFFD");
  EXPECT_TRUE(data.at("pictures")[1].at("score").is_null());
}

}  // namespace
}  // namespace dkn::report
