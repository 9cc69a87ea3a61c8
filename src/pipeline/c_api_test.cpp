#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "dkn/dkn.h"
#include "dkn/registry.h"
#include "dkn/upsampler.h"
#include "src/core/test_images.h"

// tests/install/c_api.c uses the interface from C; here is what C cannot see or provoke.
namespace dkn {
namespace {

using testing::HasSubstr;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Planar floats.
dkn_frame Shown(Image& image) {
  dkn_frame frame =
      dkn_frame_of(image.data(), DKN_FLOAT32, image.width(), image.height(), image.channels());
  frame.planar = 1;
  return frame;
}

dkn_upsampler_options Default() {
  dkn_upsampler_options options = {};
  options.struct_size = sizeof options;
  return options;
}

dkn_filter_options FilterBy(const char* method) {
  dkn_filter_options options = {};
  options.struct_size = sizeof options;
  options.method = method;
  return options;
}

dkn_result Beside(const dkn_frame* confidence = nullptr, const dkn_frame* mask = nullptr) {
  dkn_result result = {};
  result.struct_size = sizeof result;
  result.confidence = confidence;
  result.mask = mask;
  return result;
}

// The same bits but for those of NaN.
void ExpectSame(const Image& a, const Image& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_TRUE(a.data()[i] == b.data()[i] || (std::isnan(a.data()[i]) && std::isnan(b.data()[i])))
        << i << ": " << a.data()[i] << ", expected " << b.data()[i];
  }
}

// Owns what C owns by hand.
class CUpsampler {
 public:
  explicit CUpsampler(const dkn_upsampler_options* options) {
    EXPECT_EQ(dkn_upsampler_create(options, &upsampler_), DKN_OK) << dkn_last_error();
  }
  CUpsampler(const CUpsampler&) = delete;
  CUpsampler& operator=(const CUpsampler&) = delete;
  ~CUpsampler() { dkn_upsampler_destroy(upsampler_); }
  operator dkn_upsampler*() const { return upsampler_; }  // NOLINT: as C passes it on

