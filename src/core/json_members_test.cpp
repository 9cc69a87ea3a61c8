#include "src/core/json_members.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "src/core/test_files.h"

namespace dkn {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::int64_t kMin64 = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax64 = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t kMaxUnsigned64 = std::numeric_limits<std::uint64_t>::max();

// What the Error of read(members of `text`) says; "" when there is none.
template <typename Read>
std::string Refusal(const std::string& text, const Read& read) {
  const Json json = Json::parse(text);
  return ErrorText([&] {
    JsonMembers members(json, "it");
    read(members);
  });
}

int ParseDigit(const std::string& text) {
  if (text.size() != 1 || text < "0" || text > "9") {
    throw Error("not a digit");
  }
  return text[0] - '0';
}

TEST(ParseJson, RefusesOtherText) {
  EXPECT_EQ(ParseJson(R"( {"a": [1, true]} )"), (Json{{"a", {1, true}}}));
  for (const std::string text : {"", "{", "{'a': 1}", "{} x", "1e999", "\"\xff\""}) {
    EXPECT_THAT(ErrorText([&] { ParseJson(text); }), StartsWith("not JSON: ")) << text;
  }
}

TEST(ParseJson, RefusesDeepNesting) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(ParseJson(nested(kMaxJsonDepth)).dump(), nested(kMaxJsonDepth));
  EXPECT_THAT(ErrorText([&] { ParseJson(nested(kMaxJsonDepth + 1)); }),
              HasSubstr("deeper than 32"));
  EXPECT_THAT(ErrorText([&] { ParseJson(nested(2000000)); }), HasSubstr("deeper than 32"));
  std::string objects;
  for (int i = 0; i <= kMaxJsonDepth; ++i) {
    objects += R"({"a":)";
  }
  EXPECT_THAT(ErrorText([&] { ParseJson(objects); }), HasSubstr("deeper than 32"));
}

TEST(ParseJson, RefusesLongText) {
  std::string text = "[]" + std::string(kMaxJsonBytes - 2, ' ');
  EXPECT_EQ(ParseJson(text), Json::array());
  text += ' ';
  EXPECT_THAT(ErrorText([&] { ParseJson(text); }), HasSubstr("expected at most 16777216"));
}

TEST(JsonMembers, ReadsEveryKind) {
  const Json json = Json::parse(R"({"text": "t", "boolean": true, "number": -0.5, "positive": 2,
      "integer": -3, "choice": "7", "array": [1, 2], "object": {"inner": 5}})");
  JsonMembers members(json, "it");
  EXPECT_EQ(members.Text("text"), "t");
  EXPECT_TRUE(members.Boolean("boolean"));
  EXPECT_EQ(members.Number("number", -1.0, 1.0), -0.5);
  EXPECT_EQ(members.Positive("positive"), 2.0);
  EXPECT_EQ(members.Integer("integer", -3, -3), -3);
  EXPECT_EQ(members.Choice("choice", ParseDigit), 7);
  EXPECT_EQ(members.Array("array").size(), 2u);
  JsonMembers object(members.Get("object"), members.Name("object"));
  EXPECT_EQ(object.Integer("inner", 0, 9), 5);
  object.CheckAllTaken();
  members.CheckAllTaken();
}

TEST(JsonMembers, WhatIsAbsentTakesItsDefaultUnchecked) {
  const Json json = Json::object();
  JsonMembers members(json, "it");
  EXPECT_EQ(members.Find("x"), nullptr);
  EXPECT_EQ(members.Text("x", ""), "");
  EXPECT_FALSE(members.Boolean("x", false));
  EXPECT_EQ(members.Number("x", 0.0, 1.0, 2.0), 2.0);
  EXPECT_EQ(members.Positive("x", -1.0), -1.0);
  EXPECT_EQ(members.Integer("x", 0, 1, 2), 2);
  EXPECT_EQ(members.Choice("x", ParseDigit, 42), 42);
}

TEST(JsonMembers, WhatIsAbsentWithoutDefaultIsAnError) {
  const auto refusal = [](const auto& read) { return Refusal("{}", read); };
  EXPECT_EQ(refusal([](JsonMembers& m) { m.Get("x"); }), "it lacks 'x'");
  EXPECT_EQ(refusal([](JsonMembers& m) { m.Text("x"); }), "it lacks 'x'");
  EXPECT_EQ(refusal([](JsonMembers& m) { m.Boolean("x"); }), "it lacks 'x'");
  EXPECT_EQ(refusal([](JsonMembers& m) { m.Number("x", 0, 1); }), "it lacks 'x'");
  EXPECT_EQ(refusal([](JsonMembers& m) { m.Positive("x"); }), "it lacks 'x'");
  EXPECT_EQ(refusal([](JsonMembers& m) { m.Integer("x", 0, 1); }), "it lacks 'x'");
  EXPECT_EQ(refusal([](JsonMembers& m) { m.Choice("x", ParseDigit); }), "it lacks 'x'");
  EXPECT_EQ(refusal([](JsonMembers& m) { m.Array("x"); }), "it lacks 'x'");
}

