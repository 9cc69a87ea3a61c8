#include "src/dkn/operations.h"

#include "src/dkn/layers.h"

namespace dkn {
namespace {

int ResultSide(const Layer& layer, int side) {
  return (side + 2 * layer.padding - layer.dilation * (layer.kernel - 1) - 1) / layer.stride + 1;
}

// Of one stream's layers, which begin on images of this size and run so often.
double OperationsOf(const Architecture& a, Stream stream, int width, int height, double repeats) {
  const bool shared = a.kind == NetworkKind::kDkn && a.dkn_features == DknFeatures::kDownConv;
  double operations = 0.0;
  for (const Layer& layer : Layers(a, stream)) {
    if (shared && layer.stride == 2) {  // from here on for each of four phases (SharedShifts)
      repeats *= 4.0;
      height -= 1;
    }
    width = ResultSide(layer, width);
    height = ResultSide(layer, height);
    operations += repeats * 2.0 * layer.kernel * layer.kernel * layer.in * layer.out * width *
                  height;  // a head, 1 x 1, leaves the size as it is for the other one
  }
  return operations;
}

}  // namespace

double Operations(const Architecture& architecture, int width, int height) {
  int more = 0;
  double repeats = 1.0;
  width = PaddedSize(width);
  height = PaddedSize(height);
  if (architecture.kind == NetworkKind::kFdkn) {
    width /= kResampling;
    height /= kResampling;
  } else {
    const Footprint footprint = FootprintOf(architecture);
    const bool shared = architecture.dkn_features == DknFeatures::kDownConv;
    more = footprint.size - (shared ? 1 : footprint.stride);
    repeats = shared ? 1.0 : footprint.stride * footprint.stride;
  }
  double operations = 0.0;
  for (const Stream stream : Streams(architecture)) {
    operations += OperationsOf(architecture, stream, width + more, height + more, repeats);
  }
  return operations;
}

}  // namespace dkn