 private:
  dkn_upsampler* upsampler_ = nullptr;
};

// Each fault by every function that can meet it: one status.
TEST(CApiTest, AFaultHasOneStatusWhateverTheFunction) {
  Image picture = RandomImage(16, 12, 3, 1);
  Image depth = RandomImage(4, 3, 1, 2);
  Image sharp(16, 12);
  const dkn_frame guide = Shown(picture);
  const dkn_frame target = Shown(depth);
  const dkn_frame out = Shown(sharp);
  dkn_upsampler_options how = Default();
  how.method = "bicubic";
  dkn_filter_options filter = FilterBy("bicubic");
  const CUpsampler upsampler(&how);
  dkn_upsampler* other = nullptr;
  ASSERT_EQ(dkn_upsampler_set_guide(upsampler, &guide), DKN_OK);
  const auto all = [&](const dkn_frame& frame) {
    return std::vector<dkn_status>{
        dkn_upsampler_set_guide(upsampler, &frame),
        dkn_upsampler_upsample(upsampler, &frame, nullptr, &out, nullptr),
        dkn_upsampler_upsample(upsampler, &target, &frame, &out, nullptr),
        dkn_upsampler_upsample(upsampler, &target, nullptr, &frame, nullptr),
        dkn_filter_frame(&filter, &frame, &out, &out),
        dkn_filter_frame(&filter, &guide, &frame, &out),
        dkn_filter_frame(&filter, &guide, &out, &frame)};
  };
  dkn_frame malformed = target;
  malformed.struct_size = 3;
  EXPECT_THAT(all(malformed), testing::Each(DKN_ERROR_ARGUMENT));
  malformed = target;
  malformed.type = 4;
  EXPECT_THAT(all(malformed), testing::Each(DKN_ERROR_ARGUMENT));
  malformed = target;
  malformed.order = -1;
  EXPECT_THAT(all(malformed), testing::Each(DKN_ERROR_ARGUMENT));
  malformed = target;
  malformed.data = nullptr;
  EXPECT_THAT(all(malformed), testing::Each(DKN_ERROR_ARGUMENT));
  malformed = target;
  malformed.height = 0;
  EXPECT_THAT(all(malformed), testing::Each(DKN_ERROR_ARGUMENT));
  malformed = target;
  malformed.row_stride = 15;
  EXPECT_THAT(all(malformed), testing::Each(DKN_ERROR_ARGUMENT));
  // A method: at once, with the first frame, and for each call.
  for (const char* name : {"no_such", "/dev/null", "absent.safetensors"}) {
    how.method = filter.method = name;
    EXPECT_EQ(dkn_upsampler_create(&how, &other), DKN_ERROR_METHOD) << name;
    EXPECT_EQ(dkn_filter_frame(&filter, &guide, &out, &out), DKN_ERROR_METHOD) << name;
  }
  how.method = filter.method = "guided";
  how.precision = filter.precision = DKN_PRECISION_BF16;
  EXPECT_EQ(dkn_upsampler_create(&how, &other), DKN_ERROR_METHOD);
  EXPECT_EQ(dkn_filter_frame(&filter, &guide, &out, &out), DKN_ERROR_METHOD);
  how.precision = filter.precision = 4;
  EXPECT_EQ(dkn_upsampler_create(&how, &other), DKN_ERROR_ARGUMENT);
  EXPECT_EQ(dkn_filter_frame(&filter, &guide, &out, &out), DKN_ERROR_ARGUMENT);
  how.precision = filter.precision = 0;
  // Sizes, and values that are not finite.
  filter.method = "bicubic";
  EXPECT_EQ(dkn_upsampler_upsample(upsampler, &target, nullptr, &target, nullptr), DKN_ERROR_INPUT);
  EXPECT_EQ(dkn_upsampler_upsample(upsampler, &target, &out, &out, nullptr), DKN_ERROR_INPUT);
  EXPECT_EQ(dkn_filter_frame(&filter, &guide, &target, &target), DKN_ERROR_INPUT);
  EXPECT_EQ(dkn_filter_frame(&filter, &guide, &out, &target), DKN_ERROR_INPUT);
  picture(3, 4) = kNan;
  EXPECT_EQ(dkn_upsampler_set_guide(upsampler, &guide), DKN_ERROR_INPUT);
  EXPECT_EQ(dkn_filter_frame(&filter, &guide, &out, &out), DKN_ERROR_INPUT);
  // Of a target that is its own guide it is a hole.
  EXPECT_EQ(dkn_filter_frame(&filter, nullptr, &guide, &guide), DKN_OK) << dkn_last_error();
}

TEST(CApiTest, OptionsOutOfTheirRangeAreTheCallersFault) {
  const auto refused = [](const auto& change, const char* naming) {
    dkn_upsampler_options options = Default();
    options.method = "bicubic";
    change(options);
    Image picture = RandomImage(16, 12, 3, 1);
    Image depth = RandomImage(4, 3, 1, 2);
    Image sharp(16, 12);
    const dkn_frame guide = Shown(picture);
    const dkn_frame target = Shown(depth);
    const dkn_frame out = Shown(sharp);
    dkn_upsampler* upsampler = nullptr;
    dkn_status status = dkn_upsampler_create(&options, &upsampler);
    if (status == DKN_OK) {
      EXPECT_EQ(dkn_upsampler_set_guide(upsampler, &guide), DKN_OK);
      status = dkn_upsampler_upsample(upsampler, &target, nullptr, &out, nullptr);
    }
    EXPECT_EQ(status, DKN_ERROR_ARGUMENT) << naming;
    EXPECT_THAT(dkn_last_error(), HasSubstr(naming));
    dkn_upsampler_destroy(upsampler);
  };
  refused([](auto& o) { o.struct_size = 1; }, "struct_size");
  refused([](auto& o) { o.precision = -1; }, "precision");
  refused([](auto& o) { o.max_memory_mb = -1; }, "max_memory_mb");
  refused([](auto& o) { o.max_rmse_change_percent = kNan; }, "max_rmse_change_percent");
  refused([](auto& o) { o.invalid_rule = 3; }, "invalid_rule");
  refused([](auto& o) { o.holes = 3; }, "holes");
  refused([](auto& o) { o.least_support = 2.0f; }, "support");
  refused([](auto& o) { o.hole_refinements = -2; }, "iterations");
  refused([](auto& o) { o.fidelity_iterations = -1; }, "iterations");
  refused([](auto& o) { o.orientations = 3; }, "orientations");
  refused([](auto& o) { o.resampler = 5; }, "resampler");
  refused([](auto& o) { o.step = -0.001; }, "step");
  refused([](auto& o) { o.has_place = 1; }, "place");
  refused([](auto& o) { o.cameras_json = "{}"; }, "cameras_json");
}

TEST(CApiTest, ResultsAreThoseOfTheLibrary) {
  Image picture = RandomImage(50, 38, 3, 1);
  Image depth = RandomImage(7, 5, 2, -3.0f, 9.0f, 2);
  depth(2, 1) = kNan;
  Image sharp(50, 38, 2);
  Image confidence(50, 38);
  Image mask(50, 38);
  Image measured = RandomImage(7, 5, 1, 0.5f, 1.0f, 3);
  measured(4, 2) = 0.0f;
  const dkn_frame guide = Shown(picture);
  const dkn_frame target = Shown(depth);
  const dkn_frame out = Shown(sharp);
  const dkn_frame map = Shown(confidence);
  const dkn_frame seen = Shown(mask);
  const dkn_frame given = Shown(measured);
  struct {
    dkn_upsampler_options c;
    UpsamplerOptions library;
  } cases[] = {{Default(), {}}, {Default(), {}}, {Default(), {}}, {Default(), {}}};
  cases[0].c.method = "guided";
  cases[0].library.method = "guided";
  cases[1].c.holes = DKN_HOLES_MEASURED;
  cases[1].c.least_support = 0.8f;
  cases[1].c.hole_refinements = -1;
  cases[1].library.upsample.holes = HoleMode::kMeasured;
  cases[1].library.upsample.least_support = 0.8f;
  cases[1].library.upsample.hole_refinements = 0;
  cases[2].c.fidelity_iterations = 2;
  cases[2].c.hole_refinements = 2;
  cases[2].c.resampler = DKN_RESAMPLER_BILINEAR;
  cases[2].library.upsample.fidelity_iterations = 2;
  cases[2].library.upsample.hole_refinements = 2;
  cases[2].library.upsample.resampler = Resampler::kBilinear;
  cases[3].c.precision = DKN_PRECISION_FP32;
  cases[3].c.orientations = 2;
  cases[3].c.has_place = 1;
  const int place[] = {8, 5, 35, 25};
  std::copy(std::begin(place), std::end(place), cases[3].c.place);
  cases[3].library.network.precision = Precision::kFp32;
  cases[3].library.orientations = 2;
  cases[3].library.placement.place = Rectangle{8, 5, 35, 25};
  for (auto& options : cases) {
    options.c.confidence = 1;
    options.library.upsample.confidence = true;
    const CUpsampler upsampler(&options.c);
    EXPECT_STREQ(dkn_upsampler_method(upsampler), "");
    dkn_result result = Beside(&map, &seen);
    ASSERT_EQ(dkn_upsampler_set_guide(upsampler, &guide), DKN_OK) << dkn_last_error();
    ASSERT_EQ(dkn_upsampler_upsample(upsampler, &target, &given, &out, &result), DKN_OK)
        << dkn_last_error();
    Upsampler library(options.library);
    library.SetGuide(FrameOf(picture));
    const UpsampledFrame expected = library.Upsample(FrameOf(depth), FrameOf(measured));
    ExpectSame(sharp, ImageOf(expected.image));
    ExpectSame(confidence, expected.confidence);
    ExpectSame(mask, expected.mask);
    EXPECT_EQ(result.holes, 2);
    EXPECT_EQ(result.residual, expected.residual);
    EXPECT_EQ(dkn_upsampler_method(upsampler), expected.method);
  }
}

TEST(CApiTest, WildValuesAreToldOrKept) {
  Image picture = RandomImage(48, 36, 3, 1);
  Image depth = RandomImage(12, 9, 1, 1.0f, 8.0f, 2);
  depth(5, 4) = -1e6f;
  Image sharp(48, 36);
  const dkn_frame guide = Shown(picture);
  const dkn_frame target = Shown(depth);
  const dkn_frame out = Shown(sharp);
  for (const int keep : {0, 1}) {
    dkn_upsampler_options options = Default();
    options.method = "bicubic";
    options.keep_wild_values = keep;
    const CUpsampler upsampler(&options);
    dkn_result result = Beside();
    ASSERT_EQ(dkn_upsampler_set_guide(upsampler, &guide), DKN_OK) << dkn_last_error();
    ASSERT_EQ(dkn_upsampler_upsample(upsampler, &target, nullptr, &out, &result), DKN_OK)
        << dkn_last_error();
    EXPECT_EQ(result.holes, 1 - keep);
    EXPECT_EQ(result.wild_values, 1 - keep);
    EXPECT_EQ(result.wildest_value, keep == 0 ? -1e6f : 0.0f);
    EXPECT_EQ(sharp(22, 18) < 0.0f, keep == 1);
  }
}

TEST(CApiTest, FramesComeAsCamerasHoldThem) {
  Image picture = RandomImage(24, 16, 3, 0.0f, 255.0f, 1);
  std::vector<std::uint8_t> bgr(16 * 80);  // rows of 72 bytes, 80 apart
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 24; ++x) {
      for (int c = 0; c < 3; ++c) {
        picture(x, y, c) = std::nearbyint(picture(x, y, c));
        bgr[static_cast<std::size_t>(80 * y + 3 * x + 2 - c)] =
            static_cast<std::uint8_t>(picture(x, y, c));
      }
    }
  }
  dkn_frame guide = dkn_frame_of(bgr.data(), DKN_UINT8, 24, 16, 3);
  guide.order = DKN_ORDER_BGR;
  guide.row_stride = 80;
  const std::vector<std::uint16_t> millimetres = {1000, 0, 3000, 1000, 2000, 3000};
  const dkn_frame target = dkn_frame_of(millimetres.data(), DKN_UINT16, 3, 2, 1);
  std::vector<std::uint16_t> sharp(24 * 16, 7);
  std::vector<float> metres(24 * 16);
  const dkn_frame out = dkn_frame_of(sharp.data(), DKN_UINT16, 24, 16, 1);
  const dkn_frame in_metres = dkn_frame_of(metres.data(), DKN_FLOAT32, 24, 16, 1);
  const CUpsampler upsampler(nullptr);
  dkn_result result = Beside();
  ASSERT_EQ(dkn_upsampler_set_guide(upsampler, &guide), DKN_OK) << dkn_last_error();
  ASSERT_EQ(dkn_upsampler_upsample(upsampler, &target, nullptr, &out, &result), DKN_OK);
  EXPECT_EQ(result.holes, 1);  // 0 of an integer
  EXPECT_STREQ(dkn_upsampler_method(upsampler), "fdkn_x8");
  ASSERT_EQ(dkn_upsampler_upsample(upsampler, &target, nullptr, &in_metres, nullptr), DKN_OK);

  const FrameBuffer rgb = FrameOf(picture, SampleType::kUint8);
  Upsampler library;
  library.SetGuide(rgb);
  const ConstFrame depth(millimetres.data(), SampleType::kUint16, 3, 2);
  const UpsampledFrame expected = library.Upsample(depth);
  for (std::size_t i = 0; i < sharp.size(); ++i) {
    ASSERT_EQ(sharp[i], expected.image.As<std::uint16_t>()[i]) << i;
    ASSERT_NEAR(metres[i], 0.001f * static_cast<float>(sharp[i]), 0.00051f) << i;
  }
}

