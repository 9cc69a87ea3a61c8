#include <cstddef>
#include <cstdint>
#include <string>

#include "dkn/invalid_values.h"
#include "tests/fuzz/check_error.h"

// What --invalid says: an Error, or ranges whose ends are in order and which hold them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const dkn::InvalidValues invalid =
        dkn::ParseInvalidValues(std::string(reinterpret_cast<const char*>(data), size));
    for (const auto& [low, high] : invalid.ranges()) {
      if (!(low <= high) || !invalid.Contains(low) || !invalid.Contains(high)) {
        __builtin_trap();
      }
    }
    if (invalid.mark() && !invalid.Contains(*invalid.mark())) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
