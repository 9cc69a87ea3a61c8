#include "src/dkn/head_strips.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "src/core/parallel_for.h"
#include "src/dkn/network_parts.h"

namespace dkn {
HeadStrips::HeadStrips(std::vector<Convolution> head, Precision precision, float largest_feature)
    : network_(std::move(head), FdknParts::HeadTypes(precision, largest_feature)) {}

std::unique_ptr<HeadStrips::Strip> HeadStrips::Prepare(int blocks) const {
  return std::make_unique<Strip>(network_, blocks);
}

std::size_t HeadStrips::StripBytes(int blocks) const {
  const auto size = network_.SizeOf(blocks, 1);
  return size.bytes + size.input_bytes;
}

HeadStrips::Strip::Strip(const ConvolutionNetwork& network, int blocks) : blocks_(blocks) {
  const ThreadCount alone(1);  // strips run side by side
  session_ = network.Prepare(blocks, 1);
}

const float* HeadStrips::Strip::Run(const ConvolutionNetwork::Session& features, int row,
                                    int first) {
  if (features.output_layout() == ValueLayout::kInnermost) {
    session_->Run(features.OutputAt(first, row));
    return session_->output();
  }
  const int channels = features.output_channels();
  const int block_channels = BlockChannels(features.output_layout());
  const std::ptrdiff_t plane =
      std::ptrdiff_t{block_channels} * features.output_width() * features.output_height();
  const float* from =
      features.output() +
      block_channels * (static_cast<std::ptrdiff_t>(row) * features.output_width() + first);
  for (int c = 0; c < channels; c += block_channels, from += plane) {
    float* to = session_->input() + c;
    for (int block = 0; block < blocks_; ++block) {
      std::copy_n(from + block * block_channels, std::min(block_channels, channels - c),
                  to + static_cast<std::ptrdiff_t>(block) * channels);
    }
  }
  session_->Run();
  return session_->output();
}

}  // namespace dkn
