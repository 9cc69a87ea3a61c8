#ifndef DKN_SRC_REPORT_VIEWER_DATA_H_
#define DKN_SRC_REPORT_VIEWER_DATA_H_

#include <cstddef>
#include <string>

#include "src/report/showcase.h"

namespace dkn::report {

// What the viewer, web/src/report/data.ts, shows of an image, as a JSON object:
//   set, name, unit, metric, width, height   of the guide
//   guide       a data URI
//   depth       [low, high] of the colours; errorLimit of those of errors
//   start       [x, y], the pixel to begin with: in ChooseCrop, where the methods differ most
//   pictures    [{name, kind, low, step, png}], kind "input", "method" (with score) or "truth": the
//               value of code c in the 16-bit PNG is low + c * step, not known where c is 65535
//   kernels     [{method, size, every, weightStep, positionStep, png}]: of each `every`th column
//               and row, in an 8-bit PNG; from top to bottom weights, xs and ys, in each the taps
//               from left to right; code c is (c - 128) * step
// `every` is the least at which a field takes at most max_kernel_bytes in the decoded PNG. Throws
// Error as CheckShownImage does.
std::string ViewerJson(const ShownImage& image, std::size_t max_kernel_bytes);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_VIEWER_DATA_H_
