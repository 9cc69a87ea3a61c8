#include "src/dkn/architecture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "dkn/error.h"

namespace dkn {
namespace {

TEST(ArchitectureTest, FieldsGoToTextAndBack) {
  Architecture architecture;
  architecture.kind = NetworkKind::kDkn;
  architecture.kernel_size = 5;
  architecture.window = 21;
  architecture.residual = false;
  architecture.guide = GuideInput::kLuma;
  architecture.streams = StreamCount::kTwo;
  architecture.weights_from = Source::kGuide;
  architecture.offsets_from = Source::kTarget;
  architecture.weight_activation = WeightActivation::kSoftmax;
  architecture.mean_subtraction = false;
  architecture.dkn_features = DknFeatures::kDilated;
  architecture.n1 = 256;
  architecture.n2 = 512;
  architecture.window_rule = WindowRule::kZero;
  architecture.border_rule = BorderRule::kZero;
  architecture.grid_scale = 14.0f / 15.0f;
  architecture.grid_origin = -7.0f / 15.0f;
  architecture.tap_order = TapOrder::kColumnMajor;
  architecture.channel_order = ChannelOrder::kBgr;
  const ArchitectureFields fields = ToFields(architecture);
  const Architecture back = FromFields(fields);
  EXPECT_EQ(ToFields(back), fields);
  EXPECT_EQ(back.grid_scale, architecture.grid_scale);
  EXPECT_EQ(back.grid_origin, architecture.grid_origin);
  EXPECT_NE(fields, ToFields(Architecture()));
}

TEST(ArchitectureTest, AbsentFieldsComeFromTheBase) {
  Architecture base;
  base.kernel_size = 7;
  const Architecture architecture = FromFields({{"window", "9"}, {"somebody", "else's"}}, base);
  EXPECT_EQ(architecture.kernel_size, 7);
  EXPECT_EQ(architecture.window, 9);
  EXPECT_FALSE(architecture.grid_origin.has_value());
}

std::string MessageOf(const ArchitectureFields& fields) {
  try {
    FromFields(fields);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ArchitectureTest, WrongFieldsAreRefusedByName) {
  EXPECT_THAT(MessageOf({{"kind", "unet"}}),
              testing::HasSubstr("'kind': unknown value 'unet', expected dkn or fdkn"));
  EXPECT_THAT(MessageOf({{"kernel_size", "3x"}}),
              testing::HasSubstr("'kernel_size' is '3x', expected a whole number"));
  EXPECT_THAT(MessageOf({{"weights_from", "none"}}), testing::HasSubstr("weights_from is none"));
  EXPECT_THAT(MessageOf({{"kernel_size", "99999999999"}}), testing::HasSubstr("'kernel_size'"));
  EXPECT_THAT(MessageOf({{"residual", "1"}}), testing::HasSubstr("'residual'"));
  EXPECT_THAT(MessageOf({{"kernel_size", "4"}}), testing::HasSubstr("odd"));
  EXPECT_THAT(MessageOf({{"kernel_size", "17"}}), testing::HasSubstr("window"));
  EXPECT_THAT(MessageOf({{"window", "65"}}), testing::HasSubstr("window"));
  EXPECT_THAT(MessageOf({{"n1", "0"}}), testing::HasSubstr("n1"));
  EXPECT_THAT(MessageOf({{"blocks", "65"}}), testing::HasSubstr("blocks"));
  EXPECT_THAT(MessageOf({{"grid_scale", "nan"}}), testing::HasSubstr("grid_scale"));
}

// A model file of src/rivals.
TEST(ArchitectureTest, AnotherNetworksFieldsAreRefused) {
  try {
    FromFields({{"network", "djf"}, {"kind", "fdkn"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("the network is djf, expected FDKN or DKN"));
  }
}

TEST(ArchitectureTest, FieldsThatDoNotGoTogetherAreRefused) {
  EXPECT_THAT(MessageOf({{"streams", "one"}, {"guide", "none"}}), testing::HasSubstr("streams"));
  EXPECT_THAT(MessageOf({{"guide", "none"}, {"weights_from", "target"}}),
              testing::HasSubstr("weights_from"));
  EXPECT_THAT(MessageOf({{"streams", "one"}, {"offsets_from", "guide"}}),
              testing::HasSubstr("offsets_from"));
  EXPECT_THAT(MessageOf({{"offsets_from", "none"}, {"window", "5"}}), testing::HasSubstr("window"));
  EXPECT_EQ(MessageOf({{"offsets_from", "none"}, {"window", "3"}}), "");
  EXPECT_THAT(MessageOf({{"weight_activation", "linear"}, {"residual", "false"}}),
              testing::HasSubstr("linear"));
  EXPECT_THAT(MessageOf({{"dkn_features", "plain"}}), testing::HasSubstr("dkn_features"));
  EXPECT_THAT(MessageOf({{"kind", "dkn"}, {"blocks", "1"}}), testing::HasSubstr("blocks"));
  EXPECT_THAT(MessageOf({{"weights_from", "none"}}), testing::HasSubstr("weights_from"));
  EXPECT_THAT(MessageOf({{"kernel_size", "27"}, {"window", "63"}}), testing::HasSubstr("25"));
}

TEST(ArchitectureTest, WithoutOffsetsTheWindowIsTheKernels) {
  EXPECT_EQ(ArchitectureFromJson(R"({"offsets_from": "none", "kernel_size": 25})").window, 25);
  EXPECT_EQ(ArchitectureFromJson(R"({"offsets_from": "guide", "kernel_size": 5})").window, 15);
}

TEST(ArchitectureTest, StreamsAreThoseThatGiveSomething) {
  const auto streams = [](const char* json) { return Streams(ArchitectureFromJson(json)); };
  using testing::ElementsAre;
  EXPECT_THAT(streams("{}"), ElementsAre(Stream::kGuide, Stream::kTarget));
  EXPECT_THAT(streams(R"({"guide": "none"})"), ElementsAre(Stream::kTarget));
  EXPECT_THAT(streams(R"({"streams": "one"})"), ElementsAre(Stream::kJoint));
  EXPECT_THAT(streams(R"({"weights_from": "guide", "offsets_from": "guide"})"),
              ElementsAre(Stream::kGuide));
  EXPECT_THAT(streams(R"({"weights_from": "guide", "offsets_from": "target"})"),
              ElementsAre(Stream::kGuide, Stream::kTarget));
}

TEST(ArchitectureTest, JsonKnowsItsFields) {
  const Architecture architecture =
      ArchitectureFromJson(R"({"kind": "dkn", "kernel_size": 5, "residual": false})");
  EXPECT_EQ(architecture.kind, NetworkKind::kDkn);
  EXPECT_EQ(architecture.kernel_size, 5);
  EXPECT_FALSE(architecture.residual);
  EXPECT_THROW(ArchitectureFromJson(R"({"kernel": 5})"), Error);
  EXPECT_THROW(ArchitectureFromJson(R"([1])"), Error);
  EXPECT_THROW(ArchitectureFromJson("{"), Error);
}

}  // namespace
}  // namespace dkn
