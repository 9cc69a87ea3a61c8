#include "src/dkn/shifted_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "src/core/test_images.h"
#include "src/dkn/model_tensors.h"
#include "src/dkn/random_weights.h"

namespace dkn {
namespace {

Architecture Dkn() {
  return ArchitectureFromJson(R"({"kind": "dkn", "n1": 64, "n2": 48})");
}

std::vector<Convolution> Chain(const Architecture& architecture, Stream stream) {
  return StreamConvolutions(RandomWeights(architecture, 1), architecture, stream);
}

// What is computed once for several shifts is what each would compute for itself.
TEST(ShiftedStreamTest, SharedShiftsEqualWholePasses) {
  const Architecture architecture = Dkn();
  const Footprint footprint = FootprintOf(architecture);
  for (const Stream stream : {Stream::kGuide, Stream::kTarget}) {
    const auto whole = MakeWholePasses(Chain(architecture, stream), footprint);
    const auto shared = MakeSharedShifts(Chain(architecture, stream), footprint);
    const int channels = stream == Stream::kGuide ? 3 : 1;
    for (const auto& [width, height] : {std::pair{4, 4}, {12, 8}, {60, 44}}) {
      const auto expected = whole->Prepare(width, height);
      const auto session = shared->Prepare(width, height);
      for (unsigned image = 0; image < 2; ++image) {  // nothing of the first one remains
        const Image values = RandomImage(width, height, channels, image);
        expected->SetImage(values);
        session->SetImage(values);
        for (int shift = 15; shift >= 0; --shift) {  // in any order
          const float* a = expected->Heads(shift % 4, shift / 4);
          const float* b = session->Heads(shift % 4, shift / 4);
          for (int i = 0; i < 27 * width * height / 16; ++i) {
            ASSERT_NEAR(a[i], b[i], 1e-5f) << "shift " << shift << " value " << i;
          }
        }
      }
    }
  }
}

// A result sees size x size pixels, `before` of them left of and above its own: those that change
// it when they change. Table 1 says 51; its first DownConv drops the last row and column.
TEST(ShiftedStreamTest, SeesItsFootprintAndNoMore) {
  for (const auto& [features, size] :
       {std::pair{"down_conv", 50}, {"plain", 51}, {"dilated", 51}, {"small", 23}}) {
    Architecture architecture = ArchitectureFromJson(
        std::string(R"({"kind": "dkn", "n1": 24, "n2": 24, "dkn_features": ")") + features + "\"}");
    const Footprint footprint = FootprintOf(architecture);
    EXPECT_EQ(footprint.size, size);
    const auto stream = MakeWholePasses(Chain(architecture, Stream::kTarget), footprint);
    constexpr int kSize = 64;
    const auto session = stream->Prepare(kSize, kSize);
    Image image = RandomImage(kSize, kSize, 1, 3);
    const auto result = [&](int change_x, int change_y) {
      const float value = std::exchange(image(change_x, change_y), 100.0f);
      session->SetImage(image);
      const float* heads = session->Heads(0, 0);
      image(change_x, change_y) = value;
      const int at = 32 / footprint.stride;
      const float* pixel = heads + 27 * (at * (kSize / footprint.stride) + at);
      return std::vector<float>(pixel, pixel + 27);
    };
    const auto unchanged = result(0, 0);  // too far away
    const auto change = [&](int x, int y) {
      const auto changed = result(x, y);
      float most = 0.0f;
      for (std::size_t i = 0; i < changed.size(); ++i) {
        most = std::max(most, std::abs(changed[i] - unchanged[i]));
      }
      return most;
    };
    const int first = 32 - footprint.before;
    const int last = first + size - 1;
    // Nothing; but a tile of Winograd's algorithm, which `dilated` has, rounds what it does not
    // see.
    float unseen = 0.0f;
    for (const auto& [x, y] :
         {std::pair{first - 1, 32}, {last + 1, 32}, {32, first - 1}, {32, last + 1}}) {
      unseen = std::max(unseen, change(x, y));
    }
    EXPECT_LT(unseen, features == std::string("dilated") ? 1e-4f : 1e-30f) << features;
    for (const auto& [x, y] : {std::pair{first, 32},
                               {last, 32},
                               {32, first},
                               {32, last},
                               {first, first},
                               {last, last}}) {
      EXPECT_GT(change(x, y), unseen) << features << " " << x << ", " << y;
    }
  }
}

}  // namespace
}  // namespace dkn
