#include <cstddef>
#include <cstdint>
#include <string>

#include "src/eval/experiment.h"
#include "tests/fuzz/check_error.h"

// Any text: an Error, or an experiment.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    dkn::eval::ParseExperiment(std::string(data, data + size));
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
