#ifndef DKN_SRC_SEGMENTATION_SCORES_H_
#define DKN_SRC_SEGMENTATION_SCORES_H_

#include "dkn/image.h"
#include "src/segmentation/deeplab.h"

namespace dkn {

// What a DeepLab sees of a picture of 1 or 3 channels.
Image NetworkPicture(ConstView picture, const DeepLab::PictureScale& scale);

// Each pixel's scores become their softmax.
void ScoresToProbabilities(View scores);

}  // namespace dkn

#endif  // DKN_SRC_SEGMENTATION_SCORES_H_
