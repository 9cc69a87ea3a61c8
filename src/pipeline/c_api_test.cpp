#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "dkn/dkn.h"
#include "dkn/registry.h"
#include "dkn/upsample.h"
#include "src/core/test_images.h"
#include "src/pipeline/c_arguments.h"

// tests/install/c_api.c uses the interface from C; here is what C cannot see or provoke.
namespace dkn {
namespace {

using testing::HasSubstr;

dkn_image Shown(Image& image) {
  return {image.data(), image.width(), image.height(), image.channels(), 0, 0};
}

TEST(CApiTest, EveryExceptionBecomesAStatus) {
  const auto status = [](const auto& exception) {
    return Guarded(DKN_ERROR_INPUT, [&] { throw exception; });
  };
  EXPECT_EQ(status(ArgumentError("a")), DKN_ERROR_ARGUMENT);
  EXPECT_EQ(status(MemoryError("b")), DKN_ERROR_MEMORY);
  EXPECT_EQ(status(Error("c\x1b")), DKN_ERROR_INPUT);
  EXPECT_STREQ(dkn_last_error(), "c\\x1b");
  EXPECT_EQ(status(std::bad_alloc()), DKN_ERROR_MEMORY);
  EXPECT_STREQ(dkn_last_error(), "out of memory");
  EXPECT_EQ(status(std::logic_error("d")), DKN_ERROR_INTERNAL);
  EXPECT_STREQ(dkn_last_error(), "d");
  EXPECT_EQ(status(7), DKN_ERROR_INTERNAL);
  EXPECT_EQ(Guarded(DKN_ERROR_MODEL, [] {}), DKN_OK);
}

TEST(CApiTest, EachThreadHasItsLastError) {
  Guarded(DKN_ERROR_INPUT, [] { throw Error("of this thread"); });
  std::thread([] { EXPECT_STREQ(dkn_last_error(), ""); }).join();
  EXPECT_STREQ(dkn_last_error(), "of this thread");
}

TEST(CApiTest, OptionsOfOtherVersionsAreRead) {
  struct Older {
    std::size_t size;
    int a;
  };
  struct Known {
    std::size_t size;
    int a;
    int pad;
    double b;
  };
  struct Newer {
    Known known;
    int c;
    int d;
  };
  const auto read = [](const auto& given) {
    return KnownOptions(reinterpret_cast<const Known*>(&given), "options");
  };
  const Older older{offsetof(Older, a) + sizeof(int), 5};
  EXPECT_EQ(read(older).a, 5);
  EXPECT_EQ(read(older).b, 0.0);
  EXPECT_EQ(KnownOptions<Known>(nullptr, "options").a, 0);
  Newer newer{{sizeof newer, 6, 0, 2.5}, 0, 0};
  EXPECT_EQ(read(newer).b, 2.5);
  newer.d = 1;
  EXPECT_THROW(read(newer), ArgumentError);
  for (const std::size_t size : {std::size_t{0}, sizeof(std::size_t), SIZE_MAX}) {
    newer.known.size = size;
    EXPECT_THROW(read(newer), ArgumentError) << size;
  }
}

TEST(CApiTest, ImagesMayHaveGapsButNoOverlap) {
  std::vector<float> values(1000);
  const auto view = [&](int w, int h, int c, std::ptrdiff_t row, std::ptrdiff_t channel) {
    const dkn_image image{values.data(), w, h, c, row, channel};
    return ViewOf(&image, "guide");
  };
  const View tight = view(5, 4, 3, 0, 0);
  EXPECT_EQ(tight.row_stride, 5);
  EXPECT_EQ(tight.channel_stride, 20);
  EXPECT_EQ(view(5, 4, 3, 7, 0).channel_stride, 28);
  EXPECT_EQ(view(5, 4, 3, 7, 26).channel_stride, 26);  // the last row's gap belongs to nobody
  EXPECT_EQ(view(5, 4, 3, 15, 5).channel_stride, 5);   // rows of R, G and B in turn
  EXPECT_EQ(view(5, 1, 1, 1, 1).width, 5);             // strides of what there is once
  const std::ptrdiff_t most = std::numeric_limits<std::ptrdiff_t>::max();
  for (const auto& [row, channel] :
       std::vector<std::pair<std::ptrdiff_t, std::ptrdiff_t>>{{4, 20},
                                                              {-5, 20},
                                                              {7, 25},
                                                              {14, 5},
                                                              {5, -20},
                                                              {5, 1},
                                                              {most, 0},
                                                              {5, most},
                                                              {most / 2, most / 2}}) {
    EXPECT_THROW(view(5, 4, 3, row, channel), ArgumentError) << row << ", " << channel;
  }
  const int large = std::numeric_limits<int>::max();
  EXPECT_THROW(view(large, large, large, 0, 0), ArgumentError);
  for (const int size : {0, -1, -large}) {
    EXPECT_THROW(view(size, 4, 3, 0, 0), ArgumentError);
    EXPECT_THROW(view(5, size, 3, 0, 0), ArgumentError);
    EXPECT_THROW(view(5, 4, size, 0, 0), ArgumentError);
  }
}

TEST(CApiTest, ResultsAreThoseOfTheLibrary) {
  Image guide = RandomImage(50, 38, 3, 1);
  Image target = RandomImage(7, 5, 2, -3.0f, 9.0f, 2);
  const dkn_image c_guide = Shown(guide);
  const dkn_image c_target = Shown(target);
  Image out(50, 38, 2);
  const dkn_image c_out = Shown(out);
  for (const char* name : {"bicubic", "guided", "fdkn_x8"}) {
    dkn_filter* filter = nullptr;
    ASSERT_EQ(dkn_filter_create(name, nullptr, &filter), DKN_OK) << dkn_last_error();
    ASSERT_EQ(dkn_upsample(filter, &c_guide, &c_target, nullptr, &c_out), DKN_OK);
    ExpectNear(out, Upsample(guide, target, *CreateFilter(name)), 0.0f);
    dkn_filter_destroy(filter);
  }
}

TEST(CApiTest, OptionsOfHolesAreThoseOfTheLibrary) {
  Image guide = RandomImage(50, 38, 3, 1);
  Image target = RandomImage(7, 5, 1, 3.0f, 9.0f, 2);
  target(2, 1) = target(3, 1) = target(5, 4) = -1.0f;
  target(0, 0) = std::numeric_limits<float>::quiet_NaN();
  Image out(50, 38);
  Image confidence(50, 38);
  const dkn_image c_guide = Shown(guide);
  const dkn_image c_target = Shown(target);
  const dkn_image c_out = Shown(out);
  const dkn_image c_confidence = Shown(confidence);
  dkn_filter* filter = nullptr;
  ASSERT_EQ(dkn_filter_create("fdkn_x8", nullptr, &filter), DKN_OK) << dkn_last_error();
  const auto library = CreateFilter("fdkn_x8");
  struct {
    dkn_upsample_options c;
    UpsampleOptions library;
  } cases[] = {{{}, {}}, {{}, {}}, {{}, {}}};
  cases[0].c.holes = DKN_HOLES_KEEP;
  cases[0].library.holes = HoleMode::kKeep;
  cases[1].c.holes = DKN_HOLES_MEASURED;
  cases[1].c.least_support = 0.8f;
  cases[1].c.hole_refinements = -1;
  cases[1].library.holes = HoleMode::kMeasured;
  cases[1].library.least_support = 0.8f;
  cases[1].library.hole_refinements = 0;
  Image mask = RandomImage(7, 5, 1, 0.5f, 1.0f, 3);
  mask(4, 2) = 0.0f;
  const dkn_image c_mask = Shown(mask);
  cases[1].c.mask = &c_mask;
  cases[1].library.mask = mask;
  cases[2].c.fidelity_iterations = 2;
  cases[2].c.limit_to_measured = 1;
  cases[2].c.hole_refinements = 2;
  cases[2].library.fidelity_iterations = 2;
  cases[2].library.limit_to_measured = true;
  cases[2].library.hole_refinements = 2;
  for (auto& options : cases) {
    options.c.struct_size = sizeof options.c;
    options.c.has_invalid = 1;
    options.c.invalid = -1.0f;
    options.c.confidence = &c_confidence;
    options.library.invalid = -1.0f;
    options.library.confidence = true;
    ASSERT_EQ(dkn_upsample(filter, &c_guide, &c_target, &options.c, &c_out), DKN_OK)
        << dkn_last_error();
    const Upsampled expected = UpsampleFrame(guide, target, *library, options.library);
    ExpectNear(out, expected.image, 0.0f);
    ExpectNear(confidence, expected.confidence, 0.0f);
  }
  dkn_filter_destroy(filter);
}

TEST(CApiTest, AStreamOutlivesItsFilterAndGivesWhatItGives) {
  Image guide = RandomImage(40, 30, 3, 1);
  Image target = RandomImage(40, 30, 1, 2);
  Image out(40, 30);
  Image streamed(40, 30);
  const dkn_image c_guide = Shown(guide);
  const dkn_image c_target = Shown(target);
  const dkn_image c_out = Shown(out);
  const dkn_image c_streamed = Shown(streamed);
  const dkn_filter_options options = {sizeof options, DKN_PRECISION_AUTO, 100, 0.4};
  const dkn_frame_size size = {40, 30, 3, 1};
  dkn_filter* filter = nullptr;
  dkn_stream* stream = nullptr;
  ASSERT_EQ(dkn_filter_create("fdkn_x8", &options, &filter), DKN_OK) << dkn_last_error();
  ASSERT_EQ(dkn_filter_apply(filter, &c_guide, &c_target, &c_out), DKN_OK);
  ASSERT_EQ(dkn_stream_create(filter, &size, &stream), DKN_OK) << dkn_last_error();
  dkn_filter_destroy(filter);
  EXPECT_EQ(dkn_stream_filter(stream, &c_target, &c_streamed), DKN_ERROR_INPUT);
  EXPECT_THAT(dkn_last_error(), HasSubstr("guide"));
  ASSERT_EQ(dkn_stream_set_guide(stream, &c_guide), DKN_OK);
  ASSERT_EQ(dkn_stream_filter(stream, &c_target, &c_streamed), DKN_OK);
  dkn_stream_destroy(stream);
  ExpectNear(streamed, out, 0.0f);
}

TEST(CApiTest, TheBoundOfMemoryIsKept) {
  Image guide = RandomImage(640, 480, 1, 1);
  const dkn_image image = Shown(guide);
  const dkn_filter_options options = {sizeof options, DKN_PRECISION_FP32, 1, 0.0};
  dkn_filter* filter = nullptr;
  ASSERT_EQ(dkn_filter_create("fdkn_x8", &options, &filter), DKN_OK) << dkn_last_error();
  EXPECT_EQ(dkn_filter_apply(filter, &image, &image, &image), DKN_ERROR_MEMORY);
  EXPECT_THAT(dkn_last_error(), HasSubstr("MB"));
  dkn_filter_destroy(filter);
}

}  // namespace
}  // namespace dkn
