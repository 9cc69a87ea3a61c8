#include "src/pipeline/check_options.h"

#include <cmath>
#include <string>

#include "dkn/error.h"
#include "dkn/orientations.h"
#include "src/core/number_text.h"

namespace dkn {

void CheckOptions(const UpsamplerOptions& options) {
  constexpr double kLeastStep = 1e-9;
  constexpr double kMostStep = 1e6;
  if (!(options.step >= kLeastStep && options.step <= kMostStep)) {
    throw ArgumentError("a step (--scale) of " + DigitsText(options.step) + " metres, expected " +
                        DigitsText(kLeastStep) + " to " + DigitsText(kMostStep));
  }
  if (options.network.max_memory_mb < 0) {
    throw ArgumentError("a bound of memory (--max-memory) of " +
                        std::to_string(options.network.max_memory_mb) + " MB, expected 0 or more");
  }
  if (!(options.network.max_rmse_change_percent >= 0.0)) {
    throw ArgumentError("a change of accuracy of " +
                        DigitsText(options.network.max_rmse_change_percent) +
                        " %, expected 0 or more");
  }
  if (options.mask_at_least && std::isnan(*options.mask_at_least)) {
    throw ArgumentError("a least value of masks (--mask-at-least) that is no number");
  }
  if (!options.upsample.invalid.empty() || !options.upsample.mask.empty()) {
    throw ArgumentError(
        "UpsampleOptions::invalid and mask are for UpsampleFrame; an Upsampler has "
        "UpsamplerOptions::invalid_rule, and a mask with each frame");
  }
  if (options.upsample.soft_mask && options.mask_at_least) {
    throw ArgumentError("a mask is either soft or has a least value, not both");
  }
  if (options.method.empty() && !options.settings.empty()) {
    throw ArgumentError("the parameter " + options.settings.begin()->first +
                        " (--set) is set, and no method named (--model) that has it");
  }
  CheckOrientations(options.orientations);
  if (options.own_guide && (options.placement.cameras || options.placement.place)) {
    throw ArgumentError("targets that are their own guides have neither cameras nor a place");
  }
  if (options.placement.cameras && options.placement.place) {
    throw ArgumentError("a target has either cameras or a place, not both");
  }
}

}  // namespace dkn
