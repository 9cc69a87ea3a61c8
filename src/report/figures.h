#ifndef DKN_SRC_REPORT_FIGURES_H_
#define DKN_SRC_REPORT_FIGURES_H_

#include <optional>
#include <string>

#include "dkn/image.h"
#include "src/figures/figure_grid.h"
#include "src/report/showcase.h"

namespace dkn::report {

// The paper's figures of results. All return R,G,B in [0, 1], for WriteFigure.

struct MontageOptions {
  std::optional<figures::PixelBox> crop = std::nullopt;  // what row 2 shows; none: ChooseCrop
  int max_width = 2400;  // pixels, at least 300; the figure is no wider
};

// The region, a fifth of the guide high and wide, where the picture tells most: there the squared
// errors of the best and the worst method differ most, or, of one method, are largest. Errors above
// ErrorLimit count as that; borders of 1/40 do not count. The middle where no truth is known.
figures::PixelBox ChooseCrop(const ShownImage& image);

// Paper: Fig. 6, with errors. Row 1: guide, input (nearest sample), each method, truth, depth in
// one scale of colours with its bar, unknown truth grey; pictures of three channels as they are.
// Row 2: the crop of each, whose frame row 1 shows. Row 3: |result - truth| in one scale, from 0 to
// ErrorLimit, with its bar. Each method is titled with its name and score. Throws Error as
// CheckShownImage does, or where the options are out of range.
Image MethodMontage(const ShownImage& image, const MontageOptions& options = {});

// Paper: Fig. 7. Guide, truth, and result - truth of two of the image's methods, in one scale of
// colours that is symmetric about 0 (blue: result too small, red: too large), from -limit to limit
// where limit is the 98th percentile of the worse one. The title tells where the second is nearer
// the truth than the first, in percent of the pixels where they differ. Throws Error as
// CheckShownImage does, and where the image has no such method or three channels.
Image DifferenceFigure(const ShownImage& image, const std::string& first_method,
                       const std::string& second_method, int max_width = 2400);

}  // namespace dkn::report

#endif  // DKN_SRC_REPORT_FIGURES_H_
