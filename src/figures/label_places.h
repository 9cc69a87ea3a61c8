#ifndef DKN_SRC_FIGURES_LABEL_PLACES_H_
#define DKN_SRC_FIGURES_LABEL_PLACES_H_

#include <opencv2/core.hpp>
#include <vector>

namespace dkn::figures {

struct LabelPlace {
  cv::Rect box;
  bool beside = true;  // right beside its point; otherwise the two want a line between them
};

// Where labels of the given sizes stand: inside `frame`, near their points (discs of `radius`), not
// over each other or any point, as long as a place of those tried (rings around the point) is free;
// otherwise where they cover least. A size of zero width needs no place. Sizes must fit the frame.
// Crowded points choose first. The same for the same input.
std::vector<LabelPlace> PlaceLabels(const std::vector<cv::Point>& points,
                                    const std::vector<cv::Size>& sizes, int radius, cv::Rect frame);

}  // namespace dkn::figures

#endif  // DKN_SRC_FIGURES_LABEL_PLACES_H_
