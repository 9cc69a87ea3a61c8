#include "src/net/convolution_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>
#include <random>
#include <string>
#include <thread>

#include "dkn/error.h"
#include "dkn/threads.h"

namespace dkn {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<float> RandomValues(std::size_t count, float deviation, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> values(0.0f, deviation);
  std::vector<float> result(count);
  std::generate(result.begin(), result.end(), [&] { return values(random); });
  return result;
}

// Values such that a layer's results are about as large as what it takes.
Convolution RandomConvolution(const Layer& layer, unsigned seed) {
  const std::size_t inputs = static_cast<std::size_t>(layer.in) * layer.kernel * layer.kernel;
  const float deviation = 1.0f / std::sqrt(static_cast<float>(inputs));
  return {layer, RandomValues(inputs * layer.out, deviation, seed),
          RandomValues(static_cast<std::size_t>(layer.out), 0.3f, seed + 1000)};
}

std::vector<Convolution> RandomChain(const std::vector<Layer>& layers) {
  std::vector<Convolution> chain;
  for (const Layer& layer : layers) {
    chain.push_back(RandomConvolution(layer, static_cast<unsigned>(chain.size())));
  }
  return chain;
}

// Channels innermost.
struct Features {
  int width;
  int height;
  int channels;
  std::vector<float> values;

  float At(int x, int y, int c) const {
    if (x < 0 || x >= width || y < 0 || y >= height) {
      return 0.0f;
    }
    return values[(static_cast<std::size_t>(y) * width + x) * channels + c];
  }
};

Features RandomFeatures(int width, int height, int channels, unsigned seed) {
  const std::size_t count = static_cast<std::size_t>(width) * height * channels;
  return {width, height, channels, RandomValues(count, 1.0f, seed)};
}

// One output of a convolution, by its definition.
float PlainValue(const Convolution& convolution, const Features& in, int x, int y, int o) {
  const Layer& layer = convolution.layer;
  double sum = convolution.bias[static_cast<std::size_t>(o)];
  const float* weight = convolution.weights.data() +
                        static_cast<std::size_t>(o) * layer.in * layer.kernel * layer.kernel;
  for (int c = 0; c < layer.in; ++c) {
    for (int row = 0; row < layer.kernel; ++row) {
      for (int column = 0; column < layer.kernel; ++column) {
        sum += static_cast<double>(*weight++) *
               in.At(x * layer.stride - layer.padding + layer.dilation * column,
                     y * layer.stride - layer.padding + layer.dilation * row, c);
      }
    }
  }
  return static_cast<float>(layer.activation == Activation::kRelu ? std::max(sum, 0.0) : sum);
}

Features PlainConvolution(const Convolution& convolution, const Features& in) {
  const Layer& layer = convolution.layer;
  Features out{0, 0, layer.out, {}};
  // As many places as the kernel has inside the padded image.
  const auto places = [&](int size) {
    int count = 0;
    const int extent = layer.dilation * (layer.kernel - 1) + 1;
    while (count * layer.stride + extent <= size + 2 * layer.padding) {
      ++count;
    }
    return count;
  };
  out.width = places(in.width);
  out.height = places(in.height);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      for (int o = 0; o < layer.out; ++o) {
        out.values.push_back(PlainValue(convolution, in, x, y, o));
      }
    }
  }
  return out;
}

std::vector<float> RunOn(ConvolutionNetwork::Session& session, const Features& in,
                         std::size_t output_size) {
  std::copy(in.values.begin(), in.values.end(), session.input());
  session.Run();
  return std::vector<float>(session.output(), session.output() + output_size);
}

constexpr Activation kRelu = Activation::kRelu;
constexpr Activation kNone = Activation::kNone;

struct ChainCase {
  std::string name;
  std::vector<Layer> layers;
  int smallest;  // smallest width and height that leave a pixel
};

void PrintTo(const ChainCase& value, std::ostream* stream) {
  *stream << value.name;
}

const ChainCase kChains[] = {
    {"OneLayer", {{"conv1", 3, 5, 3, 1, 1, false, kNone}}, 1},
    {"Pointwise",
     {{"conv1", 7, 20, 1, 1, 0, false, kRelu}, {"conv2", 20, 3, 1, 1, 0, false, kNone}},
     1},
    {"ReluLast",
     {{"conv1", 4, 6, 3, 1, 1, false, kNone}, {"conv2", 6, 5, 3, 1, 1, false, kRelu}},
     1},
    // Table 2, with narrower layers.
    {"KeepsTheSize",
     {{"conv1", 48, 32, 3, 1, 1, false, kRelu},
      {"conv2", 32, 32, 3, 1, 1, false, kRelu},
      {"conv3", 32, 64, 3, 1, 1, false, kRelu},
      {"conv4", 64, 48, 3, 1, 1, false, kRelu},
      {"heads", 48, 144, 1, 1, 0, false, kNone}},
     1},
    // Table 1, with fewer layers: the image shrinks, DownConv halves it.
    {"Shrinks",
     {{"conv1", 3, 16, 7, 1, 0, false, kRelu},
      {"conv2", 16, 16, 2, 2, 0, false, kRelu},
      {"conv3", 16, 24, 5, 1, 0, false, kRelu},
      {"heads", 24, 27, 1, 1, 0, false, kNone}},
     16},
    {"StridesAndPads",
     {{"conv1", 2, 9, 3, 2, 1, false, kRelu}, {"conv2", 9, 10, 5, 3, 2, false, kNone}},
     1},
    {"Dilates",
     {{"conv1", 3, 8, 3, 1, 0, false, kRelu, 2}, {"conv2", 8, 20, 3, 1, 2, false, kNone, 3}},
     7},
    {"PadsMoreThanTheKernelNeeds",
     {{"conv1", 2, 16, 3, 1, 2, false, kRelu}, {"conv2", 16, 4, 1, 1, 1, false, kNone}},
     1},
};

