#include "src/bench/convolution_floor.h"

#include <gtest/gtest.h>

#include <string>

#include "src/dkn/operations.h"
#include "src/dkn/random_weights.h"

namespace dkn {
namespace {

double Operations(const std::string& json, int width, int height) {
  const Architecture architecture = ArchitectureFromJson(json);
  ConvolutionFloor floor(RandomWeights(architecture, 1), architecture, Precision::kFp32, width,
                         height);
  floor.Run();
  EXPECT_DOUBLE_EQ(Operations(architecture, width, height), floor.operations());
  return floor.operations();
}

// Table 2, for each resampled pixel of a guide of 48 channels and a target of 16: two for each
// weight.
TEST(ConvolutionFloorTest, CountsFdknsOperations) {
  const double after_the_first =
      9.0 * (32 * 32 + 32 * 64 + 64 * 64 + 64 * 128 + 128 * 128) + 128 * 27 * 16;
  const double both = 9.0 * (48 + 16) * 32 + 2.0 * after_the_first;
  EXPECT_DOUBLE_EQ(Operations("{}", 64, 48), 2.0 * both * 16 * 12);
}

// Table 1's layers 5 to 7 and the heads run on a pixel's own sixteenth, with the borders that the
// convolutions still consume.
TEST(ConvolutionFloorTest, CountsDknsOperations) {
  const int width = 32;
  const int height = 16;
  const auto stream = [&](int channels) {
    const auto area = [&](int border) { return double(width + border) * (height + border); };
    // 50 x 50 see a pixel: 49 more than the image, 43 after conv1; each phase then has a half, and
    // later a quarter, of what the stride leaves.
    double sum = 49.0 * channels * 32 * area(43);
    const double half_width = (width + 43 - 1) / 2;
    const double half_height = (height + 43 - 1) / 2;
    sum += 4.0 * 4 * 32 * 32 * half_width * half_height;
    sum += 4.0 * 25 * 32 * 64 * (half_width - 4) * (half_height - 4);
    const double quarter_width = width / 4 + 8;
    const double quarter_height = height / 4 + 8;
    sum += 16.0 * 4 * 64 * 64 * quarter_width * quarter_height;
    sum += 16.0 * 25 * 64 * 128 * (quarter_width - 4) * (quarter_height - 4);
    sum += 16.0 * 9 * 128 * 128 * (quarter_width - 6) * (quarter_height - 6);
    sum += 16.0 * (9 * 128 * 128 + 128 * 27) * (quarter_width - 8) * (quarter_height - 8);
    return sum;
  };
  EXPECT_DOUBLE_EQ(Operations(R"({"kind": "dkn"})", width, height), 2.0 * (stream(3) + stream(1)));
}

// Without DownConv there is one pass of one result for each pixel.
TEST(ConvolutionFloorTest, CountsOneStreamsOperations) {
  const double a = Operations(R"({"kind": "dkn", "dkn_features": "small"})", 16, 16);
  const double b =
      Operations(R"({"kind": "dkn", "dkn_features": "small", "guide": "none"})", 16, 16);
  EXPECT_GT(a, 2.0 * b);
  EXPECT_LT(a, 2.5 * b);
}

// Operations, from the layers alone, are those of the convolutions as they run: see above.
TEST(ConvolutionFloorTest, CountsOfOtherFeaturesAreThoseOfTheLayers) {
  Operations(R"({"kind": "dkn", "dkn_features": "plain"})", 8, 12);
  Operations(R"({"kind": "dkn", "dkn_features": "dilated"})", 12, 8);
  Operations(R"({"kind": "fdkn", "blocks": 2, "levels": 2, "streams": "one"})", 8, 12);
  Operations(R"({"kind": "dkn", "offsets_from": "guide", "weights_from": "target"})", 8, 8);
}

}  // namespace
}  // namespace dkn
