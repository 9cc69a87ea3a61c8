#include <cstddef>
#include <cstdint>
#include <string>

#include "src/io/timed_frames.h"
#include "tests/fuzz/check_error.h"

// Any text: an Error, or files of images; the times of their names are none or not before 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  try {
    for (const dkn::Association& pair : dkn::ParseAssociations(text)) {
      if (!dkn::HasImageEnding(pair.first) || !dkn::HasImageEnding(pair.second)) {
        __builtin_trap();
      }
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  try {
    for (const dkn::TimedFile& timed : dkn::ParseTimes(text)) {
      if (timed.time < 0 || !dkn::HasImageEnding(timed.file)) {
        __builtin_trap();
      }
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  if (dkn::TimeInName(text).value_or(0) < 0) {
    __builtin_trap();
  }
  return 0;
}
