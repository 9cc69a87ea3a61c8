#ifndef DKN_SRC_REPORT_COMPARISON_FIGURE_H_
#define DKN_SRC_REPORT_COMPARISON_FIGURE_H_

#include "dkn/image.h"
#include "src/eval/comparison.h"
#include "src/imaging/value_range.h"

namespace dkn::report {

// Guide, input and result side by side, the maps in the colours of `range`. The guide has 1 or 3
// channels, the maps one.
Image ComparisonFigure(ConstView guide, ConstView input, ConstView result, ValueRange range);

// Has the truth and the errors of bicubic interpolation and of the result in a second row. Errors
// are black at 0 and bright from twice bicubic's RMSE on: few pixels, those at edges, exceed that.
// `comparison` is CompareWithBicubic's of the same maps.
Image ComparisonFigure(ConstView guide, ConstView input, ConstView result, ValueRange range,
                       ConstView truth, const eval::Comparison& comparison);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_COMPARISON_FIGURE_H_
