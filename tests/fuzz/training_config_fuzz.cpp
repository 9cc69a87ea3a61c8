#include <cstddef>
#include <cstdint>
#include <string>

#include "src/train/training_config.h"
#include "tests/fuzz/check_error.h"

// Any text: an Error, or a configuration whose learning rate is usable.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const dkn::train::TrainingConfig config =
        dkn::train::ParseTrainingConfig(std::string(data, data + size));
    if (!(dkn::train::LearningRate(config.schedule, config.steps - 1, config.steps) >= 0.0)) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
