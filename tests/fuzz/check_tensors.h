#ifndef DKN_TESTS_FUZZ_CHECK_TENSORS_H_
#define DKN_TESTS_FUZZ_CHECK_TENSORS_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "src/net/safetensors.h"
#include "src/rivals/rival_filter.h"
#include "tests/fuzz/check_error.h"

namespace dkn {

// Stops the program unless the bytes give an Error, or tensors whose shapes fit their values, all
// of them finite; of a rival's network, of which they may be, an Error or a filter.
inline void CheckTensors(std::span<const std::uint8_t> bytes) {
  TensorFile file;
  try {
    file = ParseSafetensors(bytes, "input");
  } catch (const Error& error) {
    CheckErrorText(error);
    return;
  }
  for (const auto& entry : file.tensors) {
    std::size_t count = 1;
    for (const std::int64_t length : entry.second.shape) {
      count *= static_cast<std::size_t>(length);
    }
    const std::vector<float>& values = entry.second.values;
    if (count != values.size() ||
        !std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); })) {
      __builtin_trap();
    }
  }
  try {
    if (const auto rival = RivalIn(file)) {
      RivalFilter(file, *rival, {}, 0);
    }
  } catch (const Error& error) {
    CheckErrorText(error);
  }
}

}  // namespace dkn

#endif  // DKN_TESTS_FUZZ_CHECK_TENSORS_H_
