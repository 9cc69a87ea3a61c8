#ifndef DKN_SRC_EVAL_FIGURES_H_
#define DKN_SRC_EVAL_FIGURES_H_

#include <optional>
#include <string>

#include "dkn/image.h"
#include "src/eval/showcase.h"

namespace dkn {

// The paper's figures of results. All return R,G,B in [0, 1], for WriteFigure.

struct CropBox {
  int x = 0;  // top left pixel in the guide
  int y = 0;
  int width = 0;
  int height = 0;
};

struct MontageOptions {
  std::optional<CropBox> crop = std::nullopt;  // what row 2 shows; none: ChooseCrop
  int max_width = 2400;                        // pixels, at least 300; the figure is no wider
};

// The region, about a fifth of the guide high and wide, where the picture tells most: there the
// methods' squared errors beside depth edges (where the truth changes most) are largest, and differ
// most between the methods. In the middle where no truth is known. Not within 1/40 of the border.
CropBox ChooseCrop(const ShownImage& image);

// Paper: Fig. 6, with errors. Row 1: guide, input (nearest sample), each method, truth, depth in
// one scale of colours with its bar, unknown truth grey. Row 2: the crop of each, whose frame row 1
// shows. Row 3: |result - truth| in one scale, from 0 to ErrorLimit, with its bar. Each method is
// titled with its name and score. Throws Error as CheckShownImage does, or where the options are
// out of range.
Image MethodMontage(const ShownImage& image, const MontageOptions& options = {});

// Paper: Fig. 7. Guide, truth, and result - truth of two of the image's methods, in one scale of
// colours that is symmetric about 0 (blue: result too small, red: too large), from -limit to limit
// where limit is the 98th percentile of the worse one. The title tells where the second is nearer
// the truth than the first, in percent of the pixels where they differ. Throws Error as
// CheckShownImage does, and where the image has no such method.
Image DifferenceFigure(const ShownImage& image, const std::string& first_method,
                       const std::string& second_method, int max_width = 2400);

}  // namespace dkn

#endif  // DKN_SRC_EVAL_FIGURES_H_
