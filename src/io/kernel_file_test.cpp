#include "src/io/kernel_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <filesystem>
#include <string>

#include "src/core/file.h"
#include "src/io/test_files.h"

namespace dkn {
namespace {

// Weights and positions that tell which they are.
Kernels Numbered(int width, int height, int k) {
  Kernels kernels{k, Image(width, height, k * k), Image(width, height, 2 * k * k)};
  for (std::size_t i = 0; i < kernels.weights.size(); ++i) {
    kernels.weights.data()[i] = static_cast<float>(i);
  }
  for (std::size_t i = 0; i < kernels.positions.size(); ++i) {
    kernels.positions.data()[i] = -static_cast<float>(i);
  }
  return kernels;
}

TEST(WriteKernels, WeightAndPlaceOfATapStandTogether) {
  const std::string path = testing::TempDir() + "kernel_file_test.npy";
  const Kernels kernels = Numbered(5, 4, 3);
  WriteKernels(path, kernels);
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path);
  std::filesystem::remove(path);
  EXPECT_THAT(std::string(bytes.begin(), bytes.begin() + 128),
              testing::HasSubstr("'descr': '<f4', 'fortran_order': False, 'shape': (4, 5, 9, 3)"));
  const std::size_t count = 4 * 5 * 9 * 3;
  ByteReader values(Bytes(bytes).last(4 * count), std::endian::little);
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 5; ++x) {
      for (int tap = 0; tap < 9; ++tap) {
        EXPECT_EQ(std::bit_cast<float>(values.U32()), kernels.weights(x, y, tap));
        EXPECT_EQ(std::bit_cast<float>(values.U32()), kernels.positions(x, y, 2 * tap));
        EXPECT_EQ(std::bit_cast<float>(values.U32()), kernels.positions(x, y, 2 * tap + 1));
      }
    }
  }
}

TEST(WriteKernels, TapsOfCoarserLevelsFollow) {
  const std::string path = testing::TempDir() + "kernel_file_test.npy";
  Kernels kernels = Numbered(2, 1, 4);
  kernels.size = 3;
  WriteKernels(path, kernels);
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path);
  std::filesystem::remove(path);
  EXPECT_THAT(std::string(bytes.begin(), bytes.begin() + 128),
              testing::HasSubstr("'shape': (1, 2, 16, 3)"));
  ByteReader values(Bytes(bytes).last(4 * 3 * (16 + 1)), std::endian::little);
  EXPECT_EQ(std::bit_cast<float>(values.U32()), kernels.weights(0, 0, 15));
}

TEST(WriteKernels, RefusesOtherNamesAndShapes) {
  const Kernels kernels = Numbered(2, 2, 3);
  EXPECT_THAT(ErrorText([&] { WriteKernels("kernels.png", kernels); }),
              testing::HasSubstr("kernels.png: kernels are written as .npy"));
  EXPECT_THAT(ErrorText([&] { WriteKernels("absent/kernels.npy", kernels); }),
              testing::HasSubstr("absent/kernels.npy"));
  EXPECT_THROW(WriteKernels("kernels.npy", Kernels()), Error);
  Kernels wrong = Numbered(2, 2, 3);
  wrong.size = 5;
  EXPECT_THROW(WriteKernels("kernels.npy", wrong), Error);
}

}  // namespace
}  // namespace dkn
