#include "src/dkn/calibration.h"

#include "dkn/error.h"
#include "src/dkn/layers.h"
#include "src/dkn/model_tensors.h"
#include "src/dkn/phases.h"
#include "src/dkn/stream_input.h"

namespace dkn {
namespace {

void CopyInnermost(ConstView image, float* out) {
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int c = 0; c < image.channels; ++c) {
        *out++ = image(x, y, c);
      }
    }
  }
}

ConvolutionNetwork MakeNetwork(const TensorFile& file, const Architecture& architecture,
                               Stream stream) {
  // Direct convolutions, so that the ranges do not depend on the machine.
  return ConvolutionNetwork(StreamConvolutions(file, architecture, stream), {.winograd = false});
}

}  // namespace

struct Calibration::StreamRanges {
  Stream stream;
  ConvolutionNetwork network;
  std::vector<float> largest;  // of each layer's results
};

Calibration::Calibration(const TensorFile& file) : architecture_(FromFields(file.metadata)) {
  for (const Stream stream : Streams(architecture_)) {
    streams_.push_back(std::unique_ptr<StreamRanges>(
        new StreamRanges{stream, MakeNetwork(file, architecture_, stream), {}}));
  }
}

Calibration::~Calibration() = default;

void Calibration::Apply(const FilterInput& input, FilterOutput& output) const {
  CheckFilterInput(input);
  output.image = Image::Clone(input.target);
  const int width = input.target.width - input.target.width % kResampling;
  const int height = input.target.height - input.target.height % kResampling;
  Image channels;
  Image both;
  Image seen;
  const ConstView target =
      SeenTarget(input.target.Channel(0).Crop(0, 0, width, height),
                 input.mask.empty() ? input.mask : input.mask.Crop(0, 0, width, height),
                 FactsOf(input, 0, architecture_), architecture_, seen);
  ConstView guide;
  if (architecture_.guide != GuideInput::kNone) {
    guide = GuideChannels(input.guide, architecture_, channels).Crop(0, 0, width, height);
  }
  const bool fdkn = architecture_.kind == NetworkKind::kFdkn;
  const int stride = fdkn ? kResampling : 1;
  for (const auto& ranges : streams_) {
    const ConstView image = ranges->stream == Stream::kGuide    ? guide
                            : ranges->stream == Stream::kTarget ? target
                                                                : Concatenate(guide, target, both);
    const auto session = ranges->network.Prepare(width / stride, height / stride);
    if (fdkn) {
      SplitPhases(image, session->input_layout(), session->input());
    } else {
      CopyInnermost(image, session->input());
    }
    session->RunAndObserve(ranges->largest);
  }
}

void Calibration::Store(TensorFile& file) const {
  for (const auto& ranges : streams_) {
    if (ranges->largest.empty()) {
      throw Error("no image has been seen to find the ranges of int8 layers by");
    }
    std::size_t i = 0;
    for (const Layer& layer : Layers(architecture_, ranges->stream)) {
      if (layer.activation == Activation::kRelu) {
        file.tensors[LargestOutputName(layer, ranges->stream)] = {{1}, {ranges->largest[i]}};
      }
      ++i;
    }
  }
}

}  // namespace dkn
