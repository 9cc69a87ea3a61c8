#include "src/serve/view_controls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "src/core/test_files.h"

namespace dkn::serve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ViewControlsTest, WhatIsToldChanges) {
  const ViewControls before{.model = "guided", .holes = "keep"};
  ViewControls after = ParseControls(R"({"fidelity": 5, "confidence": false})", before);
  EXPECT_EQ(after,
            (ViewControls{.model = "guided", .holes = "keep", .fidelity = 5, .confidence = false}));
  after = ParseControls(R"({"model": "", "invalid": "0,>9000", "paused": true})", after);
  EXPECT_EQ(after.model, "");
  EXPECT_EQ(after.invalid, "0,>9000");
  EXPECT_TRUE(after.paused);
  EXPECT_EQ(ParseControls("{}", after), after);
  EXPECT_EQ(ParseControls(JsonOf(after).dump(), {}), after);
}

TEST(ViewControlsTest, AllElseIsRefused) {
  for (const char* text : {"", "null", "[]", "{", R"({"models": "x"})", R"({"model": 3})",
                           R"({"fidelity": 1.5})", R"({"fidelity": -1})", R"({"fidelity": 1001})",
                           R"({"fidelity": "5"})", R"({"holes": "dig"})", R"({"invalid": "zero"})",
                           R"({"paused": 1})", R"({"confidence": null})"}) {
    EXPECT_NE(ErrorText([&] { ParseControls(text, {}); }), "") << text;
  }
  EXPECT_NE(
      ErrorText([] { ParseControls(R"({"model": ")" + std::string(5000, 'a') + R"("})", {}); }),
      "");
}

TEST(ViewControlsTest, BecomeOptions) {
  UpsamplerOptions options;
  options.settings = {{"radius", 3.0}};
  Apply({.model = "guided", .invalid = "none", .holes = "keep", .fidelity = 2}, "guided", options);
  EXPECT_EQ(options.method, "guided");
  EXPECT_EQ(options.invalid_rule, InvalidRule::kNone);
  EXPECT_EQ(options.upsample.holes, HoleMode::kKeep);
  EXPECT_EQ(options.upsample.fidelity_iterations, 2);
  EXPECT_EQ(options.settings.size(), 1u);
  Apply({.model = "jbu", .invalid = ">8000"}, "guided", options);
  EXPECT_EQ(options.invalid_rule, InvalidRule::kValue);
  EXPECT_TRUE(options.invalid.Contains(9000));
  EXPECT_TRUE(options.settings.empty());  // of another method
}

TEST(ViewControlsTest, BecomeWordsOfTheCommand) {
  EXPECT_TRUE(WordsOf({}).empty());
  EXPECT_TRUE(WordsOf({.confidence = false, .paused = true}).empty());
  EXPECT_THAT(
      WordsOf({.model = "guided", .invalid = "-1", .holes = "keep", .fidelity = 5}),
      ElementsAre("--model", "guided", "--invalid=-1", "--holes", "keep", "--fidelity", "5"));
}

TEST(ShellTextTest, QuotesWhatAShellWouldTakeApart) {
  EXPECT_EQ(ShellText({"dkn", "a/b_%04d.png", "x.npz:name"}), "dkn a/b_%04d.png x.npz:name");
  EXPECT_EQ(ShellText({"a b", "", "0,>9000", "it's", "$(rm)"}),
            "'a b' '' '0,>9000' 'it'\\''s' '$(rm)'");
}

TEST(ParsePixelTest, TakesIntegersAlone) {
  const Pixel pixel = ParsePixel("12", "999999999");
  EXPECT_EQ(pixel.x, 12);
  EXPECT_EQ(pixel.y, 999999999);
  for (const char* text : {"", "-1", "+1", "1.5", "1e3", " 1", "1000000000", "x", "1\n"}) {
    EXPECT_THAT(ErrorText([&] { ParsePixel(text, "1"); }), HasSubstr("is no pixel")) << text;
    EXPECT_NE(ErrorText([&] { ParsePixel("1", text); }), "") << text;
  }
}

}  // namespace
}  // namespace dkn::serve
