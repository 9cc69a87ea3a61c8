#include "src/rivals/dgf.h"

#include <omp.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <vector>

#include "dkn/error.h"
#include "src/rivals/rival.h"

namespace dkn {
namespace {

constexpr char kFirst[] = "guided_map_conv1";
constexpr char kSecond[] = "guided_map_conv2";
constexpr std::size_t kPlanes = 12;  // of double, that a channel's fits take

// The file's own numbers of channels; the tensors are checked afterwards.
Graph GuideIn(const TensorFile& file) {
  const auto channels = [&](const std::string& name) {
    const auto found = file.tensors.find(name + ".weight");
    if (found == file.tensors.end() || found->second.shape.size() != 4 ||
        found->second.shape[0] < 1 || found->second.shape[0] > 65536) {
      throw Error("has no " + name + ".weight of [out, in, 1, 1]");
    }
    return static_cast<int>(found->second.shape[0]);
  };
  const int hidden = channels(kFirst);  // the first that is told of is the first layer
  return DgfGuide(hidden, channels(kSecond));
}

GuidedLayer LayerIn(const TensorFile& file) {
  const auto number = [&](const std::string& name, double least) {
    const auto found = file.metadata.find(name);
    double value = 0.0;
    if (found != file.metadata.end()) {
      const char* end = found->second.data() + found->second.size();
      const auto [rest, failure] = std::from_chars(found->second.data(), end, value);
      if (failure == std::errc() && rest == end && value >= least && value <= 1e6) {
        return value;
      }
    }
    throw Error("its metadata tell no " + name);
  };
  return {static_cast<int>(number("radius", 1.0)), number("epsilon", 1e-30)};
}

}  // namespace

Graph DgfGuide(int hidden, int guides) {
  Graph graph;
  const int picture = graph.Input("picture", 3);
  const int features =
      graph.Convolution(kFirst, picture, hidden, {}, {.activation = Activation::kRelu});
  graph.Convolution(kSecond, features, guides, {});
  return graph;
}

DgfFilter::DgfFilter(const TensorFile& file, const GuidedLayer& layer)
    : guide_(GuideIn(file), file), layer_(layer) {}

DgfFilter::DgfFilter(const TensorFile& file) : DgfFilter(file, LayerIn(file)) {}

void DgfFilter::Apply(const FilterInput& input, FilterOutput& output) const {
  CheckFilterInput(input);
  std::vector<Image> picture;
  picture.push_back(ThreeChannels(input.guide));
  output.image = FullGuidedLayer(layer_, guide_.Run(picture), input.target);
  output.support = Image();
  output.confidence = Image();
}

std::size_t DgfFilter::ApplyBytes(const FrameSize& size) const {
  CheckFrameSize(size);
  const auto pixels = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  const auto channels = static_cast<std::size_t>(size.target_channels);
  const auto guides = static_cast<std::size_t>(guide_.graph().nodes().back().channels);
  const std::size_t at_once = std::min(channels, static_cast<std::size_t>(omp_get_max_threads()));
  return guide_.RunBytes({{size.width, size.height}}) +
         pixels *
             (sizeof(float) * (3 + guides + 2 * channels) + sizeof(double) * kPlanes * at_once);
}

}  // namespace dkn
