#ifndef DKN_SRC_NET_TEST_CONVOLUTIONS_H_
#define DKN_SRC_NET_TEST_CONVOLUTIONS_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include "src/net/convolution_network.h"

namespace dkn {

// For tests: random convolutions and features, and what a session makes of them.

inline std::vector<float> RandomValues(std::size_t count, float deviation, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> values(0.0f, deviation);
  std::vector<float> result(count);
  std::generate(result.begin(), result.end(), [&] { return values(random); });
  return result;
}

// Values such that a layer's results are about as large as what it takes.
inline Convolution RandomConvolution(const Layer& layer, unsigned seed) {
  const std::size_t inputs = static_cast<std::size_t>(layer.in) * layer.kernel * layer.kernel;
  const float deviation = 1.0f / std::sqrt(static_cast<float>(inputs));
  return {layer, RandomValues(inputs * layer.out, deviation, seed),
          RandomValues(static_cast<std::size_t>(layer.out), 0.3f, seed + 1000)};
}

inline std::vector<Convolution> RandomChain(const std::vector<Layer>& layers) {
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

inline Features RandomFeatures(int width, int height, int channels, unsigned seed) {
  const std::size_t count = static_cast<std::size_t>(width) * height * channels;
  return {width, height, channels, RandomValues(count, 1.0f, seed)};
}

inline std::vector<float> RunOn(ConvolutionNetwork::Session& session, const Features& in,
                                std::size_t output_size) {
  std::copy(in.values.begin(), in.values.end(), session.input());
  session.Run();
  return std::vector<float>(session.output(), session.output() + output_size);
}

}  // namespace dkn

#endif  // DKN_SRC_NET_TEST_CONVOLUTIONS_H_
