#include "src/report/showcase.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "src/core/test_files.h"
#include "src/report/test_shown_image.h"

namespace dkn::report {
namespace {

// What CheckShownImage says of the small image after a change.
std::string Complaint(const std::function<void(ShownImage&)>& change) {
  ShownImage image = SmallShownImage();
  image.kernels.push_back(SmallKernels(image, "good", 3));
  change(image);
  return ErrorText([&] { CheckShownImage(image); });
}

TEST(CheckShownImage, TakesWhatFits) {
  EXPECT_EQ(Complaint([](ShownImage&) {}), "");
  EXPECT_EQ(Complaint([](ShownImage& image) { image.guide = Image(96, 64, 1); }), "");
  EXPECT_EQ(Complaint([](ShownImage& image) { image.truth(3, 3) = std::nanf(""); }), "");
  EXPECT_EQ(Complaint([](ShownImage& image) { image.input = Image(13, 9); }), "");
}

TEST(CheckShownImage, NamesWhatDoesNotFit) {
  const float infinite = std::numeric_limits<float>::infinity();
  const auto says = [](const std::string& part, const std::function<void(ShownImage&)>& change) {
    const std::string complaint = Complaint(change);
    EXPECT_NE(complaint.find("set/name"), std::string::npos) << complaint;
    EXPECT_NE(complaint.find(part), std::string::npos) << complaint;
  };
  says("the guide is 96 x 64 x 2", [](ShownImage& image) { image.guide = Image(96, 64, 2); });
  says("the guide is 0 x 0", [](ShownImage& image) { image.guide = Image(); });
  says("the input is 97 x 8", [](ShownImage& image) { image.input = Image(97, 8); });
  says("the input is 12 x 8 x 3", [](ShownImage& image) { image.input = Image(12, 8, 3); });
  says("the input is 0 x 0", [](ShownImage& image) { image.input = Image(); });
  says("no finite value",
       [&](ShownImage& image) { std::fill_n(image.input.data(), image.input.size(), infinite); });
  says("the truth is 95 x 64", [](ShownImage& image) { image.truth = Image(95, 64); });
  says("no result", [](ShownImage& image) { image.results.clear(); });
  says("the result of 'bad' is 1 x 1",
       [](ShownImage& image) { image.results[1].result = Image(1, 1); });
  says("none of the results", [](ShownImage& image) { image.kernels[0].method = "other"; });
  says("size 0", [](ShownImage& image) { image.kernels[0].size = 0; });
  says("size 1000000", [](ShownImage& image) { image.kernels[0].size = 1000000; });
  says("expected 96 x 64 x 9", [](ShownImage& image) { image.kernels[0].weights = Image(96, 64); });
  says("expected 96 x 64 x 18",
       [](ShownImage& image) { image.kernels[0].positions = Image(96, 64, 9); });
  says("not finite", [&](ShownImage& image) { image.kernels[0].positions(1, 1, 1) = infinite; });
}

TEST(NearestInput, RepeatsSamples) {
  const ShownImage image = SmallShownImage();
  const Image nearest = NearestInput(image);
  ASSERT_EQ(nearest.width(), 96);
  EXPECT_EQ(nearest(47, 63), 100.0f);
  EXPECT_EQ(nearest(48, 0), 200.0f);
}

TEST(Errors, HaveTheirSignAndKnowTheUnknown) {
  Image result(3, 1);
  Image truth(3, 1);
  result(0, 0) = 5;
  truth(0, 0) = 7;
  truth(1, 0) = std::nanf("");
  truth(2, 0) = std::numeric_limits<float>::infinity();
  EXPECT_EQ(SignedError(result, truth)(0, 0), -2.0f);
  EXPECT_EQ(AbsoluteError(result, truth)(0, 0), 2.0f);
  EXPECT_TRUE(std::isnan(AbsoluteError(result, truth)(1, 0)));
  EXPECT_TRUE(std::isnan(SignedError(result, truth)(2, 0)));
  EXPECT_THROW(AbsoluteError(result, Image(2, 1)), Error);
}

TEST(PercentileOfFinite, CountsFiniteValues) {
  Image values(102, 1);
  for (int x = 0; x <= 100; ++x) {
    values(x, 0) = static_cast<float>((x * 37) % 101);  // 0..100 in another order
  }
  values(101, 0) = std::nanf("");
  EXPECT_EQ(PercentileOfFinite(values, 98), 98.0f);
  EXPECT_EQ(PercentileOfFinite(values, 0), 0.0f);
  EXPECT_EQ(PercentileOfFinite(values, 100), 100.0f);
  values = Image(1, 1);
  values(0, 0) = std::nanf("");
  EXPECT_TRUE(std::isnan(PercentileOfFinite(values, 50)));
}

TEST(DepthRange, IsTheTruths) {
  ShownImage image = SmallShownImage();
  image.input(0, 0) = 50;
  EXPECT_EQ(DepthRange(image), (ValueRange{100, 200}));
  std::fill_n(image.truth.data(), image.truth.size(), std::nanf(""));
  EXPECT_EQ(DepthRange(image), (ValueRange{50, 200}));
}

TEST(ErrorLimit, IsThatOfTheWorstMethod) {
  ShownImage image = SmallShownImage();
  EXPECT_EQ(ErrorLimit(image), 20.0f);  // of "bad", wrong at 144 of 6144 pixels, 2.3 %
  EXPECT_EQ(ErrorLimit({image.results[0].result}, image.truth), 1.0f);
  image.results.pop_back();
  image.results[0].result = Image::Clone(image.truth);
  EXPECT_EQ(ErrorLimit(image), 1.0f);  // exact
  std::fill_n(image.truth.data(), image.truth.size(), std::nanf(""));
  EXPECT_EQ(ErrorLimit(image), 1.0f);
}

}  // namespace
}  // namespace dkn::report
