#ifndef DKN_SRC_PIPELINE_SESSION_UPSAMPLE_H_
#define DKN_SRC_PIPELINE_SESSION_UPSAMPLE_H_

#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "dkn/upsample.h"

namespace dkn {

// Throws Error where UpsampleFrame does because of sizes or options.
void CheckUpsampling(ConstView guide, ConstView target, const UpsampleOptions& options);

// UpsampleFrame by a session that has this guide, for targets that have passed CheckUpsampling.
Upsampled UpsampleInSession(FilterSession& session, ConstView guide, ConstView target,
                            const UpsampleOptions& options);

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_SESSION_UPSAMPLE_H_
