#include "dkn/invalid_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "dkn/error.h"
#include "src/core/test_files.h"

namespace dkn {
namespace {

using testing::HasSubstr;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(InvalidValues, AreNoneOneOrMany) {
  EXPECT_TRUE(InvalidValues().empty());
  EXPECT_TRUE(InvalidValues(std::nullopt).empty());
  const InvalidValues zero = 0.0f;
  EXPECT_TRUE(zero.Contains(0.0f));
  EXPECT_TRUE(zero.Contains(-0.0f));
  EXPECT_FALSE(zero.Contains(1e-30f));
  EXPECT_FALSE(zero.Contains(std::nanf("")));
  InvalidValues many;
  many.Add(8000.0f, kInfinity);
  EXPECT_EQ(many.mark(), std::nullopt);
  many.Add(-1.0f, -1.0f);
  EXPECT_EQ(many.mark(), -1.0f);
  EXPECT_TRUE(many.Contains(8000.0f) && many.Contains(1e30f) && many.Contains(-1.0f));
  EXPECT_FALSE(many.Contains(7999.0f) || many.Contains(0.0f));
  EXPECT_THROW(many.Add(2.0f, 1.0f), ArgumentError);
  EXPECT_THROW(many.Add(std::nanf(""), 1.0f), ArgumentError);
}

TEST(ParseInvalidValues, ReadsValuesAndRanges) {
  const InvalidValues values = ParseInvalidValues("0,65535,>8000,100..200,-10--5");
  EXPECT_EQ(values.mark(), 0.0f);
  for (const float inside : {0.0f, 65535.0f, 8000.5f, 100.0f, 150.0f, 200.0f, -10.0f, -5.0f}) {
    EXPECT_TRUE(values.Contains(inside)) << inside;
  }
  for (const float outside : {1.0f, 8000.0f, 99.9f, 200.5f, -4.9f, -11.0f}) {
    EXPECT_FALSE(values.Contains(outside)) << outside;
  }
  const InvalidValues below = ParseInvalidValues("<0.1");
  EXPECT_TRUE(below.Contains(0.0999f) && below.Contains(-1e30f));
  EXPECT_FALSE(below.Contains(0.1f));
  EXPECT_EQ(below.mark(), std::nullopt);
  EXPECT_TRUE(ParseInvalidValues("<=0.1").Contains(0.1f));
  EXPECT_TRUE(ParseInvalidValues(">=8000").Contains(8000.0f));
  EXPECT_TRUE(ParseInvalidValues("0.5..1.5").Contains(1.5f));
  EXPECT_TRUE(ParseInvalidValues("100-200").Contains(120.0f));
  EXPECT_EQ(ParseInvalidValues("-9999").mark(), -9999.0f);
  EXPECT_EQ(ParseInvalidValues("1e10").mark(), 1e10f);
}

// They are holes in any case.
TEST(ParseInvalidValues, TakesWhatIsNotFinite) {
  EXPECT_TRUE(ParseInvalidValues("nan").empty());
  EXPECT_TRUE(ParseInvalidValues("inf,-inf").empty());
  EXPECT_EQ(ParseInvalidValues("nan,0"), InvalidValues(0.0f));
}

TEST(ParseInvalidValues, RefusesAllElse) {
  for (const char* bad : {"", ",", "0,", "zero", "1x", "5..", "..5", "5..4", ">", ">>5", "> 5",
                          "0 ,1", ">nan", "1..inf", "nan..1", "<5..6", "1...2", "0x10"}) {
    EXPECT_THAT(ErrorText([&] { ParseInvalidValues(bad); }), HasSubstr("neither a value nor"))
        << bad;
  }
  EXPECT_THAT(ErrorText([] { ParseInvalidValues("0,zero"); }), HasSubstr("'zero'"));
  EXPECT_THROW(ParseInvalidValues("1,x"), ArgumentError);
}

}  // namespace
}  // namespace dkn