TEST(CApiTest, ASiblingHasAGuideOfItsOwn) {
  Image picture = RandomImage(16, 12, 3, 1);
  Image depth = RandomImage(4, 3, 1, 2);
  Image sharp(16, 12);
  Image again(16, 12);
  const dkn_frame guide = Shown(picture);
  const dkn_frame target = Shown(depth);
  const dkn_frame out = Shown(sharp);
  const dkn_frame out_again = Shown(again);
  dkn_upsampler_options options = Default();
  options.method = "guided";
  dkn_upsampler* sibling = nullptr;
  {
    const CUpsampler upsampler(&options);
    ASSERT_EQ(dkn_upsampler_set_guide(upsampler, &guide), DKN_OK);
    ASSERT_EQ(dkn_upsampler_sibling(upsampler, &sibling), DKN_OK);
    ASSERT_EQ(dkn_upsampler_upsample(upsampler, &target, nullptr, &out, nullptr), DKN_OK);
  }
  EXPECT_EQ(dkn_upsampler_upsample(sibling, &target, nullptr, &out_again, nullptr),
            DKN_ERROR_ARGUMENT);
  EXPECT_THAT(dkn_last_error(), HasSubstr("guide"));
  ASSERT_EQ(dkn_upsampler_set_guide(sibling, &guide), DKN_OK);
  ASSERT_EQ(dkn_upsampler_upsample(sibling, &target, nullptr, &out_again, nullptr), DKN_OK);
  ExpectNear(again, sharp, 0.0f);
  dkn_upsampler_destroy(sibling);
}

