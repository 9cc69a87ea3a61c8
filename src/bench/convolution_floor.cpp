#include "src/bench/convolution_floor.h"

#include <algorithm>
#include <utility>

#include "src/dkn/layers.h"
#include "src/dkn/model_tensors.h"
#include "src/dkn/network_parts.h"

namespace dkn {

ConvolutionFloor::ConvolutionFloor(const TensorFile& file, const Architecture& architecture,
                                   Precision precision, int width, int height) {
  const NetworkTypes types{.input = precision, .hidden = precision};
  for (const Stream stream : Streams(architecture)) {
    std::vector<Convolution> chain = StreamConvolutions(file, architecture, stream);
    if (architecture.kind == NetworkKind::kFdkn) {
      AddFdkn(std::move(chain), precision, width / kResampling, height / kResampling);
      continue;
    }
    const Footprint footprint = FootprintOf(architecture);
    if (architecture.dkn_features == DknFeatures::kDownConv) {
      AddShared(chain, precision, width + footprint.size - 1, height + footprint.size - 1);
    } else {
      const int more = footprint.size - footprint.stride;
      Add(std::move(chain), types, width + more, height + more,
          footprint.stride * footprint.stride);
    }
  }
}

void ConvolutionFloor::Add(std::vector<Convolution> chain, const NetworkTypes& types, int width,
                           int height, int repeats) {
  const std::size_t inputs = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                             static_cast<std::size_t>(chain.front().layer.in);
  zeros_.resize(std::max(zeros_.size(), inputs));
  auto network = std::make_unique<ConvolutionNetwork>(std::move(chain), types);
  auto session = network->Prepare(width, height);
  parts_.push_back({std::move(network), std::move(session), repeats});
}

void ConvolutionFloor::AddFdkn(std::vector<Convolution> chain, Precision precision, int width,
                               int height) {
  FdknParts parts(std::move(chain));
  const float largest = parts.features.back().largest_output;
  Add(std::move(parts.features), FdknParts::FeatureTypes(precision), width, height, 1);
  Add(std::move(parts.head), FdknParts::HeadTypes(precision, largest), width, height, 1);
}

void ConvolutionFloor::AddShared(const std::vector<Convolution>& chain, Precision precision,
                                 int width, int height) {
  DownConvParts shared(chain);
  const auto& last = [this]() -> const ConvolutionNetwork::Session& {
    return *parts_.back().session;
  };
  const NetworkTypes halves = shared.HalvesTypes(precision);
  const NetworkTypes quarters = shared.QuartersTypes(precision);
  Add(std::move(shared.whole), DownConvParts::WholeTypes(precision), width, height, 1);
  Add(std::move(shared.halves), halves, last().output_width(), last().output_height() - 1, 4);
  Add(std::move(shared.quarters), quarters, last().output_width(), last().output_height() - 1, 16);
}

void ConvolutionFloor::Run() {
  for (const Part& part : parts_) {
    for (int i = 0; i < part.repeats; ++i) {
      part.session->RunConvolutions(zeros_.data());
    }
  }
}

double ConvolutionFloor::operations() const {
  double operations = 0.0;
  for (const Part& part : parts_) {
    operations += part.repeats * part.session->operations();
  }
  return operations;
}

}  // namespace dkn
