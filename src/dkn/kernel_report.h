#ifndef DKN_SRC_DKN_KERNEL_REPORT_H_
#define DKN_SRC_DKN_KERNEL_REPORT_H_

#include "dkn/image.h"

namespace dkn {

// What the kernel of each pixel tells of the result, by its weights w_k, taken as they are before
// their mean is subtracted or their sum divided by, without sign. All views have the target's size.
struct KernelReport {
  ConstView mask = {};  // how much of each pixel is measured, sampled as the target is; empty: all
  View support = {};    // the share of the weights that lies on measured pixels; empty: no report
  View spread = {};     // the samples' standard deviation under the weights, in the target's unit

  bool wanted() const { return !support.empty(); }
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_KERNEL_REPORT_H_
