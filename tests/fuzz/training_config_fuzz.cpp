#include <cstddef>
#include <cstdint>
#include <string>

#include "src/train/segmentation_config.h"
#include "src/train/training_config.h"
#include "tests/fuzz/check_error.h"

// Any text: an Error, or a configuration whose learning rates are usable.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dkn::train;
  const std::string text(data, data + size);
  try {
    double rate = 0.0;
    if (IsSegmentation(text)) {
      const SegmentationConfig config = ParseSegmentationConfig(text);
      rate = PolyRate(config, config.backbone.rate, config.steps - 1);
    } else {
      const TrainingConfig config = ParseTrainingConfig(text);
      rate = LearningRate(config.schedule, config.steps - 1, config.steps);
    }
    if (!(rate >= 0.0)) {
      __builtin_trap();
    }
  } catch (const dkn::Error& error) {
    dkn::CheckErrorText(error);
  }
  return 0;
}
