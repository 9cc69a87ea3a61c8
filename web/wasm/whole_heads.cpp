// FDKN's heads for the page: computed with the features, for a whole tile at once, so that ONNX
// Runtime is called once for each stream and not for each row of blocks.
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/dkn/head_strips.h"
#include "src/dkn/network_parts.h"
#include "src/dkn/shifted_stream.h"
#include "web/wasm/refuse_dkn.h"

namespace dkn {

FdknParts::FdknParts(std::vector<Convolution> chain) : features(std::move(chain)) {}

NetworkTypes FdknParts::FeatureTypes(Precision) {
  return {};
}
NetworkTypes FdknParts::HeadTypes(Precision, float) {
  return {};
}

HeadStrips::HeadStrips(std::vector<Convolution> head, Precision, float)
    : network_(std::move(head)) {}

std::unique_ptr<HeadStrips::Strip> HeadStrips::Prepare(int blocks) const {
  return std::make_unique<Strip>(network_, blocks);
}
std::size_t HeadStrips::StripBytes(int) const {
  return 0;
}

HeadStrips::Strip::Strip(const ConvolutionNetwork&, int blocks) : blocks_(blocks) {}

const float* HeadStrips::Strip::Run(const ConvolutionNetwork::Session& features, int row,
                                    int first) {
  return static_cast<const float*>(features.OutputAt(first, row));
}

void RefuseDkn() {
  throw MethodError(
      "the model is a DKN, whose 16 passes take minutes in a browser; expected an FDKN, or the "
      "command, dkn upsample");
}

std::unique_ptr<ShiftedStream> MakeWholePasses(std::vector<Convolution>, const Footprint&,
                                               Precision) {
  RefuseDkn();
}
std::unique_ptr<ShiftedStream> MakeSharedShifts(std::vector<Convolution>, const Footprint&,
                                                Precision) {
  RefuseDkn();
}

}  // namespace dkn
