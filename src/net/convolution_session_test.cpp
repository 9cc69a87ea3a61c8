#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/threads.h"
#include "src/net/convolution_network.h"
#include "src/net/test_convolutions.h"

namespace dkn {
namespace {

constexpr Activation kRelu = Activation::kRelu;
constexpr Activation kNone = Activation::kNone;

// The guide stream of FDKN (Table 2), whose images are a quarter as wide and high as the guide.
constexpr int kHeads = 432;
std::vector<Convolution> GuideStream() {
  std::vector<Layer> layers;
  int in = 48;
  for (const int out : {32, 32, 64, 64, 128, 128}) {
    layers.push_back({"conv" + std::to_string(layers.size() + 1), in, out, 3, 1, 1, false, kRelu});
    in = out;
  }
  layers.push_back({"heads", in, kHeads, 1, 1, 0, false, kNone});
  std::vector<Convolution> chain = RandomChain(layers);
  for (Convolution& convolution : chain) {
    convolution.largest_output = 4.0f;
  }
  return chain;
}

// What was compiled on another thread gives the same bits.
TEST(ConvolutionNetworkTest, CompilesBesideOtherThreads) {
  const std::vector<Convolution> chain = GuideStream();
  const Features in = RandomFeatures(20, 12, 48, 1);
  const auto result = [&](const ConvolutionNetwork& network) {
    return RunOn(*network.Prepare(20, 12), in, std::size_t{20} * 12 * kHeads);
  };
  const std::vector<float> expected = result(ConvolutionNetwork(chain));
  const ConvolutionNetwork network(chain);
  std::thread other([&] { network.Compile(20, 12); });
  const std::vector<float> beside = result(network);
  other.join();
  EXPECT_TRUE(beside == expected);
  EXPECT_TRUE(result(network) == expected);
  EXPECT_THROW(network.Compile(0, 1), Error);
}

// A chain in two parts that pass bfloat16 on gives what the whole chain does, from any pixel on.
TEST(ConvolutionNetworkTypesTest, PartsPassBfloat16OnExactly) {
  if (SupportedPrecision(Precision::kBf16) != Precision::kBf16) {
    GTEST_SKIP() << "this processor has no bf16";
  }
  constexpr Precision kBf16 = Precision::kBf16;
  const std::vector<Convolution> chain = RandomChain(
      {{"conv1", 3, 16, 3, 1, 0, false, kRelu}, {"conv2", 16, 27, 3, 1, 0, false, kNone}});
  const ConvolutionNetwork whole(chain, {.hidden = kBf16});
  const ConvolutionNetwork first({chain[0]}, {.hidden = kBf16, .output = kBf16});
  const ConvolutionNetwork second({chain[1]}, {.input = kBf16, .hidden = kBf16});
  const Features in = RandomFeatures(20, 20, 3, 1);
  const auto session = whole.Prepare(20, 20);
  const std::vector<float> expected = RunOn(*session, in, std::size_t{16} * 16 * 27);
  const auto first_session = first.Prepare(20, 20);
  std::copy(in.values.begin(), in.values.end(), first_session->input());
  first_session->Run();
  // The same rows of 18 pixels, two rows fewer: what lies below is not reached.
  const auto second_session = second.Prepare(18, 16);
  second_session->Run(first_session->OutputAt(0, 2));
  const std::size_t row = std::size_t{16} * 27;
  const std::vector<float> result(second_session->output(), second_session->output() + 14 * row);
  EXPECT_TRUE(result == std::vector<float>(expected.begin() + 2 * row, expected.end()));
}

TEST(ConvolutionNetworkTypesTest, Bfloat16IsNotWidened) {
  EXPECT_THROW(ConvolutionNetwork(GuideStream(), {.input = Precision::kBf16}), Error);
}

// What Winograd's algorithm and blocks give is what direct convolutions do, but for rounding.
TEST(ConvolutionNetworkTypesTest, WinogradAgreesWithTheDirectAlgorithm) {
  std::vector<Convolution> chain = GuideStream();
  const ConvolutionNetwork direct(chain, {.winograd = false});
  const ConvolutionNetwork winograd(chain);
  for (const auto& [width, height] : {std::pair{1, 1}, {5, 2}, {37, 23}, {160, 120}}) {
    const std::size_t size = static_cast<std::size_t>(width) * height * kHeads;
    const Features in = RandomFeatures(width, height, 48, 5);
    const std::vector<float> expected = RunOn(*direct.Prepare(width, height), in, size);
    const std::vector<float> result = RunOn(*winograd.Prepare(width, height), in, size);
    for (std::size_t i = 0; i < size; ++i) {
      ASSERT_NEAR(result[i], expected[i], 2e-5f) << "at " << i << ", width " << width;
    }
  }
}

class ConvolutionNetworkBitsTest : public testing::TestWithParam<Precision> {
 protected:
  ConvolutionNetworkBitsTest()
      : network_(GuideStream(), {.hidden = SupportedPrecision(GetParam())}) {}
  const ConvolutionNetwork network_;
};

TEST_P(ConvolutionNetworkBitsTest, DoNotDependOnTheNumberOfThreads) {
  for (const auto& [width, height] : {std::pair{1, 1}, {7, 3}, {20, 15}, {53, 41}, {160, 120}}) {
    const Features in = RandomFeatures(width, height, 48, 3);
    std::vector<float> single;
    for (const int threads : {1, 2, 3, 4}) {
      SetThreads(threads);
      const auto session = network_.Prepare(width, height);
      std::vector<float> result =
          RunOn(*session, in, static_cast<std::size_t>(width) * height * kHeads);
      if (threads == 1) {
        single = result;
      }
      EXPECT_TRUE(result == single) << threads << " threads, " << width << " x " << height;
    }
  }
  SetThreads(0);
}

TEST_P(ConvolutionNetworkBitsTest, DoNotDependOnWhatASessionRanBefore) {
  const std::size_t size = std::size_t{13} * 9 * kHeads;
  const Features first = RandomFeatures(13, 9, 48, 1);
  const Features second = RandomFeatures(13, 9, 48, 2);
  const auto session = network_.Prepare(13, 9);
  const std::vector<float> fresh = RunOn(*session, first, size);
  const std::vector<float> other = RunOn(*session, second, size);
  EXPECT_FALSE(other == fresh);
  EXPECT_TRUE(RunOn(*session, first, size) == fresh);
  const auto another = network_.Prepare(13, 9);
  EXPECT_TRUE(RunOn(*another, second, size) == other);
}

INSTANTIATE_TEST_SUITE_P(Precisions, ConvolutionNetworkBitsTest,
                         testing::Values(Precision::kFp32, Precision::kBf16, Precision::kInt8),
                         [](const auto& info) { return PrecisionName(info.param); });

TEST(ConvolutionNetworkConcurrencyTest, SessionsDoNotDisturbEachOther) {
  constexpr int kThreads = 4;
  constexpr int kRuns = 5;
  // Each thread has an image of its own size, so that all pack the weights at once.
  std::vector<Features> images;
  std::vector<std::vector<float>> expected;
  const std::vector<Convolution> chain = GuideStream();
  {
    const ConvolutionNetwork network(chain);
    SetThreads(1);
    for (int i = 0; i < kThreads; ++i) {
      images.push_back(RandomFeatures(9 + i, 12 - i, 48, static_cast<unsigned>(i)));
      const auto session = network.Prepare(9 + i, 12 - i);
      expected.push_back(
          RunOn(*session, images.back(), static_cast<std::size_t>(9 + i) * (12 - i) * kHeads));
    }
    SetThreads(0);
  }
  const ConvolutionNetwork network(chain);
  std::vector<int> wrong(kThreads, kRuns);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      SetThreads(1);
      const auto session = network.Prepare(images[i].width, images[i].height);
      for (int run = 0; run < kRuns; ++run) {
        wrong[i] -= RunOn(*session, images[i], expected[i].size()) == expected[i] ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(wrong, testing::Each(0));
}

}  // namespace
}  // namespace dkn
