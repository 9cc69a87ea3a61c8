#ifndef DKN_SRC_PIPELINE_CHECK_OPTIONS_H_
#define DKN_SRC_PIPELINE_CHECK_OPTIONS_H_

#include "dkn/upsampler.h"

namespace dkn {

// Throws ArgumentError where options contradict each other or are out of range, but for those that
// CheckUpsampling sees.
void CheckOptions(const UpsamplerOptions& options);

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_CHECK_OPTIONS_H_
