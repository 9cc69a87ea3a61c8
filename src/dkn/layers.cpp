#include "src/dkn/layers.h"

namespace dkn {
namespace {

// Paper: Table 2. Six 3x3 convolutions that keep the size, on 13 x 13 resampled pixels; after the
// fourth, our residual blocks, of which every other layer is normalised, too.
std::vector<Layer> FdknFeatures(const Architecture& a, int in) {
  std::vector<Layer> layers;
  const auto add = [&](const std::string& name, int out, bool batch_norm, bool residual) {
    layers.push_back(
        {name, in, out, 3, 1, 1, batch_norm, Activation::kRelu, /*dilation=*/1, residual});
    in = out;
  };
  int index = 0;
  for (const int out : {32, 32, 64, 64, a.n1, a.n2}) {
    ++index;
    add("conv" + std::to_string(index), out, index % 2 == 1, false);
    for (int block = 1; index == 4 && block <= a.blocks; ++block) {
      const std::string name = "block" + std::to_string(block);
      add(name + "_conv1", out, true, false);
      add(name + "_conv2", out, false, true);
    }
  }
  return layers;
}

// One convolution of DKN's features.
struct DknLayer {
  int out;
  int kernel;
  bool batch_norm;
  int stride = 1;
  int dilation = 1;
};

// The paper gives the first list alone; of the others it tells the field, and of kPlain that both
// streams have 1.6M parameters (ours 1.64M; 0.88M with kDilated, 1.17M with kSmall).
std::vector<DknLayer> DknLayers(const Architecture& a) {
  switch (a.dkn_features) {
    case DknFeatures::kPlain:
      return {{32, 7, true},  {32, 5, false},   {32, 5, true},   {32, 5, false}, {32, 5, true},
              {32, 5, false}, {64, 5, true},    {64, 5, false},  {64, 5, true},  {64, 5, false},
              {64, 5, true},  {a.n1, 3, false}, {a.n2, 3, false}};
    case DknFeatures::kDilated:
      return {{32, 3, true},        {32, 3, false},       {64, 3, true, 1, 2},
              {64, 3, false, 1, 4}, {128, 3, true, 1, 8}, {a.n1, 3, false, 1, 8},
              {a.n2, 3, false}};
    case DknFeatures::kSmall:
      return {{32, 7, true},   {32, 5, false},   {64, 5, true},
              {128, 5, false}, {a.n1, 3, false}, {a.n2, 3, false}};
    case DknFeatures::kDownConv:
      break;
  }
  // Paper: Table 1. A 51 x 51 patch shrinks to one feature vector; the layers of stride 2 are
  // DownConv.
  return {{32, 7, true},  {32, 2, false, 2}, {64, 5, true},   {64, 2, false, 2},
          {128, 5, true}, {a.n1, 3, false},  {a.n2, 3, false}};
}

std::vector<Layer> DknFeatureLayers(const Architecture& a, int in) {
  std::vector<Layer> layers;
  for (const DknLayer& d : DknLayers(a)) {
    layers.push_back({"conv" + std::to_string(layers.size() + 1), in, d.out, d.kernel, d.stride, 0,
                      d.batch_norm, Activation::kRelu, d.dilation});
    in = d.out;
  }
  return layers;
}

// Channels of the image that a stream sees.
int ImageChannels(const Architecture& a, Stream stream) {
  const int guide = a.guide == GuideInput::kRgb ? 3 : 1;
  switch (stream) {
    case Stream::kGuide:
      return guide;
    case Stream::kTarget:
      return TargetChannels(a);
    case Stream::kJoint:
      return guide + TargetChannels(a);
  }
  return 0;
}

}  // namespace

std::vector<Layer> Layers(const Architecture& a, Stream stream) {
  CheckArchitecture(a);
  const bool fdkn = a.kind == NetworkKind::kFdkn;
  const int phases = fdkn ? kPhases : 1;
  const int in = phases * ImageChannels(a, stream);
  std::vector<Layer> layers = fdkn ? FdknFeatures(a, in) : DknFeatureLayers(a, in);
  const int taps = TapCount(a);
  const auto none = Activation::kNone;
  if (GivesWeights(a, stream)) {
    layers.push_back({"conv_weight", a.n2, phases * taps, 1, 1, 0, false, none});
  }
  if (GivesOffsets(a, stream)) {
    layers.push_back({"conv_offset", a.n2, phases * taps * 2, 1, 1, 0, false, none});
  }
  return layers;
}

Footprint FootprintOf(const Architecture& architecture) {
  int size = 1;
  int stride = 1;
  for (const Layer& layer : Layers(architecture, Streams(architecture).front())) {
    size += layer.dilation * (layer.kernel - 1) * stride;
    stride *= layer.stride;
  }
  return {size, size / 2, stride};
}

}  // namespace dkn
