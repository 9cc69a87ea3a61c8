#ifndef DKN_TESTS_FUZZ_CHECK_PICTURE_H_
#define DKN_TESTS_FUZZ_CHECK_PICTURE_H_

#include <algorithm>
#include <cstdint>

#include "dkn/io.h"
#include "src/core/bytes.h"
#include "tests/fuzz/check_error.h"
#include "tests/fuzz/round_trip.h"

namespace dkn {

// Of any bytes a decoder gives an Error, or a picture of the promised kind within the limits, every
// byte of it written; of a format that has them, with `bands`, also of other channels than 1 or 3.
// For the fuzzer, which returns what this returns.
template <typename Decode>
int CheckPicture(const Decode& decode, Bytes bytes, bool bands = false) {
  ReadOptions options;
  options.max_pixels = kFuzzPixels;
  try {
    const FrameBuffer frame = decode(bytes, options);
    if (frame.empty() || std::int64_t{frame.width()} * frame.height() > kFuzzPixels ||
        (bands ? std::int64_t{frame.width()} * frame.height() * frame.channels() > 4 * kFuzzPixels
               : frame.channels() != 1 && frame.channels() != 3)) {
      __builtin_trap();
    }
    const auto* const first = frame.As<std::uint8_t>();
    const FrameBuffer again = decode(bytes, options);
    if (!std::equal(first, first + frame.bytes(), again.As<std::uint8_t>())) {
      __builtin_trap();
    }
  } catch (const Error& error) {
    CheckErrorText(error);
  }
  return 0;
}

}  // namespace dkn

#endif  // DKN_TESTS_FUZZ_CHECK_PICTURE_H_
