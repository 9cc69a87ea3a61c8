#ifndef DKN_SRC_FIGURES_LABEL_PLACES_H_
#define DKN_SRC_FIGURES_LABEL_PLACES_H_

#include <vector>

#include "src/figures/pixel_box.h"

namespace dkn::figures {

struct PixelPoint {
  int x = 0;
  int y = 0;
};

struct PixelSize {
  int width = 0;
  int height = 0;
};

struct LabelPlace {
  PixelBox box;
  bool beside = true;  // right beside its point; otherwise the two want a line between them
};

// Where labels of the given sizes stand: inside `frame`, near their points (discs of `radius`), not
// over each other or any point, as long as a place of those tried (rings around the point) is free;
// otherwise where they cover least. A size of zero width needs no place. Sizes must fit the frame.
// Crowded points choose first. Equal input gives equal places.
std::vector<LabelPlace> PlaceLabels(const std::vector<PixelPoint>& points,
                                    const std::vector<PixelSize>& sizes, int radius,
                                    const PixelBox& frame);

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_LABEL_PLACES_H_
