#include "src/sensors/random_fields.h"

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "src/core/hash.h"

namespace dkn::sensors {
namespace {

// The sum of a hash's four 16-bit numbers.
std::uint32_t SumOfFour(std::uint64_t bits) {
  return static_cast<std::uint32_t>((bits & 0xffff) + ((bits >> 16) & 0xffff) +
                                    ((bits >> 32) & 0xffff) + (bits >> 48));
}

// Teichroew's polynomial of (sum of 12 uniform values - 6) / 4.
float Gaussian(std::uint64_t seed, std::uint64_t index) {
  const std::uint64_t first = seed + 3 * index;
  const std::uint32_t sum =
      SumOfFour(Hash(first)) + SumOfFour(Hash(first + 1)) + SumOfFour(Hash(first + 2));
  // Each 16-bit number stands for the middle of its interval: 12 halves more.
  const float r = (static_cast<float>(sum) + 6.0f) * (1.0f / (4.0f * 65536.0f)) - 1.5f;
  const float r2 = r * r;
  return ((((0.029899776f * r2 + 0.008355968f) * r2 + 0.076542912f) * r2 + 0.252408784f) * r2 +
          3.949846138f) *
         r;
}

// Numbers of 0 .. 65535, four from each hash.
std::vector<std::int32_t> WhiteNumbers(std::size_t count, std::uint64_t seed) {
  std::vector<std::int32_t> numbers(count + 3);
  for (std::size_t i = 0; i < count; i += 4) {
    const std::uint64_t bits = Hash(seed + i);
    for (int part = 0; part < 4; ++part) {
      numbers[i + part] = static_cast<std::int32_t>((bits >> (16 * part)) & 0xffff);
    }
  }
  return numbers;
}

}  // namespace

std::uint64_t SubSeed(std::uint64_t seed, std::uint64_t use) {
  return Hash(Hash(seed) + use);
}

Image WhiteNoise(int width, int height, std::uint64_t seed) {
  Image noise(width, height);
  const std::uint64_t start = Hash(seed);
  for (std::size_t i = 0; i < noise.size(); ++i) {
    noise.data()[i] = Gaussian(start, i);
  }
  return noise;
}

Image SmoothNoise(int width, int height, int window, std::uint64_t seed) {
  if (window < 1 || window > 127) {
    throw Error("noise over a window of " + std::to_string(window) + " pixels, expected 1 to 127");
  }
  if (window == 1) {
    return WhiteNoise(width, height, seed);
  }
  const int size = window | 1;
  const std::size_t wide = static_cast<std::size_t>(width) + size - 1;
  const std::size_t high = static_cast<std::size_t>(height) + size - 1;
  const std::vector<std::int32_t> white = WhiteNumbers(wide * high, Hash(seed));
  Image noise(width, height);
  // Sums down the columns, kept from row to row; at most 127 * 127 * 65535 < 2^31.
  std::vector<std::int32_t> columns(wide, 0);
  for (std::size_t y = 0; y + 1 < static_cast<std::size_t>(size); ++y) {
    for (std::size_t x = 0; x < wide; ++x) {
      columns[x] += white[y * wide + x];
    }
  }
  const double numbers = static_cast<double>(size) * size;
  const float mean = static_cast<float>(numbers * 65535.0 / 2.0);
  const float scale = static_cast<float>(1.0 / std::sqrt(numbers * 65536.0 * 65536.0 / 12.0));
  for (int y = 0; y < height; ++y) {
    const std::int32_t* entering = &white[(static_cast<std::size_t>(y) + size - 1) * wide];
    const std::int32_t* leaving = &white[static_cast<std::size_t>(y) * wide];
    for (std::size_t x = 0; x < wide; ++x) {
      columns[x] += entering[x];
    }
    std::int32_t sum = 0;
    for (int x = 0; x < size - 1; ++x) {
      sum += columns[x];
    }
    float* row = noise.Row(y);
    for (int x = 0; x < width; ++x) {
      sum += columns[x + size - 1];
      row[x] = (static_cast<float>(sum) - mean) * scale;
      sum -= columns[x];
    }
    for (std::size_t x = 0; x < wide; ++x) {
      columns[x] -= leaving[x];
    }
  }
  return noise;
}

Image UniformNoise(int width, int height, std::uint64_t seed) {
  Image noise(width, height);
  const std::uint64_t start = Hash(seed);
  for (std::size_t i = 0; i < noise.size(); ++i) {
    noise.data()[i] = static_cast<float>(Hash(start + i) >> 40) * 0x1p-24f;
  }
  return noise;
}

}  // namespace dkn::sensors
