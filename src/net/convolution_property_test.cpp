// What holds for the bits of every layer, on every instruction set that oneDNN is told to use:
// tests/CMakeLists.txt runs this for each.

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <utility>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/core/test_properties.h"
#include "src/net/machine.h"
#include "src/net/test_convolutions.h"

namespace dkn {
namespace {

constexpr Activation kRelu = Activation::kRelu;
constexpr Activation kNone = Activation::kNone;

const Layer kLayers[] = {
    // Table 2.
    {"table_2_conv1", 48, 32, 3, 1, 1, false, kRelu},
    {"table_2_conv1_of_depth", 16, 32, 3, 1, 1, false, kRelu},
    {"table_2_conv2", 32, 32, 3, 1, 1, false, kRelu},
    {"table_2_conv3", 32, 64, 3, 1, 1, false, kRelu},
    {"table_2_conv4", 64, 64, 3, 1, 1, false, kRelu},
    {"table_2_conv5", 64, 128, 3, 1, 1, false, kRelu},
    {"table_2_conv6", 128, 128, 3, 1, 1, false, kRelu},
    {"table_2_heads", 128, 432, 1, 1, 0, false, kNone},
    // Table 1.
    {"table_1_conv1", 3, 32, 7, 1, 0, false, kRelu},
    {"table_1_conv1_of_depth", 1, 32, 7, 1, 0, false, kRelu},
    {"table_1_conv2", 32, 32, 2, 2, 0, false, kRelu},
    {"table_1_conv3", 32, 64, 5, 1, 0, false, kRelu},
    {"table_1_conv4", 64, 64, 2, 2, 0, false, kRelu},
    {"table_1_conv5", 64, 128, 5, 1, 0, false, kRelu},
    {"table_1_conv6", 128, 128, 3, 1, 0, false, kRelu},
    {"table_1_heads", 128, 27, 1, 1, 0, false, kNone},
    // These are layers of our other feature networks.
    {"narrow", 128, 32, 3, 1, 0, false, kRelu},
    {"plain", 64, 64, 5, 1, 0, false, kRelu},
    {"dilated", 64, 128, 3, 1, 0, false, kRelu, 8},
    {"block_conv2", 64, 64, 3, 1, 1, false, kRelu, 1, true},
};

struct Size {
  int width;
  int height;
};

// The size of what the layer gives for images of this size.
Size OutputOf(const Layer& layer, const Size& size) {
  const int extent = layer.dilation * (layer.kernel - 1) + 1;
  const auto places = [&](int length) {
    return (length + 2 * layer.padding - extent) / layer.stride + 1;
  };
  return {places(size.width), places(size.height)};
}

// The part of `image` that begins at (x, y).
Features Crop(const Features& image, int x, int y, const Size& size) {
  Features part{size.width, size.height, image.channels, {}};
  for (int row = y; row < y + size.height; ++row) {
    const auto from = image.values.begin() +
                      (static_cast<std::ptrdiff_t>(row) * image.width + x) * image.channels;
    part.values.insert(part.values.end(), from,
                       from + static_cast<std::ptrdiff_t>(size.width) * image.channels);
  }
  return part;
}

class LayerBitsTest : public testing::TestWithParam<Precision> {
 protected:
  void SetUp() override {
    if (SupportedPrecision(GetParam()) != GetParam()) {
      GTEST_SKIP() << InstructionSet() << " has no instructions for this precision";
    }
  }

  // The layer after others that take the image and pass its values on, as the first layer of an
  // int8 network is not in int8, and a block is not the first. Winograd's algorithm is no part of
  // the promise.
  ConvolutionNetwork NetworkOf(const Layer& layer) const {
    const Layer pass{"image", layer.in, layer.in, 1, 1, 0, false, kRelu};
    std::vector<Convolution> chain = RandomChain({pass, pass, layer});
    for (Convolution& convolution : chain) {
      convolution.largest_output = 4.0f;
    }
    return ConvolutionNetwork(std::move(chain), {.hidden = GetParam(), .winograd = false});
  }

  // Runs the network on one to four threads, chosen at random.
  Features RunOnSomeThreads(const ConvolutionNetwork& network, const Layer& layer,
                            const Features& image) {
    const ThreadCount threads(RandomInt(1, 4, random_));
    const auto session = network.Prepare(image.width, image.height);
    const Size size = OutputOf(layer, {image.width, image.height});
    const std::size_t count = static_cast<std::size_t>(size.width) * size.height * layer.out;
    return {size.width, size.height, layer.out, RunOn(*session, image, count)};
  }

  std::mt19937 random_{11};
};

// A pixel's bits are those of what the layer sees of it, whatever lies around, on any number of
// threads. (The order of a sum may change with both: convolution_steps.cpp.)
TEST_P(LayerBitsTest, DependOnNoSizeAndNoNumberOfThreads) {
  for (const Layer& layer : kLayers) {
    const ConvolutionNetwork network = NetworkOf(layer);
    const int least = layer.dilation * (layer.kernel - 1) + 1;
    for (int trial = 0; trial < Trials(3); ++trial) {
      const Size all{least + RandomInt(60, 180, random_), least + RandomInt(1, 8, random_)};
      const Size some{least + RandomInt(0, 59, random_), RandomInt(least, all.height, random_)};
      const int x = RandomInt(0, (all.width - some.width) / layer.stride, random_);
      const int y = RandomInt(0, (all.height - some.height) / layer.stride, random_);
      const Features image = RandomFeatures(all.width, all.height, layer.in, random_());
      const Features whole = RunOnSomeThreads(network, layer, image);
      const Features part =
          RunOnSomeThreads(network, layer, Crop(image, x * layer.stride, y * layer.stride, some));
      // Padding lies elsewhere.
      for (int row = layer.padding; row < part.height - layer.padding; ++row) {
        for (int column = layer.padding; column < part.width - layer.padding; ++column) {
          for (int c = 0; c < layer.out; ++c) {
            ASSERT_EQ(part.At(column, row, c), whole.At(column + x, row + y, c))
                << layer.name << ": " << some.width << " x " << some.height << " of " << all.width
                << " x " << all.height << ", on " << InstructionSet();
          }
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, LayerBitsTest,
                         testing::Values(Precision::kFp32, Precision::kBf16, Precision::kInt8),
                         [](const auto& info) { return PrecisionName(info.param); });

}  // namespace
}  // namespace dkn
