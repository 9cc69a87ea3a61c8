#include "src/dkn/layers.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <tuple>

namespace dkn {
namespace {

// Trained values: weights, biases, and gamma and beta of batch normalisation.
std::int64_t CountParameters(const Architecture& architecture) {
  std::int64_t count = 0;
  for (const Stream stream : Streams(architecture)) {
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
TEST(LayersTest, ParameterCountsAreThoseOfTable10) {
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

TEST(LayersTest, FootprintsAreThoseOfTheDocs) {
  Architecture architecture;
  architecture.kind = NetworkKind::kDkn;
  for (const auto& [features, size, stride] : {std::tuple{DknFeatures::kDownConv, 50, 4},
                                               {DknFeatures::kPlain, 51, 1},
                                               {DknFeatures::kDilated, 51, 1},
                                               {DknFeatures::kSmall, 23, 1}}) {
    architecture.dkn_features = features;
    EXPECT_EQ(FootprintOf(architecture).size, size);
    EXPECT_EQ(FootprintOf(architecture).before, size / 2);
    EXPECT_EQ(FootprintOf(architecture).stride, stride);
  }
}

// The paper says 1.6 million for DKN without DownConv, and nothing of the others: the lists are
// ours.
TEST(LayersTest, ParameterCountsOfOtherFeatures) {
  Architecture architecture;
  architecture.kind = NetworkKind::kDkn;
  architecture.dkn_features = DknFeatures::kPlain;
  EXPECT_EQ(CountParameters(architecture), 1635894);
  architecture.dkn_features = DknFeatures::kDilated;
  EXPECT_EQ(CountParameters(architecture), 876470);
  architecture.dkn_features = DknFeatures::kSmall;
  EXPECT_EQ(CountParameters(architecture), 1167670);
}

// Of 64 channels, after the fourth layer.
TEST(LayersTest, BlocksComeAfterTheFourthLayer) {
  const Architecture architecture =
      ArchitectureFromJson(R"({"streams": "one", "target": "measurement", "blocks": 2})");
  const std::vector<Layer> layers = Layers(architecture, Stream::kJoint);
  ASSERT_EQ(layers.size(), 6 + 2 * 2 + 2u);
  EXPECT_EQ(layers[0].in, 16 * (3 + 3));
  EXPECT_EQ(layers[3].name, "conv4");
  EXPECT_EQ(layers[4].name, "block1_conv1");
  EXPECT_EQ(layers[8].name, "conv5");
  for (std::size_t i = 4; i < 8; ++i) {
    EXPECT_EQ(layers[i].in, 64);
    EXPECT_EQ(layers[i].out, 64);
    EXPECT_EQ(layers[i].batch_norm, i % 2 == 0);
    EXPECT_EQ(layers[i].residual, i % 2 == 1);
  }
  EXPECT_EQ(FootprintOf(architecture).size, 13 + 2 * 2 * 2);
}

// With one stream, or heads that one stream alone has, the other's layers are gone.
TEST(LayersTest, StreamsHaveTheHeadsThatTheyGive) {
  const auto heads = [](const char* json, Stream stream) {
    std::string names;
    for (const Layer& layer : Layers(ArchitectureFromJson(json), stream)) {
      names += layer.kernel == 1 ? layer.name + " " : "";
    }
    return names;
  };
  EXPECT_EQ(heads("{}", Stream::kGuide), "conv_weight conv_offset ");
  const char* crossed = R"({"weights_from": "guide", "offsets_from": "target"})";
  EXPECT_EQ(heads(crossed, Stream::kGuide), "conv_weight ");
  EXPECT_EQ(heads(crossed, Stream::kTarget), "conv_offset ");
  EXPECT_EQ(heads(R"({"offsets_from": "none", "window": 3})", Stream::kTarget), "conv_weight ");
  EXPECT_EQ(Layers(ArchitectureFromJson(R"({"streams": "one"})"), Stream::kJoint).front().in, 64);
}

}  // namespace
}  // namespace dkn