// A member that is there must be right, with a default and without.
TEST(JsonMembers, ConvertsNothing) {
  for (const std::string value : {"null", "1", "[\"a\"]", "true", "\"\""}) {
    EXPECT_EQ(Refusal("{\"x\":" + value + "}", [](JsonMembers& m) { m.Text("x", "d"); }),
              "it: 'x' is not a string that is not empty");
  }
  for (const std::string value : {"null", "1", "0", "\"true\"", "[true]"}) {
    EXPECT_EQ(Refusal("{\"x\":" + value + "}", [](JsonMembers& m) { m.Boolean("x", true); }),
              "it: 'x' is not true or false");
  }
  for (const std::string value : {"null", "\"1\"", "true", "[1]", "-0.6", "1.1"}) {
    EXPECT_EQ(Refusal("{\"x\":" + value + "}", [](JsonMembers& m) { m.Number("x", -0.5, 1, 1); }),
              "it: 'x' is not a number from -0.5 to 1.0");
  }
  for (const std::string value : {"null", "\"1\"", "true", "0", "0.0", "-1"}) {
    EXPECT_EQ(Refusal("{\"x\":" + value + "}", [](JsonMembers& m) { m.Positive("x", 1.0); }),
              "it: 'x' is not a positive number");
  }
  for (const std::string value : {"null", "\"1\"", "true", "1.0", "1.5", "[1]", "-2", "4"}) {
    EXPECT_EQ(Refusal("{\"x\":" + value + "}", [](JsonMembers& m) { m.Integer("x", -1, 3, 1); }),
              "it: 'x' is not an integer from -1 to 3");
  }
  for (const std::string value : {"null", "1", "{\"a\":1}", "[]"}) {
    EXPECT_EQ(Refusal("{\"x\":" + value + "}", [](JsonMembers& m) { m.Array("x"); }),
              "it: 'x' is not an array that is not empty");
  }
  EXPECT_EQ(Refusal(R"({"x": "a"})", [](JsonMembers& m) { m.Choice("x", ParseDigit, 1); }),
            "it: 'x': not a digit");
}

TEST(JsonMembers, IntegersReachTheLimitsOfTheirType) {
  const Json json = Json::parse(R"({"min": -9223372036854775808, "max": 9223372036854775807,
                                    "unsigned": 18446744073709551615, "minus": -1})");
  JsonMembers members(json, "it");
  EXPECT_EQ(members.Integer<std::int64_t>("min", kMin64, kMax64), kMin64);
  EXPECT_EQ(members.Integer<std::int64_t>("max", kMin64, kMax64), kMax64);
  EXPECT_EQ(members.Integer<std::uint64_t>("unsigned", 0, kMaxUnsigned64), kMaxUnsigned64);
  EXPECT_EQ(members.Integer<std::uint64_t>("none", 0, 1, kMaxUnsigned64), kMaxUnsigned64);
  // As 64 bits these two are the same.
  EXPECT_THROW(members.Integer<std::int64_t>("unsigned", kMin64, kMax64), Error);
  EXPECT_THROW(members.Integer<std::uint64_t>("minus", 0, kMaxUnsigned64), Error);
  EXPECT_THROW(members.Integer("unsigned", -5, 5), Error);
}

TEST(JsonMembers, RefusesMembersNobodyAskedFor) {
  const Json json = Json::parse(R"({"a": 1, "b": 2})");
  JsonMembers members(json, "it");
  members.Integer("a", 0, 1);
  EXPECT_EQ(ErrorText([&] { members.CheckAllTaken(); }), "it has an unknown field 'b'");
  members.Find("b");
  EXPECT_EQ(ErrorText([&] { members.CheckAllTaken(); }), "");
}

TEST(JsonMembers, ErrorsNameTheObject) {
  for (const std::string text : {"[]", "null", "3", "\"a\""}) {
    EXPECT_EQ(Refusal(text, [](JsonMembers&) {}), "it is not a JSON object");
  }
  EXPECT_EQ(Refusal(R"({"a": {}})",
                    [](JsonMembers& m) { JsonMembers(m.Get("a"), m.Name("a")).Get("b"); }),
            "it: 'a' lacks 'b'");
  EXPECT_THAT(Refusal("{}", [](JsonMembers& m) { m.Check(false, "a", "right"); }),
              EndsWith("'a' is not right"));
}

}  // namespace
}  // namespace dkn
