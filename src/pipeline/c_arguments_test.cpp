#include "src/pipeline/c_arguments.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <thread>

#include "dkn/dkn.h"
#include "dkn/error.h"

namespace dkn {
namespace {

TEST(CArgumentsTest, EveryExceptionBecomesAStatus) {
  const auto status = [](const auto& exception) { return Guarded([&] { throw exception; }); };
  EXPECT_EQ(status(ArgumentError("a")), DKN_ERROR_ARGUMENT);
  EXPECT_EQ(status(MethodError("b")), DKN_ERROR_METHOD);
  EXPECT_EQ(status(MemoryError("c")), DKN_ERROR_MEMORY);
  EXPECT_EQ(status(Error("d\x1b")), DKN_ERROR_INPUT);
  EXPECT_STREQ(dkn_last_error(), "d\\x1b");
  EXPECT_EQ(status(std::bad_alloc()), DKN_ERROR_MEMORY);
  EXPECT_STREQ(dkn_last_error(), "out of memory");
  EXPECT_EQ(status(std::logic_error("e")), DKN_ERROR_INTERNAL);
  EXPECT_STREQ(dkn_last_error(), "e");
  EXPECT_EQ(status(7), DKN_ERROR_INTERNAL);
  EXPECT_EQ(Guarded([] {}), DKN_OK);
}

TEST(CArgumentsTest, EachThreadHasItsLastError) {
  Guarded([] { throw Error("of this thread"); });
  std::thread([] { EXPECT_STREQ(dkn_last_error(), ""); }).join();
  EXPECT_STREQ(dkn_last_error(), "of this thread");
}

TEST(CArgumentsTest, StructuresOfOtherVersionsAreRead) {
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
    return KnownPart(reinterpret_cast<const Known*>(&given), "options");
  };
  Older older{sizeof older, 5};
  EXPECT_EQ(read(older).a, 5);
  older.size = offsetof(Older, a) + sizeof(int);  // no structure of its alignment ends there
  EXPECT_THROW(read(older), ArgumentError);
  older.size = sizeof older;
  EXPECT_EQ(read(older).b, 0.0);
  EXPECT_EQ(KnownPart<Known>(nullptr, "options").a, 0);
  Newer newer{{sizeof newer, 6, 0, 2.5}, 0, 0};
  EXPECT_EQ(read(newer).b, 2.5);
  newer.d = 1;
  EXPECT_THROW(read(newer), ArgumentError);
  for (const std::size_t size : {std::size_t{0}, sizeof(std::size_t), SIZE_MAX}) {
    newer.known.size = size;
    EXPECT_THROW(read(newer), ArgumentError) << size;
  }
}

// A program of an older version has memory for what that knew alone.
TEST(CArgumentsTest, ResultsOfOtherVersionsAreWrittenAsFarAsTheyGo) {
  dkn_result result = {};
  result.struct_size = offsetof(dkn_result, residual);
  result.holes = 7;
  result.residual = -1.0;
  dkn_result known = KnownPart(&result, "result");
  EXPECT_EQ(known.holes, 7);
  EXPECT_EQ(known.residual, 0.0);
  known.holes = 8;
  known.residual = 2.0;
  ReturnPart(known, &result);
  EXPECT_EQ(result.holes, 8);
  EXPECT_EQ(result.residual, -1.0);
  EXPECT_EQ(result.struct_size, offsetof(dkn_result, residual));
}

TEST(CArgumentsTest, SettingsAreText) {
  dkn_upsampler_options options = {};
  options.struct_size = sizeof options;
  options.settings = "radius=1,epsilon=0.5";
  EXPECT_EQ(OptionsFrom(&options).settings, (FilterSettings{{"epsilon", 0.5}, {"radius", 1.0}}));
  options.settings = "radius";
  EXPECT_THROW(OptionsFrom(&options), ArgumentError);
  options.settings = nullptr;
  EXPECT_TRUE(OptionsFrom(&options).settings.empty());
}

}  // namespace
}  // namespace dkn
