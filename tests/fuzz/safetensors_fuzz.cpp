#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dkn/error.h"
#include "src/net/safetensors.h"

namespace {

// An Error, or tensors whose shapes fit their values, all finite.
void Check(std::span<const std::uint8_t> bytes) {
  dkn::TensorFile file;
  try {
    file = dkn::ParseSafetensors(bytes, "input");
  } catch (const dkn::Error&) {
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
}

}  // namespace

// Any bytes, and the same with the header's length set to where its last brace stands: mutations
// seldom keep the length right.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Check({data, size});
  if (size > 8) {
    std::vector<std::uint8_t> bytes(data, data + size);
    const auto end = std::find(bytes.rbegin(), bytes.rend() - 8, '}').base();
    const std::size_t length = static_cast<std::size_t>(end - bytes.begin()) - 8;
    for (int i = 0; i < 8; ++i) {
      bytes[i] = static_cast<std::uint8_t>(length >> 8 * i);
    }
    Check(bytes);
  }
  return 0;
}
