#include "dkn/upsampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/joint_filter.h"
#include "src/core/test_files.h"
#include "src/core/test_images.h"
#include "src/imaging/holes.h"

namespace dkn {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

UpsamplerOptions By(const char* method) {
  UpsamplerOptions options;
  options.method = method;
  return options;
}

// Depth in steps, with holes of 0.
FrameBuffer Depth(int width, int height) {
  FrameBuffer depth(SampleType::kUint16, width, height);
  for (int i = 0; i < width * height; ++i) {
    depth.As<std::uint16_t>()[i] =
        static_cast<std::uint16_t>(i % 7 == 3 ? 0 : 1000 + 10 * (i % width));
  }
  return depth;
}

bool SameBytes(const FrameBuffer& a, const FrameBuffer& b) {
  return a.bytes() == b.bytes() &&
         std::equal(a.As<std::uint8_t>(), a.As<std::uint8_t>() + a.bytes(), b.As<std::uint8_t>());
}

// Gives the target, and counts the sessions that it had to start.
class CountingFilter : public JointFilter {
 public:
  void Apply(const FilterInput& input, FilterOutput& output) const override {
    output.image = Image::Clone(input.target);
  }
  std::unique_ptr<FilterSession> StartSession(const FrameSize& size) const override {
    ++sessions;
    return JointFilter::StartSession(size);
  }
  mutable int sessions = 0;
};

// Sessions keep what they worked out for the guide.
TEST(UpsamplerTest, FramesWithHolesAndWithoutAreOfOneSession) {
  const CountingFilter filter;
  Upsampler upsampler(UpsamplerOptions(), filter);
  upsampler.SetGuide(FrameOf(RandomImage(64, 48, 3, 0.0f, 255.0f, 1), SampleType::kUint8));
  FrameBuffer whole = Depth(16, 12);
  std::replace(whole.As<std::uint16_t>(), whole.As<std::uint16_t>() + 16 * 12, std::uint16_t{0},
               std::uint16_t{1000});
  for (int i = 0; i < 3; ++i) {
    upsampler.Upsample(whole);
    upsampler.Upsample(Depth(16, 12));
  }
  EXPECT_EQ(filter.sessions, 1);
}

// The README's promise: a camera's frame with zeros goes in, one without comes out.
TEST(UpsamplerTest, ACamerasFrameWithHolesBecomesASharpOne) {
  const FrameBuffer rgb = FrameOf(RandomImage(64, 48, 3, 0.0f, 255.0f, 1), SampleType::kUint8);
  Upsampler upsampler;
  upsampler.SetGuide(rgb);
  const UpsampledFrame sharp = upsampler.Upsample(Depth(16, 12));
  EXPECT_EQ(sharp.image.type(), SampleType::kUint16);
  EXPECT_EQ(sharp.image.width(), 64);
  EXPECT_EQ(sharp.image.height(), 48);
  EXPECT_EQ(sharp.holes, 27);
  const auto* values = sharp.image.As<std::uint16_t>();
  EXPECT_GE(*std::min_element(values, values + 64 * 48), 1000);
  EXPECT_LE(*std::max_element(values, values + 64 * 48), 1150);
  ASSERT_EQ(upsampler.choices().size(), 1u);
  EXPECT_EQ(upsampler.choices()[0].method, "fdkn_x4");
  EXPECT_EQ(upsampler.choices()[0].scale, 4.0);
}

// In the type's own value for holes, and before anything is moved to another camera's view.
TEST(UpsamplerTest, WildValuesAreHolesButWhereEveryValueCounts) {
  const FrameBuffer rgb = FrameOf(RandomImage(64, 48, 3, 0.0f, 255.0f, 1), SampleType::kUint8);
  FrameBuffer depth = Depth(16, 12);
  depth.As<std::uint16_t>()[6 * 16 + 4] = 65535;
  UpsamplerOptions options = By("bicubic");
  options.upsample.holes = HoleMode::kKeep;
  const auto at_it = [&](const UpsampledFrame& result) {
    return result.image.As<std::uint16_t>()[26 * 64 + 18];
  };
  const auto run = [&] {
    Upsampler upsampler(options);
    upsampler.SetGuide(rgb);
    return upsampler.Upsample(depth);
  };
  const UpsampledFrame told = run();
  EXPECT_EQ(told.wild_values, 1);
  EXPECT_EQ(told.wildest_value, 65535.0f);
  EXPECT_EQ(told.holes, 28);
  EXPECT_EQ(at_it(told), 0);
  options.upsample.keep_wild_values = true;
  const UpsampledFrame kept = run();
  EXPECT_EQ(kept.wild_values, 0);
  EXPECT_EQ(kept.holes, 27);
  EXPECT_GT(at_it(kept), 20000);
  options.upsample.keep_wild_values = false;
  options.invalid_rule = InvalidRule::kNone;
  EXPECT_EQ(run().wild_values, 0);

  options.invalid_rule = InvalidRule::kByType;
  CameraPair cameras;
  cameras.depth = {16, 12, 16.0, 16.0, 7.5, 5.5};
  cameras.color = {64, 48, 64.0, 64.0, 31.5, 23.5};
  cameras.depth_to_color = RigidTransform();
  options.placement.cameras = cameras;
  const UpsampledFrame moved = run();
  EXPECT_EQ(moved.wild_values, 1);
  EXPECT_EQ(at_it(moved), 0);
}

// Whatever layout a guide and a target come in, the result is the same.
TEST(UpsamplerTest, LayoutsOfOnePictureGiveOneResult) {
  const FrameBuffer rgb = FrameOf(RandomImage(32, 24, 3, 0.0f, 255.0f, 1), SampleType::kUint8);
  const FrameBuffer depth = Depth(8, 6);
  Upsampler upsampler(By("guided"));
  upsampler.SetGuide(rgb);
  const UpsampledFrame expected = upsampler.Upsample(depth);

  std::vector<std::uint8_t> bgra(32 * 24 * 4, 9);
  for (int i = 0; i < 32 * 24; ++i) {
    for (int c = 0; c < 3; ++c) {
      bgra[static_cast<std::size_t>(4 * i + 2 - c)] = rgb.As<std::uint8_t>()[3 * i + c];
    }
  }
  ConstFrame other(bgra.data(), SampleType::kUint8, 32, 24, 4);
  other.order = ChannelOrder::kBgr;
  upsampler.SetGuide(other);
  EXPECT_TRUE(SameBytes(upsampler.Upsample(depth).image, expected.image));

  Image picture = ImageOf(rgb);
  std::for_each(picture.data(), picture.data() + picture.size(), [](float& v) { v /= 255.0f; });
  upsampler.SetGuide(FrameOf(picture));
  EXPECT_TRUE(SameBytes(upsampler.Upsample(depth).image, expected.image));

  // Into the caller's memory, with gaps.
  std::vector<std::uint16_t> memory(40 * 24, 7);
  Frame out(memory.data(), SampleType::kUint16, 32, 24);
  out.row_stride = 80;
  EXPECT_TRUE(upsampler.Upsample(depth, {}, out).image.empty());
  for (int y = 0; y < 24; ++y) {
    for (int x = 0; x < 40; ++x) {
      ASSERT_EQ(memory[static_cast<std::size_t>(40 * y + x)],
                x < 32 ? expected.image.As<std::uint16_t>()[32 * y + x] : 7);
    }
  }
}

// A session keeps what it knows of a guide; a new guide, size or method must not see it.
TEST(UpsamplerTest, FramesAfterOthersAreAsTheFirst) {
  const auto guide = [](int width, unsigned seed) {
    return FrameOf(RandomImage(width, 24, 3, 0.0f, 255.0f, seed), SampleType::kUint8);
  };
  const auto alone = [&](int width, unsigned seed, const FrameBuffer& depth) {
    Upsampler upsampler;
    upsampler.SetGuide(guide(width, seed));
    return upsampler.Upsample(depth).image;
  };
  Upsampler upsampler;
  for (const auto& [width, seed, columns] :
       {std::tuple{32, 1u, 8}, {32, 1u, 8}, {32, 2u, 8}, {64, 2u, 8}, {32, 2u, 4}, {32, 1u, 32}}) {
    const FrameBuffer depth = Depth(columns, 6);
    upsampler.SetGuide(guide(width, seed));
    EXPECT_TRUE(SameBytes(upsampler.Upsample(depth).image, alone(width, seed, depth)));
    upsampler.FreeMemory();
    EXPECT_TRUE(SameBytes(upsampler.Upsample(depth).image, alone(width, seed, depth)));
  }
}

TEST(UpsamplerTest, ARefusedGuideLeavesTheOneBefore) {
  Upsampler upsampler(By("guided"));
  upsampler.SetGuide(FrameOf(RandomImage(32, 24, 3, 1)));
  const UpsampledFrame expected = upsampler.Upsample(Depth(8, 6));
  Image bad = RandomImage(32, 24, 3, 2);
  bad(3, 4, 1) = kHole;
  EXPECT_THAT(ErrorText([&] { upsampler.SetGuide(FrameOf(bad)); }), HasSubstr("x = 3, y = 4"));
  EXPECT_THROW(upsampler.SetGuide(FrameOf(Image(32, 24, 5))), Error);
  EXPECT_THROW(upsampler.SetGuide(ConstFrame()), Error);
  EXPECT_TRUE(SameBytes(upsampler.Upsample(Depth(8, 6)).image, expected.image));
}

TEST(UpsamplerTest, AMaskOfAnyTypeMarksHoles) {
  Image depth(8, 6);
  std::fill_n(depth.data(), depth.size(), 2.0f);
  depth(4, 3) = 99.0f;
  FrameBuffer mask(SampleType::kUint8, 8, 6);
  std::fill_n(mask.As<std::uint8_t>(), 48, std::uint8_t{255});
  mask.As<std::uint8_t>()[3 * 8 + 4] = 0;
  Upsampler upsampler(By("bicubic"));
  upsampler.SetGuide(FrameOf(RandomImage(32, 24, 3, 1)));
  const UpsampledFrame result = upsampler.Upsample(FrameOf(depth), mask);
  EXPECT_EQ(result.holes, 1);
  ExpectNear(ImageOf(result.image), Image::Clone([&] {
               static Image flat(32, 24);
               std::fill_n(flat.data(), flat.size(), 2.0f);
               return flat.view();
             }()),
             1e-5f);
}

TEST(UpsamplerTest, ResultsInAnotherType) {
  UpsamplerOptions options = By("bicubic");
  options.result_type = SampleType::kFloat32;
  options.upsample.holes = HoleMode::kKeep;
  Upsampler upsampler(options);
  upsampler.SetGuide(FrameOf(RandomImage(8, 6, 1, 1)));
  const UpsampledFrame metres = upsampler.Upsample(Depth(8, 6));
  const float* values = metres.image.As<float>();
  EXPECT_TRUE(std::isnan(values[3]));
  EXPECT_FLOAT_EQ(values[1], 1.010f);
  EXPECT_THROW(upsampler.Upsample(Depth(8, 6), {}, FrameBuffer(SampleType::kUint8, 8, 6)), Error);
}

TEST(UpsamplerTest, SiblingsWorkSideBySide) {
  const FrameBuffer rgb = FrameOf(RandomImage(48, 36, 3, 0.0f, 255.0f, 1), SampleType::kUint8);
  Upsampler first;
  first.SetGuide(rgb);
  const FrameBuffer depth = Depth(12, 9);
  const UpsampledFrame expected = first.Upsample(depth);
  std::vector<int> same(3);
  std::vector<std::thread> threads;
  for (int& ok : same) {
    threads.emplace_back([&, sibling = first.Sibling()]() mutable {
      sibling.SetGuide(rgb);
      ok = SameBytes(sibling.Upsample(depth).image, expected.image) ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(same, testing::Each(1));
  EXPECT_EQ(first.choices().size(), 1u);
}

TEST(UpsamplerTest, SaysWhatIsWrong) {
  Upsampler upsampler(By("bicubic"));
  const auto says = [&](const char* text, const auto& work) {
    EXPECT_THAT(ErrorText(work), HasSubstr(text));
  };
  says("call SetGuide first", [&] { upsampler.Upsample(Depth(8, 6)); });
  upsampler.SetGuide(FrameOf(RandomImage(32, 24, 3, 1)));
  says("the target is 40 x 6, larger than the guide", [&] { upsampler.Upsample(Depth(40, 6)); });
  says("the target has no data", [&] { upsampler.Upsample(ConstFrame()); });
  says("all are holes", [&] {
    FrameBuffer nothing(SampleType::kUint16, 8, 6);
    std::fill_n(nothing.As<std::uint16_t>(), 48, std::uint16_t{0});
    upsampler.Upsample(nothing);
  });
  says("no method or model is named 'nonsense'", [] { Upsampler bad(By("nonsense")); });
  says("a step (--scale) of 0", [] {
    UpsamplerOptions options;
    options.step = 0.0;
    Upsampler bad(options);
  });
  EXPECT_THAT(upsampler.choices(), IsEmpty());
}

TEST(UpsamplerTest, AGuidesRangeIsTold) {
  Upsampler upsampler(By("guided"));
  EXPECT_THAT(upsampler.guide_note(), IsEmpty());
  const Image picture = RandomImage(32, 24, 3, 0.0f, 1023.0f, 4);
  upsampler.SetGuide(FrameOf(picture, SampleType::kUint16));
  EXPECT_THAT(upsampler.guide_note(), HasSubstr("10 bits"));
  upsampler.SetGuide(FrameOf(RandomImage(32, 24, 3, 5)));
  EXPECT_THAT(upsampler.guide_note(), IsEmpty());
}

// What it names suffices, and changes nothing but tiles; less does not. Of what is reserved, too.
TEST(UpsamplerTest, ABoundOfMemoryThatDoesNotSufficeNamesTheLeast) {
  const FrameBuffer rgb = FrameOf(RandomImage(320, 240, 3, 0.0f, 255.0f, 1), SampleType::kUint8);
  for (const auto& [width, height, reserved] : {std::tuple(40, 30, 0), {320, 240, 30'000'000}}) {
    UpsamplerOptions options = By("fdkn_x8");
    options.network.precision = Precision::kFp32;
    options.upsample.confidence = true;
    const auto run = [&, w = width, h = height, r = static_cast<std::size_t>(reserved)] {
      Upsampler upsampler(options);
      upsampler.SetGuide(rgb);
      upsampler.Reserve(r);
      return std::move(upsampler.Upsample(Depth(w, h)).image);
    };
    const FrameBuffer expected = run();
    options.network.max_memory_mb = 1;
    const std::string text = ErrorText(run);
    ASSERT_THAT(text, HasSubstr("--max-memory"));
    const int least = std::stoi(text.substr(text.find("at least ") + 9));
    EXPECT_GT(least, reserved / 1'000'000 + 1);
    options.network.max_memory_mb = least;
    const FrameBuffer image = run();
    for (int i = 0; i < 320 * 240; ++i) {
      ASSERT_NEAR(image.As<std::uint16_t>()[i], expected.As<std::uint16_t>()[i], 1);
    }
    options.network.max_memory_mb = least - 1;
    EXPECT_THAT(ErrorText(run), HasSubstr("at least " + std::to_string(least)));
  }
}

}  // namespace
}  // namespace dkn
