#ifndef DKN_SRC_PIPELINE_INVALID_TEXT_H_
#define DKN_SRC_PIPELINE_INVALID_TEXT_H_

#include <string>

#include "dkn/invalid_values.h"
#include "dkn/upsampler.h"

namespace dkn {

// What people write for the values that stand for holes: empty, by what the target is; "none"; or
// as ParseInvalidValues, whose Error it throws.
inline void SetInvalid(const std::string& text, UpsamplerOptions& options) {
  if (text.empty() || text == "none") {
    options.invalid_rule = text.empty() ? InvalidRule::kByType : InvalidRule::kNone;
    return;
  }
  options.invalid = ParseInvalidValues(text);
  options.invalid_rule = InvalidRule::kValue;
}

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_INVALID_TEXT_H_