class ConvolutionNetworkTest : public testing::TestWithParam<ChainCase> {};

TEST_P(ConvolutionNetworkTest, AgreesWithThePlainConvolution) {
  const ChainCase& tested = GetParam();
  const std::vector<Convolution> chain = RandomChain(tested.layers);
  const ConvolutionNetwork network(chain);
  const int least = tested.smallest;
  for (const auto& [width, height] : {std::pair{least, least},
                                      {least + 1, least},
                                      {least, least + 6},
                                      {least + 16, least + 4},
                                      {least + 29, least + 18}}) {
    const Features in = RandomFeatures(width, height, tested.layers.front().in, 7);
    Features expected = in;
    for (const Convolution& convolution : chain) {
      expected = PlainConvolution(convolution, expected);
    }
    ASSERT_FALSE(expected.values.empty());
    const auto session = network.Prepare(width, height);
    const std::vector<float> result = RunOn(*session, in, expected.values.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
      ASSERT_NEAR(result[i], expected.values[i], 1e-5f)
          << "at " << i << " of " << width << " x " << height;
    }
  }
}

// bfloat16 has 8 bits: a rounded value is within 2^-9 of itself, and what follows from several
// thousand of them with random signs within a few times that.
TEST_P(ConvolutionNetworkTest, InBfloat16HasItsPrecision) {
  if (SupportedPrecision(Precision::kBf16) != Precision::kBf16) {
    GTEST_SKIP() << "this processor has no bf16";
  }
  const ChainCase& tested = GetParam();
  const std::vector<Convolution> chain = RandomChain(tested.layers);
  const ConvolutionNetwork network(chain, {.hidden = Precision::kBf16});
  const int size = tested.smallest + 17;
  const Features in = RandomFeatures(size, size, tested.layers.front().in, 7);
  Features expected = in;
  for (const Convolution& convolution : chain) {
    expected = PlainConvolution(convolution, expected);
  }
  const auto session = network.Prepare(size, size);
  const std::vector<float> result = RunOn(*session, in, expected.values.size());
  double error = 0.0;
  double power = 0.0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    error += std::pow(result[i] - expected.values[i], 2);
    power += std::pow(expected.values[i], 2);
  }
  EXPECT_LT(error, std::pow(0.01, 2) * power);
  EXPECT_GT(error, std::pow(0.0005, 2) * power);  // it is no fp32 in disguise
}

INSTANTIATE_TEST_SUITE_P(Chains, ConvolutionNetworkTest, testing::ValuesIn(kChains),
                         [](const auto& info) { return info.param.name; });

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
  return RandomChain(layers);
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
    for (const int threads : {1, 2, 3}) {
      SetThreads(threads);
      const auto session = network_.Prepare(width, height);
      const std::vector<float> result =
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
                         testing::Values(Precision::kFp32, Precision::kBf16),
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

TEST(ConvolutionNetworkErrorsTest, RefusesChainsThatDoNotFit) {
  const Layer first{"conv1", 3, 4, 3, 1, 1, false, kRelu};
  const Layer second{"conv2", 5, 2, 3, 1, 1, false, kNone};
  EXPECT_THAT(
      [&] {
        ConvolutionNetwork(RandomChain({first, second}));
      },
      ThrowsMessage<Error>(HasSubstr("'conv2'")));
  EXPECT_THROW(ConvolutionNetwork({}), Error);
}

TEST(ConvolutionNetworkErrorsTest, RefusesWrongNumbersOfValues) {
  const std::vector<Convolution> right = RandomChain({{"conv1", 3, 4, 3, 1, 1, false, kRelu}});
  const auto refused = ThrowsMessage<Error>(HasSubstr("'conv1'"));
  for (const int change : {-1, 1}) {
    std::vector<Convolution> chain = right;
    chain[0].weights.resize(chain[0].weights.size() + static_cast<std::size_t>(change));
    EXPECT_THAT([&] { ConvolutionNetwork{chain}; }, refused);
    chain = right;
    chain[0].bias.resize(chain[0].bias.size() + static_cast<std::size_t>(change));
    EXPECT_THAT([&] { ConvolutionNetwork{chain}; }, refused);
  }
  std::vector<Convolution> unfolded = right;
  unfolded[0].layer.batch_norm = true;
  EXPECT_THAT([&] { ConvolutionNetwork{unfolded}; }, refused);
}

TEST(ConvolutionNetworkErrorsTest, RefusesImagesTooSmallForTheChain) {
  for (const ChainCase& tested : kChains) {
    const ConvolutionNetwork network(RandomChain(tested.layers));
    const int least = tested.smallest;
    EXPECT_NO_THROW(network.Prepare(least, least)) << tested.name;
    EXPECT_THROW(network.Prepare(least - 1, least), Error) << tested.name;
    EXPECT_THROW(network.Prepare(least, least - 1), Error) << tested.name;
  }
  // Without padding, a step of 2 leaves nothing of what is one pixel smaller than the kernel.
  for (const int kernel : {2, 3}) {
    const ConvolutionNetwork network(RandomChain({{"down", 3, 4, kernel, 2, 0, false, kNone}}));
    EXPECT_NO_THROW(network.Prepare(kernel, kernel));
    const auto refused = ThrowsMessage<Error>(HasSubstr("'down'"));
    EXPECT_THAT([&] { network.Prepare(kernel - 1, kernel); }, refused);
    EXPECT_THAT([&] { network.Prepare(kernel, kernel - 1); }, refused);
  }
}

}  // namespace
}  // namespace dkn
