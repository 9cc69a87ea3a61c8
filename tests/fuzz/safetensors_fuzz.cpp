#include <cstddef>
#include <cstdint>

#include "tests/fuzz/check_tensors.h"

// Any bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dkn::CheckTensors({data, size});
  return 0;
}
