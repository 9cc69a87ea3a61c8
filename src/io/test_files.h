#ifndef DKN_SRC_IO_TEST_FILES_H_
#define DKN_SRC_IO_TEST_FILES_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "dkn/image.h"
#include "src/core/test_files.h"

// What the tests of io share.
namespace dkn {

// Whole values 0..`max` that differ between neighbours, rows and channels.
inline Image Pattern(int width, int height, int channels, int max) {
  Image image(width, height, channels);
  for (int c = 0; c < channels; ++c) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        image(x, y, c) = static_cast<float>((x * 7919 + y * 104729 + c * 1299709 + 11) % (max + 1));
      }
    }
  }
  return image;
}

inline void ExpectEqual(ConstView a, ConstView b) {
  ASSERT_EQ(a.width, b.width);
  ASSERT_EQ(a.height, b.height);
  ASSERT_EQ(a.channels, b.channels);
  for (int c = 0; c < a.channels; ++c) {
    for (int y = 0; y < a.height; ++y) {
      for (int x = 0; x < a.width; ++x) {
        ASSERT_EQ(a(x, y, c), b(x, y, c)) << "x " << x << " y " << y << " channel " << c;
      }
    }
  }
}

inline void Append(std::vector<std::uint8_t>& bytes, const std::vector<std::uint8_t>& more) {
  for (const std::uint8_t byte : more) {  // g++ 12 warns of insert() here, for no reason
    bytes.push_back(byte);
  }
}

// `value` in `size` bytes.
inline void AppendInteger(std::vector<std::uint8_t>& bytes, std::uint64_t value, int size,
                          bool big_endian) {
  for (int i = 0; i < size; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * (big_endian ? size - 1 - i : i))));
  }
}

}  // namespace dkn

#endif  // DKN_SRC_IO_TEST_FILES_H_
