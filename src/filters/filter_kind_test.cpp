#include "src/filters/filter_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "dkn/error.h"

namespace dkn {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

FilterSettings made;  // what the kind below was last made with

FilterKind Example() {
  return {{{"radius", 2, 0, 9, "pixels", "of the window", true},
           {"sigma", 0.5, 0.1, 4, "", "of the Gaussian"}},
          [](const FilterSettings& values) -> std::unique_ptr<JointFilter> {
            made = values;
            return nullptr;
          }};
}

TEST(FilterKindTest, WhatIsNotSetHasItsDefault) {
  MakeFilter(Example());
  EXPECT_EQ(made, (FilterSettings{{"radius", 2.0}, {"sigma", 0.5}}));
  MakeFilter(Example(), {{"radius", 9.0}});
  EXPECT_EQ(made, (FilterSettings{{"radius", 9.0}, {"sigma", 0.5}}));
  MakeFilter(Example(), {{"radius", 0.0}, {"sigma", 0.1}});
  EXPECT_EQ(made, (FilterSettings{{"radius", 0.0}, {"sigma", 0.1}}));
}

TEST(FilterKindTest, AnUnknownNameTellsThoseThereAre) {
  EXPECT_THAT(
      [] {
        MakeFilter(Example(), {{"sigme", 1.0}});
      },
      ThrowsMessage<MethodError>(AllOf(HasSubstr("'sigme'"), HasSubstr("radius, sigma"))));
  FilterKind without = Example();
  without.parameters.clear();
  EXPECT_THAT(
      [&] {
        MakeFilter(without, {{"sigma", 1.0}});
      },
      ThrowsMessage<MethodError>(HasSubstr("there are none")));
}

TEST(FilterKindTest, AValueOutOfRangeTellsTheRange) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double wrong : {0.09, 4.1, -1.0, nan}) {
    EXPECT_THAT(
        [&] {
          MakeFilter(Example(), {{"sigma", wrong}});
        },
        ThrowsMessage<MethodError>(AllOf(HasSubstr("sigma"), HasSubstr("0.1 to 4"))));
  }
  EXPECT_THAT(
      [] {
        MakeFilter(Example(), {{"radius", 1.5}});
      },
      ThrowsMessage<MethodError>(HasSubstr("an integer from 0 to 9")));
}

}  // namespace
}  // namespace dkn