TEST(CApiTest, AGuidesRangeIsTold) {
  Image picture = RandomImage(16, 12, 3, 0.0f, 255.0f, 1);
  const dkn_frame guide = Shown(picture);
  const CUpsampler upsampler(nullptr);
  EXPECT_STREQ(dkn_upsampler_guide_note(upsampler), "");
  ASSERT_EQ(dkn_upsampler_set_guide(upsampler, &guide), DKN_OK);
  EXPECT_THAT(dkn_upsampler_guide_note(upsampler), HasSubstr("8 bits"));
  EXPECT_EQ(dkn_upsampler_guide_note(nullptr), nullptr);
}

TEST(CApiTest, AFrameThatFailsWritesNothing) {
  Image picture = RandomImage(16, 12, 3, 1);
  Image depth(4, 3);
  Image sharp(16, 12);
  Image confidence(16, 12);
  std::fill_n(depth.data(), depth.size(), kNan);
  std::fill_n(confidence.data(), confidence.size(), 5.0f);
  const dkn_frame guide = Shown(picture);
  const dkn_frame target = Shown(depth);
  const dkn_frame out = Shown(sharp);
  const dkn_frame map = Shown(confidence);
  dkn_upsampler_options options = Default();
  options.method = "guided";
  options.confidence = 1;
  const CUpsampler upsampler(&options);
  dkn_result result = Beside(&map);
  result.holes = 7;
  ASSERT_EQ(dkn_upsampler_set_guide(upsampler, &guide), DKN_OK);
  EXPECT_EQ(dkn_upsampler_upsample(upsampler, &target, nullptr, &out, &result), DKN_ERROR_INPUT);
  EXPECT_EQ(confidence(3, 3), 5.0f);
  EXPECT_EQ(sharp(3, 3), 0.0f);
  EXPECT_EQ(result.holes, 7);
  options.may_be_empty = 1;
  const CUpsampler patient(&options);
  ASSERT_EQ(dkn_upsampler_set_guide(patient, &guide), DKN_OK);
  ASSERT_EQ(dkn_upsampler_upsample(patient, &target, nullptr, &out, &result), DKN_OK);
  EXPECT_TRUE(std::isnan(sharp(3, 3)));
  EXPECT_EQ(confidence(3, 3), 0.0f);
  EXPECT_EQ(result.holes, 12);
  EXPECT_STREQ(dkn_upsampler_method(patient), "");
}

TEST(CApiTest, TheBoundOfMemoryIsKept) {
  Image picture = RandomImage(640, 480, 1, 1);
  const dkn_frame image = Shown(picture);
  dkn_upsampler_options options = Default();
  options.method = "fdkn_x8";
  options.max_memory_mb = 1;
  dkn_filter_options filter = FilterBy("fdkn_x8");
  filter.max_memory_mb = 1;
  const CUpsampler upsampler(&options);
  ASSERT_EQ(dkn_upsampler_set_guide(upsampler, &image), DKN_OK);
  EXPECT_EQ(dkn_upsampler_upsample(upsampler, &image, nullptr, &image, nullptr), DKN_ERROR_MEMORY);
  EXPECT_THAT(dkn_last_error(), HasSubstr("MB"));
  EXPECT_EQ(dkn_filter_frame(&filter, &image, &image, &image), DKN_ERROR_MEMORY);
}

}  // namespace
}  // namespace dkn
