#ifndef DKN_SRC_SEGMENTATION_DEEPLAB_H_
#define DKN_SRC_SEGMENTATION_DEEPLAB_H_

#include <array>
#include <string>
#include <vector>

#include "src/net/graph.h"

namespace dkn {

// A DeepLab v2 (Chen et al., TPAMI 2018; paper: Section 4.3): a backbone of output stride 8 and the
// atrous pyramid, whose branches of dilations 6, 12, 18 and 24 are summed to scores. One Input, the
// picture as PictureScale makes it.
struct DeepLab {
  // Input = factor * (255 * picture - mean) by channel, of R,G,B, or of B,G,R.
  struct PictureScale {
    std::array<float, 3> mean{};  // in the order of the input
    float factor = 1.0f;
    bool bgr = false;
  };
  Graph graph;
  PictureScale scale;
};

// A score (i, j) is about the picture's pixel (kScoreStep i, kScoreStep j).
inline constexpr int kScoreStep = 8;

// Names of the networks, as model files have them:
//   deeplab_mobile     inverted residual blocks (Sandler et al., CVPR 2018), for two cores to train
//   deeplab_resnet101  the paper's: bottlenecks of 3, 4, 23 and 3 (He et al., CVPR 2016), strides
//   in
//                      their first convolutions, the last two stages of dilations 2 and 4; tensors
//                      named as in the common ports (conv1, bn1, layer1.0.conv1, ...,
//                      layer5.conv2d_list.0), B,G,R less Caffe's mean
std::vector<std::string> DeepLabNames();

// Throws Error, which lists the names, for any other. classes >= 2.
DeepLab MakeDeepLab(const std::string& name, int classes);

}  // namespace dkn

#endif  // DKN_SRC_SEGMENTATION_DEEPLAB_H_
