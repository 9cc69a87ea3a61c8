#include "src/core/guide_range.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "dkn/error.h"

namespace dkn {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kWidth = 40;
constexpr int kHeight = 30;

// A picture of one channel whose values go in even steps from `low` to `high`.
std::vector<float> Ramp(float low, float high) {
  std::vector<float> values(kWidth * kHeight);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(values.size() - 1);
    values[i] = static_cast<float>((1.0 - share) * low + share * high);
  }
  return values;
}

struct Brought {
  Image guide;
  std::string note;
};

Brought Bring(const std::vector<float>& values) {
  Brought brought;
  brought.guide = GuideOf({values.data(), SampleType::kFloat32, kWidth, kHeight}, &brought.note);
  return brought;
}

Brought BringIntegers(const std::vector<float>& values) {
  std::vector<std::uint16_t> integers;
  for (const float value : values) {
    integers.push_back(static_cast<std::uint16_t>(std::lround(value)));
  }
  Brought brought;
  brought.guide = GuideOf({integers.data(), SampleType::kUint16, kWidth, kHeight}, &brought.note);
  return brought;
}

float Last(const Image& image) {
  return image(kWidth - 1, kHeight - 1);
}

TEST(GuideRangeTest, IntegersOf16BitsAreThoseOfTheFewestBitsThatHoldThem) {
  for (const auto& [bits, largest] :
       {std::pair(8, 255.0f), {10, 1023.0f}, {12, 4095.0f}, {14, 16383.0f}}) {
    SCOPED_TRACE(bits);
    const Brought brought = BringIntegers(Ramp(0.0f, largest));
    EXPECT_EQ(Last(brought.guide), 1.0f);
    EXPECT_EQ(brought.guide(0, 0), 0.0f);
    EXPECT_THAT(brought.note, HasSubstr(" " + std::to_string(bits) + " bits"));
    const Brought above = BringIntegers(Ramp(0.0f, largest + 1.0f));
    EXPECT_LT(Last(above.guide), 0.26f);
  }
  const Brought whole = BringIntegers(Ramp(0.0f, 40000.0f));
  EXPECT_EQ(Last(whole.guide), 40000.0f / 65535.0f);
  EXPECT_THAT(whole.note, IsEmpty());
  const Brought black = BringIntegers(Ramp(0.0f, 0.0f));
  EXPECT_EQ(Last(black.guide), 0.0f);
  EXPECT_THAT(black.note, IsEmpty());
}

TEST(GuideRangeTest, IntegersOf8BitsAreNeverChanged) {
  const std::vector<std::uint8_t> dark(kWidth * kHeight, 3);
  std::string note;
  const Image guide = GuideOf({dark.data(), SampleType::kUint8, kWidth, kHeight}, &note);
  EXPECT_EQ(guide(7, 5), 3.0f / 255.0f);
  EXPECT_THAT(note, IsEmpty());
}

TEST(GuideRangeTest, FloatsInAboutUnitRangeStayAsTheyAre) {
  for (const auto& [low, high] : {std::pair(0.0f, 1.0f), {-0.2f, 1.2f}, {0.1f, 0.3f}}) {
    const std::vector<float> values = Ramp(low, high);
    const Brought brought = Bring(values);
    EXPECT_TRUE(std::equal(values.begin(), values.end(), brought.guide.data()));
    EXPECT_THAT(brought.note, IsEmpty());
  }
}

TEST(GuideRangeTest, LargerFloatsAreThoseOfTheFewestBitsToo) {
  EXPECT_EQ(Last(Bring(Ramp(0.0f, 255.0f)).guide), 1.0f);
  EXPECT_THAT(Bring(Ramp(0.0f, 255.0f)).note, HasSubstr("8 bits"));
  // Resampling overshoots.
  EXPECT_EQ(Last(Bring(Ramp(-6.0f, 260.0f)).guide), 260.0f / 255.0f);
  EXPECT_EQ(Last(Bring(Ramp(0.0f, 1023.0f)).guide), 1.0f);
  EXPECT_EQ(Last(Bring(Ramp(0.0f, 65535.0f)).guide), 1.0f);
}

