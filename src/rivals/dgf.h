#ifndef DKN_SRC_RIVALS_DGF_H_
#define DKN_SRC_RIVALS_DGF_H_

#include <cstddef>

#include "dkn/joint_filter.h"
#include "src/net/graph.h"
#include "src/net/graph_network.h"
#include "src/net/safetensors.h"
#include "src/rivals/guided_layer.h"

namespace dkn {

// What makes the guide of a picture where it is learned: 1 x 1 convolutions of 3 to `hidden`
// channels, ReLU, to `guides`. Of the authors' DeepLab: 64, and a guide for each class. (Their
// networks for image processing have an adaptive normalisation before the ReLU.) Tensors
// guided_map_conv1 and guided_map_conv2, as theirs.
Graph DgfGuide(int hidden, int guides);

// Under "network" in the metadata of its model files, with the layer's "radius" and "epsilon".
inline constexpr char kDgf[] = "dgf";

// FullGuidedLayer by the learned guide, as a joint filter: of any target whose channels the guides
// fit, scores of classes among them, whatever affine function brings these to [0, 1].
class DgfFilter : public JointFilter {
 public:
  // Throws Error unless the file has the tensors of DgfGuide, of any `hidden` and `guides`, and no
  // others.
  DgfFilter(const TensorFile& file, const GuidedLayer& layer);

  // The layer that the metadata tell. Throws Error, too, where they tell none.
  explicit DgfFilter(const TensorFile& file);

  void Apply(const FilterInput& input, FilterOutput& output) const override;
  std::size_t ApplyBytes(const FrameSize& size) const override;

  const Graph& guide() const { return guide_.graph(); }

 private:
  GraphNetwork guide_;
  GuidedLayer layer_;
};

}  // namespace dkn

#endif  // DKN_SRC_RIVALS_DGF_H_
