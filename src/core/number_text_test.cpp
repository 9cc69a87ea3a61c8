#include "src/core/number_text.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>

namespace dkn {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string Printed(const char* format, int digits, double value) {
  char text[512];
  std::snprintf(text, sizeof(text), format, digits, value);
  return text;
}

TEST(NumberText, RoundsToSoManyDigits) {
  EXPECT_EQ(FixedText(3.14159, 2), "3.14");
  EXPECT_EQ(FixedText(2.5, 0), "2");  // ties to even, as printf
  EXPECT_EQ(FixedText(-0.001, 2), "-0.00");
  EXPECT_EQ(FixedText(1e3, 1), "1000.0");
  EXPECT_EQ(FixedText(kInfinity, 3), "inf");
  EXPECT_EQ(DigitsText(0.25), "0.25");
  EXPECT_EQ(DigitsText(1e-7), "1e-07");
  EXPECT_EQ(DigitsText(123456789.0), "1.23457e+08");
  EXPECT_EQ(DigitsText(123456789.0, 9), "123456789");
  EXPECT_EQ(DigitsText(-3.0, 4), "-3");
  EXPECT_EQ(DigitsText(std::nan("")), "nan");
}

TEST(NumberText, TheLargestNumbersAreWhole) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  EXPECT_EQ(FixedText(-kLargest, 3), Printed("%.*f", 3, -kLargest));
  EXPECT_EQ(std::strtod(FixedText(kLargest, 0).c_str(), nullptr), kLargest);
}

TEST(NumberText, IsWhatPrintfWrites) {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(0.0, 1000.0);
  for (int i = 0; i < 2000; ++i) {
    const double any = std::bit_cast<double>(random());
    const int digits = static_cast<int>(random() % 10);
    for (const double value : {any, normal(random)}) {
      if (std::isnan(value)) {
        continue;
      }
      EXPECT_EQ(FixedText(value, digits), Printed("%.*f", digits, value));
      EXPECT_EQ(DigitsText(value, digits + 1), Printed("%.*g", digits + 1, value));
    }
  }
}

TEST(NumberText, TheShortestReadsBackAsTheSameNumber) {
  EXPECT_EQ(ShortestText(0.1), "0.1");
  EXPECT_EQ(ShortestText(0.1f), "0.1");
  EXPECT_EQ(ShortestText(static_cast<double>(0.1f)), "0.10000000149011612");
  EXPECT_EQ(ShortestText(100.0), "100");
  std::mt19937_64 random(2);
  for (int i = 0; i < 2000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isnan(value)) {
      EXPECT_EQ(std::strtod(ShortestText(value).c_str(), nullptr), value);
    }
    const float single = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    if (!std::isnan(single)) {
      EXPECT_EQ(std::strtof(ShortestText(single).c_str(), nullptr), single);
    }
  }
}

TEST(NumberText, EveryNumberCanHaveASign) {
  EXPECT_EQ(WithSign(FixedText(1.5, 2)), "+1.50");
  EXPECT_EQ(WithSign(FixedText(-1.5, 2)), "-1.50");
  EXPECT_EQ(WithSign(DigitsText(0.0)), "+0");
}

}  // namespace
}  // namespace dkn