TEST(GuideRangeTest, FloatsOfBothSignsGoFromTheSmallestToTheLargest) {
  for (const auto& [low, high] : {std::pair(-1.0f, 1.0f), {-2.1f, 2.6f}, {-3.0f, -1.0f}}) {
    const Brought brought = Bring(Ramp(low, high));
    EXPECT_EQ(brought.guide(0, 0), 0.0f);
    EXPECT_EQ(Last(brought.guide), 1.0f);
    EXPECT_THAT(brought.note, HasSubstr("sign"));
  }
}

// Scenes in linear light, counts of infrared and dark floats: some highlights, the rest near black.
TEST(GuideRangeTest, LightIsBroughtByItsMedian) {
  const auto with_highlights = [](float scale) {
    std::vector<float> values = Ramp(0.02f * scale, 0.4f * scale);
    values[3] = 200.0f * scale;
    values[777] = 90.0f * scale;
    return values;
  };
  const Image expected = Bring(with_highlights(1.0f)).guide;
  EXPECT_NEAR(expected(kWidth / 2, kHeight / 2), 0.5f, 0.02f);
  EXPECT_GT(expected(3, 0), 0.99f);
  EXPECT_LE(expected(3, 0), 1.0f);
  for (const float scale : {0.003f, 10.0f, 1e5f}) {  // 0.6, 2000 and 2e7 at most
    SCOPED_TRACE(scale);
    const Brought brought = Bring(with_highlights(scale));
    EXPECT_THAT(brought.note, HasSubstr("median"));
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        ASSERT_NEAR(brought.guide(x, y), expected(x, y), 1e-4f);
      }
    }
  }
  std::vector<float> infrared = Ramp(20.0f, 900.0f);
  infrared[5] = 65535.0f;
  const Brought brought = BringIntegers(infrared);
  EXPECT_NEAR(brought.guide(kWidth / 2, kHeight / 2), 0.5f, 0.02f);
  EXPECT_THAT(brought.note, HasSubstr("median"));
}

TEST(GuideRangeTest, ADrawingOnBlackIsNoLight) {
  std::vector<float> values(kWidth * kHeight, 0.0f);
  values[40] = values[41] = 65535.0f;
  const Brought brought = BringIntegers(values);
  EXPECT_EQ(brought.guide(0, 1), 1.0f);
  EXPECT_THAT(brought.note, IsEmpty());
}

// What is in range is not changed again.
TEST(GuideRangeTest, ASecondTimeChangesNothing) {
  for (const std::vector<float>& values :
       {Ramp(0.0f, 255.0f), Ramp(-1.0f, 1.0f), Ramp(0.0f, 7.0f), Ramp(0.0f, 0.01f)}) {
    const Image once = Bring(values).guide;
    std::string note;
    const Image twice = GuideOf(FrameOf(once), &note);
    EXPECT_TRUE(std::equal(once.data(), once.data() + once.size(), twice.data()));
    EXPECT_THAT(note, IsEmpty());
  }
}

// A video's frames tell one thing, not one each.
TEST(GuideRangeTest, NotesOfLikePicturesAreEqual) {
  EXPECT_EQ(BringIntegers(Ramp(0.0f, 900.0f)).note, BringIntegers(Ramp(3.0f, 1001.0f)).note);
  EXPECT_EQ(Bring(Ramp(0.0f, 3.0f)).note, Bring(Ramp(0.0f, 7.0f)).note);
}

TEST(GuideRangeTest, RefusesWhatIsNotFinite) {
  std::vector<float> values = Ramp(0.0f, 255.0f);
  values[1] = std::numeric_limits<float>::infinity();
  EXPECT_THAT([&] { Bring(values); },
              ::testing::ThrowsMessage<Error>(HasSubstr("not finite at x = 1")));
}

}  // namespace
}  // namespace dkn
