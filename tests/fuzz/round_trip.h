#ifndef DKN_TESTS_FUZZ_ROUND_TRIP_H_
#define DKN_TESTS_FUZZ_ROUND_TRIP_H_

#include <algorithm>
#include <bit>
#include <cstdint>

#include "dkn/image.h"

namespace dkn {

// Options that keep a fuzzer fast: its input is small, and so is the largest image.
inline constexpr std::int64_t kFuzzPixels = 1 << 16;

// Same size and same bits, NaN included.
inline bool SameBits(const Image& a, const Image& b) {
  return SameSize(a.view(), b.view()) && a.channels() == b.channels() &&
         std::equal(a.data(), a.data() + a.size(), b.data(), [](float x, float y) {
           return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
         });
}

}  // namespace dkn

#endif  // DKN_TESTS_FUZZ_ROUND_TRIP_H_
