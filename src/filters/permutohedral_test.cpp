#include "src/filters/permutohedral.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <random>

#include "dkn/threads.h"

namespace dkn {
namespace {

std::vector<float> RandomValues(std::size_t count, float most, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> values(0.0f, most);
  std::vector<float> result(count);
  for (float& value : result) {
    value = values(random);
  }
  return result;
}

// Quotients of two filterings against those of whole sums: the lattice's kernel is not the Gaussian
// itself, which its authors say too.
TEST(PermutohedralTest, ComesNearTheGaussian) {
  for (const int dimensions : {1, 2, 3, 5}) {
    const std::size_t count = 800;
    const auto d = static_cast<std::size_t>(dimensions);
    const std::vector<float> features = RandomValues(count * d, 3.0f, 1);
    const std::vector<float> values = RandomValues(count, 1.0f, 2);
    std::vector<float> both;
    for (const float value : values) {
      both.push_back(value);
      both.push_back(1.0f);
    }
    const std::vector<float> sums = PermutohedralLattice(features, dimensions).Filter(both, 2);
    double mean_error = 0.0;
    double spread = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      double sum = 0.0;
      double weights = 0.0;
      for (std::size_t j = 0; j < count; ++j) {
        double distance = 0.0;
        for (std::size_t k = 0; k < d; ++k) {
          distance += std::pow(features[i * d + k] - features[j * d + k], 2.0);
        }
        const double weight = std::exp(-0.5 * distance);
        sum += weight * values[j];
        weights += weight;
      }
      mean_error += std::abs(sums[2 * i] / sums[2 * i + 1] - sum / weights) / count;
      spread += std::abs(values[i] - sum / weights) / count;
    }
    EXPECT_LT(mean_error, 0.05 * spread) << dimensions;
  }
}

// Points far from one another keep their values; those at one place share theirs.
TEST(PermutohedralTest, FarPointsDoNotMeet) {
  const std::vector<float> features = {0.0f, 0.0f, 50.0f, -20.0f, 50.0f, -20.0f};
  const std::vector<float> out = PermutohedralLattice(features, 2).Filter({1.0f, 2.0f, 4.0f}, 1);
  const std::vector<float> ones = PermutohedralLattice(features, 2).Filter({1.0f, 1.0f, 1.0f}, 1);
  EXPECT_FLOAT_EQ(out[0] / ones[0], 1.0f);
  EXPECT_FLOAT_EQ(out[1] / ones[1], 3.0f);
  EXPECT_FLOAT_EQ(out[2] / ones[2], 3.0f);
}

TEST(PermutohedralTest, ThreadsChangeNoBit) {
  const std::vector<float> features = RandomValues(5 * 20000, 9.0f, 3);
  const std::vector<float> values = RandomValues(3 * 20000, 1.0f, 4);
  SetThreads(1);
  const std::vector<float> expected = PermutohedralLattice(features, 5).Filter(values, 3);
  SetThreads(3);
  EXPECT_EQ(PermutohedralLattice(features, 5).Filter(values, 3), expected);
  SetThreads(0);
}

}  // namespace
}  // namespace dkn
