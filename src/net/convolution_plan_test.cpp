#include "src/net/convolution_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dkn/error.h"
#include "src/net/machine.h"

namespace dkn {
namespace {

PlannedLayer Planned(int in, int out, int kernel, float largest = 0.0f, int stride = 1) {
  return {{"conv", in, out, kernel, stride, kernel / 2, false, Activation::kRelu}, largest};
}

TEST(ConvolutionPlanTest, Int8KeepsTheImageInAFloatType) {
  const std::vector<PlannedLayer> layers = {Planned(3, 32, 3, 2.0f), Planned(32, 64, 3, 5.0f),
                                            Planned(64, 27, 1)};
  const NetworkPlan plan = PlanNetwork(layers, {.hidden = Precision::kInt8});
  EXPECT_EQ(plan.input.type, ValueType::kFp32);
  EXPECT_NE(plan.layers[0].source.type, ValueType::kU8);
  EXPECT_EQ(plan.layers[0].destination.type, ValueType::kFp32);
  EXPECT_EQ(plan.layers[1].source, (ValueFormat{ValueType::kU8, ValueLayout::kInnermost, 2.0f}));
  EXPECT_EQ(plan.layers[1].destination,
            (ValueFormat{ValueType::kU8, ValueLayout::kInnermost, 5.0f}));
  EXPECT_EQ(plan.layers[2].source, plan.layers[1].destination);
  EXPECT_EQ(plan.layers[2].destination.type, ValueType::kFp32);
  EXPECT_EQ(plan.output, plan.layers[2].destination);
}

// A part of a network that takes and gives int8.
TEST(ConvolutionPlanTest, Int8GoesThroughParts) {
  const NetworkPlan first = PlanNetwork({Planned(3, 32, 3, 2.0f)},
                                        {.hidden = Precision::kInt8, .output = Precision::kInt8});
  EXPECT_EQ(first.layers[0].destination.type, ValueType::kFp32);
  EXPECT_EQ(first.output, (ValueFormat{ValueType::kU8, ValueLayout::kInnermost, 2.0f}));
  const NetworkPlan second = PlanNetwork(
      {Planned(32, 32, 3, 4.0f)}, {Precision::kInt8, Precision::kInt8, Precision::kInt8, 2.0f});
  EXPECT_EQ(second.input, first.output);
  EXPECT_EQ(second.layers[0].source, first.output);
  EXPECT_EQ(second.output.largest, 4.0f);
}

TEST(ConvolutionPlanTest, RefusesWhatDoesNotGoTogether) {
  EXPECT_THROW(PlanNetwork({Planned(3, 32, 3)}, {.input = Precision::kBf16}), Error);
  EXPECT_THROW(
      PlanNetwork({Planned(3, 32, 3)}, {.input = Precision::kInt8, .hidden = Precision::kBf16}),
      Error);
  EXPECT_THAT(
      [] {
        PlanNetwork({Planned(3, 32, 3), Planned(32, 8, 1)}, {.hidden = Precision::kInt8});
      },
      testing::ThrowsMessage<Error>(testing::HasSubstr("range")));
}

TEST(ConvolutionPlanTest, WinogradIsForLayersOfTheTable) {
  const auto parts = WinogradParts(Planned(128, 128, 3).layer, true);
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(parts->in, 2);
  EXPECT_EQ(parts->out, 2);
  EXPECT_FALSE(WinogradParts(Planned(128, 128, 3).layer, false));
  EXPECT_FALSE(WinogradParts(Planned(128, 128, 5).layer, true));
  EXPECT_FALSE(WinogradParts(Planned(128, 128, 3, 0.0f, 2).layer, true));
  EXPECT_FALSE(WinogradParts(Planned(128, 96, 3).layer, true));
}

// Blocks where Winograd's algorithm is near, and channels innermost outside unless asked for.
TEST(ConvolutionPlanTest, LayoutsFollowWinograd) {
  if (!InstructionSet().starts_with("AVX512")) {
    GTEST_SKIP() << "no Winograd here";
  }
  const std::vector<PlannedLayer> layers = {Planned(64, 64, 1), Planned(64, 128, 5),
                                            Planned(128, 128, 3), Planned(128, 27, 1)};
  const NetworkPlan plan = PlanNetwork(layers, {});
  constexpr ValueLayout kInnermost = ValueLayout::kInnermost;
  constexpr ValueLayout kBlocks = ValueLayout::kBlocks;
  const ValueLayout expected[] = {kInnermost, kBlocks, kBlocks, kBlocks};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(plan.layers[i].source.layout, expected[i]) << i;
    EXPECT_EQ(plan.layers[i].destination.layout, expected[i]) << i;
  }
  EXPECT_EQ(plan.input.layout, kInnermost);
  EXPECT_EQ(plan.output.layout, kInnermost);
  const NetworkPlan blocks =
      PlanNetwork({Planned(48, 32, 3), Planned(32, 64, 3)}, {.outer_layout = kBlocks});
  EXPECT_EQ(blocks.input.layout, kBlocks);
  EXPECT_EQ(blocks.output.layout, kBlocks);
}

TEST(ConvolutionPlanTest, BlocksOf8AreForAvx2) {
  if (!InstructionSet().starts_with("AVX2")) {
    GTEST_SKIP() << "for AVX2: dkn_net_avx2_test has it";
  }
  constexpr ValueLayout kInnermost = ValueLayout::kInnermost;
  constexpr ValueLayout kBlocksOf8 = ValueLayout::kBlocksOf8;
  const std::vector<PlannedLayer> layers = {Planned(3, 32, 7), Planned(32, 64, 2),
                                            Planned(64, 27, 1)};
  const NetworkPlan plan = PlanNetwork(layers, {});
  const ValueLayout expected[] = {kInnermost, kBlocksOf8, kInnermost};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(plan.layers[i].source.layout, expected[i]) << i;
    EXPECT_EQ(plan.layers[i].destination.layout, expected[i]) << i;
  }
  EXPECT_EQ(plan.input.layout, kInnermost);
  EXPECT_EQ(PlanNetwork({Planned(32, 64, 2)}, {}).output.layout, kInnermost);
  const NetworkPlan blocks = PlanNetwork({Planned(48, 32, 2)}, {.outer_layout = kBlocksOf8});
  EXPECT_EQ(blocks.input.layout, kBlocksOf8);
  EXPECT_EQ(blocks.output.layout, kBlocksOf8);
}

// Our own convolution takes channels innermost, and is no part of other precisions.
TEST(ConvolutionPlanTest, OwnWinogradIsForAvx2) {
  if (!InstructionSet().starts_with("AVX2")) {
    GTEST_SKIP() << "for AVX2: dkn_net_avx2_test has it";
  }
  const std::vector<PlannedLayer> layers = {Planned(48, 32, 3, 2.0f), Planned(32, 40, 3, 2.0f),
                                            Planned(40, 27, 1, 2.0f)};
  const auto own = [&](const NetworkTypes& types, int i) {
    const LayerPlan layer = PlanNetwork(layers, types).layers[static_cast<std::size_t>(i)];
    EXPECT_TRUE(i != 0 || layer.source.layout == ValueLayout::kInnermost || !types.winograd);
    return layer.own == OwnAlgorithm::kWinograd;
  };
  EXPECT_TRUE(own({}, 0));
  EXPECT_FALSE(own({}, 1));  // 40 channels
  EXPECT_FALSE(own({}, 2));  // 1 x 1
  EXPECT_FALSE(own({.winograd = false}, 0));
  EXPECT_FALSE(own({.hidden = Precision::kInt8, .largest_input = 1.0f}, 0));
}

}  // namespace
}  // namespace dkn
