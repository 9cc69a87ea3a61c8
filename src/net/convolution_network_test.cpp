#include "src/net/convolution_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string>

#include "dkn/error.h"
#include "src/net/test_convolutions.h"

namespace dkn {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

// One output of a convolution, by its definition. `earlier` is what a residual layer adds.
float PlainValue(const Convolution& convolution, const Features& in, const Features& earlier, int x,
                 int y, int o) {
  const Layer& layer = convolution.layer;
  double sum = convolution.bias[static_cast<std::size_t>(o)];
  if (layer.residual) {
    sum += earlier.At(x, y, o);
  }
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

Features PlainConvolution(const Convolution& convolution, const Features& in,
                          const Features& earlier) {
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
        out.values.push_back(PlainValue(convolution, in, earlier, x, y, o));
      }
    }
  }
  return out;
}

// What each layer of a chain gives.
std::vector<Features> PlainChain(const std::vector<Convolution>& chain, const Features& in) {
  std::vector<Features> results;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    results.push_back(
        PlainConvolution(chain[i], i == 0 ? in : results[i - 1], i < 2 ? in : results[i - 2]));
  }
  return results;
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
    // Blocks that end in the output, in channels that AVX-512 computes by Winograd's algorithm.
    {"EndsWithBlocks",
     {{"conv1", 16, 32, 3, 1, 1, false, kRelu},
      {"block1_conv1", 32, 32, 3, 1, 1, false, kRelu},
      {"block1_conv2", 32, 32, 3, 1, 1, false, kRelu, 1, true},
      {"block2_conv1", 32, 32, 3, 1, 1, false, kRelu},
      {"block2_conv2", 32, 32, 3, 1, 1, false, kRelu, 1, true}},
     1},
    // Blocks between other layers, of channels that are no multiple of 16.
    {"HasBlocks",
     {{"conv1", 7, 20, 3, 1, 1, false, kRelu},
      {"conv2", 20, 20, 3, 1, 1, false, kRelu},
      {"block1_conv1", 20, 9, 3, 1, 1, false, kRelu},
      {"block1_conv2", 9, 20, 1, 1, 0, false, kRelu, 1, true},
      {"block2_conv1", 20, 20, 3, 1, 2, false, kRelu, 2},
      {"block2_conv2", 20, 20, 3, 1, 1, false, kRelu, 1, true},
      {"heads", 20, 27, 1, 1, 0, false, kNone}},
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
    const Features expected = PlainChain(chain, in).back();
    ASSERT_FALSE(expected.values.empty());
    const auto session = network.Prepare(width, height);
    const std::vector<float> result = RunOn(*session, in, expected.values.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
      ASSERT_NEAR(result[i], expected.values[i], 1e-5f)
          << "at " << i << " of " << width << " x " << height;
    }
  }
}

// The error, relative to the values and as a root mean square, is below `most`.
void ExpectRounded(const std::vector<float>& result, const Features& expected, double most) {
  double error = 0.0;
  double power = 0.0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    error += std::pow(result[i] - expected.values[i], 2);
    power += std::pow(expected.values[i], 2);
  }
  EXPECT_LT(error, std::pow(most, 2) * power);
  EXPECT_GT(error, std::pow(0.0005, 2) * power);  // it is no fp32 in disguise
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
  const Features expected = PlainChain(chain, in).back();
  const auto session = network.Prepare(size, size);
  const std::vector<float> result = RunOn(*session, in, expected.values.size());
  ExpectRounded(result, expected, 0.01);
}

// int8 has steps of a 255th of the largest value, of a 127th for weights.
TEST_P(ConvolutionNetworkTest, InInt8HasItsPrecision) {
  if (SupportedPrecision(Precision::kInt8) != Precision::kInt8) {
    GTEST_SKIP() << "this processor has no int8";
  }
  const ChainCase& tested = GetParam();
  std::vector<Convolution> chain = RandomChain(tested.layers);
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    chain[i].layer.activation = kRelu;  // int8 values begin at 0
  }
  const int size = tested.smallest + 17;
  const Features in = RandomFeatures(size, size, tested.layers.front().in, 7);
  const std::vector<Features> results = PlainChain(chain, in);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const std::vector<float>& values = results[i].values;
    chain[i].largest_output = *std::max_element(values.begin(), values.end());
  }
  const Features& expected = results.back();
  const ConvolutionNetwork network(chain, {.hidden = Precision::kInt8});
  const auto session = network.Prepare(size, size);
  const std::vector<float> result = RunOn(*session, in, expected.values.size());
  ExpectRounded(result, expected, 0.03);
}

INSTANTIATE_TEST_SUITE_P(Chains, ConvolutionNetworkTest, testing::ValuesIn(kChains),
                         [](const auto& info) { return info.param.name; });

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

TEST(ConvolutionNetworkErrorsTest, RefusesBlocksThatDoNotFit) {
  const Layer first{"conv1", 4, 4, 3, 1, 1, false, kRelu};
  const Layer inner{"inner", 4, 4, 3, 1, 1, false, kRelu};
  const Layer outer{"outer", 4, 4, 3, 1, 1, false, kRelu, 1, true};
  EXPECT_NO_THROW(ConvolutionNetwork(RandomChain({first, inner, outer})));
  const auto refused = [](const std::vector<Layer>& layers) {
    EXPECT_THAT([&] { ConvolutionNetwork(RandomChain(layers)); },
                ThrowsMessage<Error>(HasSubstr("'outer'")));
  };
  refused({outer});
  refused({inner, outer});  // the block would take the image itself
  Layer changed = outer;
  changed.out = 5;
  refused({first, inner, changed});
  changed = outer;
  changed.padding = 0;
  refused({first, inner, changed});
  changed = inner;
  changed.stride = 2;
  refused({first, changed, outer});
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
