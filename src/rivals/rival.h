#ifndef DKN_SRC_RIVALS_RIVAL_H_
#define DKN_SRC_RIVALS_RIVAL_H_

#include <string>
#include <vector>

#include "dkn/filter_parameter.h"
#include "dkn/image.h"
#include "dkn/joint_filter.h"
#include "src/net/graph.h"

namespace dkn {

// What a network is given of one frame, and what is made of what it gives:
//   result(x, y) = base(x, y) + gain given(x, y)
struct NetworkFrame {
  std::vector<Image> inputs;  // those of the graph, in its order
  Image base;                 // of the frame's size, 1 channel
  float gain = 1.0f;
};

// A learned joint filter of others: the network, said once for inference and training, and what
// surrounds it. The parameters are those that a model file tells as metadata, by their names, or
// the caller; all functions get a value for each.
struct Rival {
  std::vector<FilterParameter> parameters;
  Graph (*graph)(const FilterSettings& values);
  // Of a frame whose target has one channel.
  NetworkFrame (*prepare)(const FilterSettings& values, const FilterInput& input);
  // The sizes of its inputs.
  std::vector<GraphSize> (*input_sizes)(const FilterSettings& values, const GraphSize& frame);
};

// A guide's colours; one channel is repeated.
Image ThreeChannels(ConstView guide);

// The frame's result. Where the network gives fewer columns and rows than the frame has, its last
// ones are repeated.
void Finish(const NetworkFrame& frame, const Image& given, View out);

struct RivalInfo {
  std::string name;
  std::string summary;
};
std::vector<RivalInfo> ListRivals();

// The rival of this name. Throws MethodError, which lists those there are.
Rival FindRival(const std::string& name);

}  // namespace dkn

#endif  // DKN_SRC_RIVALS_RIVAL_H_
