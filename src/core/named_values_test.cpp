#include "src/core/named_values.h"

#include <gmock/gmock.h>

#include "src/core/test_files.h"

namespace dkn {
namespace {

enum class Fruit { kApple, kPear, kPlum, kQuince };

constexpr NamedValue<Fruit> kFruits[] = {
    {"apple", Fruit::kApple}, {"pear", Fruit::kPear}, {"plum", Fruit::kPlum}};

TEST(NamedValues, OneTableTellsBothWays) {
  for (const auto& [name, fruit] : kFruits) {
    EXPECT_EQ(ParseNamed(kFruits, name, "fruit"), fruit);
    EXPECT_STREQ(NameOf(kFruits, fruit), name);
  }
}

TEST(NamedValues, TheErrorRepeatsTheNameAndListsThoseThereAre) {
  EXPECT_EQ(ErrorText([] { ParseNamed(kFruits, "Apple", "fruit"); }),
            "unknown fruit 'Apple', expected apple, pear or plum");
  EXPECT_EQ(ErrorText([] { ParseNamed(kFruits, "", "fruit"); }),
            "unknown fruit '', expected apple, pear or plum");
  constexpr NamedValue<bool> kBooleans[] = {{"true", true}, {"false", false}};
  EXPECT_EQ(ErrorText([&] { ParseNamed(kBooleans, "yes", "value"); }),
            "unknown value 'yes', expected true or false");
}

TEST(NamedValues, AValueWithoutANameIsRefused) {
  EXPECT_THROW(NameOf(kFruits, Fruit::kQuince), Error);
}

}  // namespace
}  // namespace dkn
