#ifndef DKN_SRC_PIPELINE_SESSION_UPSAMPLE_H_
#define DKN_SRC_PIPELINE_SESSION_UPSAMPLE_H_

#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "dkn/upsample.h"
#include "src/imaging/wild_values.h"
#include "src/pipeline/measurement.h"

namespace dkn {

// Throws Error where UpsampleFrame does because of sizes or options.
void CheckUpsampling(ConstView guide, ConstView target, const UpsampleOptions& options);

// A target whose holes are values that are not finite, wild values among them.
struct MarkedTarget {
  Image values;
  WildValues wild;  // none where they are kept
};

// See UpsampleOptions::invalid, mask and keep_wild_values.
MarkedTarget MarkTarget(ConstView target, const InvalidValues& invalid, ConstView mask,
                        bool keep_wild_values);

// UpsampleFrame by a session that has this guide, for what FillMeasurement makes of marked targets
// that have passed CheckUpsampling, and of the weights of a soft mask; of the options `invalid`
// tells what stands for a hole in the result alone, and `mask` nothing.
Upsampled UpsampleInSession(FilterSession& session, ConstView guide, Measurement measurement,
                            const UpsampleOptions& options);

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_SESSION_UPSAMPLE_H_
