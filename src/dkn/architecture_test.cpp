#include "src/dkn/architecture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "dkn/error.h"

namespace dkn {
namespace {

// Trained values: weights, biases, and gamma and beta of batch normalisation.
std::int64_t CountParameters(const Architecture& architecture) {
  std::int64_t count = 0;
  for (const Stream stream : {Stream::kGuide, Stream::kTarget}) {
    for (const Layer& layer : Layers(architecture, stream)) {
      count += static_cast<std::int64_t>(layer.in) * layer.out * layer.kernel * layer.kernel +
               layer.out + (layer.batch_norm ? 2 * layer.out : 0);
    }
  }
  return count;
}

struct Table10Row {
  int n1;
  int n2;
  std::int64_t dkn;
  std::int64_t fdkn;       // 48-channel guide
  std::int64_t fdkn_luma;  // 16-channel guide
};

// The paper rounds: DKN 1.1, 1.7, 2.3, 3.5, 5.8 million, FDKN 0.6, 1.1, 1.7, 2.9, 5.9 million. Its
// 2.9 contradicts its own model size of 13.0 MB, which is 3.2 million values of 4 bytes.
TEST(ArchitectureTest, ParameterCountsAreThoseOfTable10) {
  for (const Table10Row& row : {Table10Row{128, 128, 1158070, 703072, 693856},
                                Table10Row{256, 128, 1748150, 1146208, 1136992},
                                Table10Row{256, 256, 2345142, 1846880, 1837664},
                                Table10Row{256, 512, 3539126, 3248224, 3239008},
                                Table10Row{256, 1024, 5927094, 6050912, 6041696}}) {
    Architecture architecture;
    architecture.n1 = row.n1;
    architecture.n2 = row.n2;
    EXPECT_EQ(CountParameters(architecture), row.fdkn);
    architecture.guide = GuideInput::kLuma;
    EXPECT_EQ(CountParameters(architecture), row.fdkn_luma);
    architecture.kind = NetworkKind::kDkn;
    architecture.guide = GuideInput::kRgb;
    EXPECT_EQ(CountParameters(architecture), row.dkn);
  }
}

// Side length of the input that one output of the features sees.
int ReceptiveField(const Architecture& architecture) {
  const auto layers = Layers(architecture, Stream::kTarget);
  int field = 1;
  for (auto layer = layers.rbegin() + 2; layer != layers.rend(); ++layer) {
    field = (field - 1) * layer->stride + layer->kernel;
  }
  return field;
}

TEST(ArchitectureTest, ReceptiveFieldsAreThoseOfTables1And2) {
  Architecture architecture;
  EXPECT_EQ(ReceptiveField(architecture), 13);
  architecture.kind = NetworkKind::kDkn;
  // Table 1 says 51; its first DownConv takes 22 of the 45 rows in steps of 2, and drops the last.
  EXPECT_EQ(ReceptiveField(architecture), 50);
}

TEST(ArchitectureTest, FieldsGoToTextAndBack) {
  Architecture architecture;
  architecture.kind = NetworkKind::kDkn;
  architecture.kernel_size = 5;
  architecture.window = 21;
  architecture.residual = false;
  architecture.guide = GuideInput::kLuma;
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
  EXPECT_THAT(MessageOf({{"kind", "unet"}}), testing::HasSubstr("'kind' is not dkn or fdkn"));
  EXPECT_THAT(MessageOf({{"kernel_size", "3x"}}), testing::HasSubstr("'kernel_size'"));
  EXPECT_THAT(MessageOf({{"kernel_size", "99999999999"}}), testing::HasSubstr("'kernel_size'"));
  EXPECT_THAT(MessageOf({{"residual", "1"}}), testing::HasSubstr("'residual'"));
  EXPECT_THAT(MessageOf({{"kernel_size", "4"}}), testing::HasSubstr("odd"));
  EXPECT_THAT(MessageOf({{"kernel_size", "17"}}), testing::HasSubstr("window"));
  EXPECT_THAT(MessageOf({{"window", "65"}}), testing::HasSubstr("window"));
  EXPECT_THAT(MessageOf({{"n1", "0"}}), testing::HasSubstr("n1"));
  EXPECT_THAT(MessageOf({{"grid_scale", "nan"}}), testing::HasSubstr("grid_scale"));
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
