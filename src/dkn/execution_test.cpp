#include "src/dkn/execution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "src/core/test_images.h"
#include "src/dkn/random_weights.h"

namespace dkn {
namespace {

Image Filter(const Execution& execution, ConstView guide, ConstView target) {
  const auto filter = execution.Prepare(target.width, target.height);
  filter->SetGuide(guide);
  Image out(target.width, target.height);
  filter->Filter(target, target, out);
  return out;
}

// The appendix's 16 passes, and the execution that computes what they share once.
TEST(ExecutionTest, SharedShiftAndStitchEqualsShiftAndStitch) {
  for (const char* json :
       {R"({"kind": "dkn"})", R"({"kind": "dkn", "kernel_size": 5, "residual": false})"}) {
    const Architecture architecture = ArchitectureFromJson(json);
    const TensorFile weights = RandomWeights(architecture, 1);
    const auto plain = MakeShiftAndStitch(weights, architecture);
    const auto shared = MakeExecution(weights, architecture);
    for (const auto& [width, height] : {std::pair{4, 4}, {44, 28}}) {
      const Image guide = RandomImage(width, height, 3, 2);
      const Image target = RandomImage(width, height, 1, 3);
      const Image expected = Filter(*plain, guide, target);
      SCOPED_TRACE(json);
      ExpectNear(Filter(*shared, guide, target), expected, 1e-5f);
    }
  }
}

// What a filter did for one target does not reach the next.
TEST(ExecutionTest, FiltersForgetTheLastTarget) {
  for (const char* json : {R"({"kind": "dkn"})", R"({"kind": "dkn", "streams": "one"})",
                           R"({"kind": "fdkn", "streams": "one"})"}) {
    const Architecture architecture = ArchitectureFromJson(json);
    const auto execution = MakeExecution(RandomWeights(architecture, 4), architecture);
    const Image guide = RandomImage(24, 20, 3, 5);
    const Image first = RandomImage(24, 20, 1, 6);
    const Image second = RandomImage(24, 20, 1, 7);
    const auto filter = execution->Prepare(24, 20);
    filter->SetGuide(guide);
    Image out(24, 20);
    filter->Filter(first, first.view(), out);
    filter->Filter(second, second.view(), out);
    const Image expected = Filter(*execution, guide, second);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(out.data()[i], expected.data()[i]) << json << " at " << i;
    }
  }
}

// FDKN's strips of 160 blocks seldom fill a row: the last one reaches back. Its pixels are those of
// a narrower image, which is one strip.
TEST(ExecutionTest, WidthsNeedNotBeWholeStrips) {
  const Architecture architecture = ArchitectureFromJson(R"({"n1": 32, "n2": 32})");
  const auto execution = MakeExecution(RandomWeights(architecture, 11), architecture);
  for (const int width : {644, 700, 1276}) {
    const Image guide = RandomImage(width, 8, 3, 12);
    const Image target = RandomImage(width, 8, 1, 13);
    const Image whole = Filter(*execution, guide, target);
    const int part = 300;
    const int seen = 64;  // more than the network sees beside a pixel
    const Image last = Filter(*execution, guide.view().Crop(width - part, 0, part, 8),
                              target.view().Crop(width - part, 0, part, 8));
    ExpectNear(whole.view().Crop(width - part + seen, 0, part - seen, 8),
               last.view().Crop(seen, 0, part - seen, 8), 5e-5f);
  }
}

// FDKN sees 13 x 13 resampled pixels, 52 x 52 of the image: a pixel of the guide changes what is 6
// blocks away, and nothing further.
TEST(ExecutionTest, FdknSees13ResampledPixels) {
  const Architecture architecture = ArchitectureFromJson(R"({"n1": 32, "n2": 32})");
  const auto execution = MakeExecution(RandomWeights(architecture, 8), architecture);
  Image guide = RandomImage(104, 104, 3, 9);
  const Image target = RandomImage(104, 104, 1, 10);
  const Image before = Filter(*execution, guide, target);
  guide(52, 52, 1) += 10.0f;  // in block 13
  const Image after = Filter(*execution, guide, target);
  int first = 104;
  int last = -1;
  for (int y = 0; y < 104; ++y) {
    for (int x = 0; x < 104; ++x) {
      // More than the rounding of Winograd's algorithm, which reads a little further.
      if (std::abs(before(x, y) - after(x, y)) > 1e-4f) {
        first = std::min({first, x / 4, y / 4});
        last = std::max({last, x / 4, y / 4});
      }
    }
  }
  EXPECT_EQ(first, 13 - 6);
  EXPECT_EQ(last, 13 + 6);
}

}  // namespace
}  // namespace dkn
