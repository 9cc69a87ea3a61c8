#ifndef DKN_ARCHITECTURE_H_
#define DKN_ARCHITECTURE_H_

#include <optional>

#include "dkn/image.h"

namespace dkn {

enum class NetworkKind { kDkn, kFdkn };        // Section 3.2, Section 3.3
enum class StreamCount { kTwo, kOne };         // see Architecture::streams
enum class GuideInput { kRgb, kLuma, kNone };  // luma: 0.299 R + 0.587 G + 0.114 B
// Which stream gives the kernels' weights or offsets; of both, the product.
enum class Source { kBoth, kGuide, kTarget, kNone };
// What the target's stream sees of the target: its values, as in the paper, or besides how much of
// each pixel is measured and how far the samples lie apart, how noisy they are, and how noisy where
// neighbours share their noise.
enum class TargetInput { kValues, kMeasurement, kNoisyMeasurement, kCorrelatedNoise };
enum class WeightActivation { kSigmoid, kSoftmax, kLinear };
enum class DknFeatures { kDownConv, kPlain, kDilated, kSmall };  // see Architecture::dkn_features
enum class WindowRule { kZero, kClamp };                         // see Architecture::window_rule
enum class BorderRule { kZero, kReplicate };                     // see Architecture::border_rule
enum class TapOrder { kRowMajor, kColumnMajor };                 // see Architecture::tap_order

// Everything that tells one network from another, weights apart. Model files carry each field; a
// file that lacks one takes the value below.
struct Architecture {
  NetworkKind kind = NetworkKind::kFdkn;
  int kernel_size = 3;  // k, odd, up to 25: k * k samples for each pixel
  int window = 15;      // d, odd: samples come from the d x d pixels around a pixel
  // Levels of the target's pyramid that are sampled, up to 6; 1: the target alone, as in the paper.
  // Each coarser level, of half the size, gives coarse_kernel_size^2 samples more, from a grid and
  // a window (d x d) of its own pixels.
  int levels = 1;
  int coarse_kernel_size = 1;  // 1 to 3
  bool residual = true;        // Eq. (3); false: Eq. (7), weights divided by their sum
  // What is seen of the guide. kNone: nothing, the paper's DKN and FDKN with a dagger.
  GuideInput guide = GuideInput::kRgb;
  // kMeasurement: the target's stream has three channels: the value, the share of the pixel that is
  // measured (FilterInput::mask), and the binary logarithm of the distance between samples, in
  // pixels of the guide, divided by 4. kNoisyMeasurement: a fourth, log2(1 + 4096 s) / 8 with the
  // samples' estimated standard deviation of noise s, in units of the target's values.
  // kCorrelatedNoise: a fifth, the same of an estimate from samples about 8 pixels of the guide
  // apart, which sees noise that a camera's window spreads over its neighbours.
  TargetInput target = TargetInput::kValues;
  // kOne: a single stream sees guide and target as channels of one image (Section 5).
  StreamCount streams = StreamCount::kTwo;
  // Of the two streams (Table 8). Without offsets the samples are the k x k pixels around a pixel,
  // and the window is k.
  Source weights_from = Source::kBoth;  // not kNone
  Source offsets_from = Source::kBoth;
  // What each stream's weights go through (Table 9). kLinear, of any sign, is for the residual.
  WeightActivation weight_activation = WeightActivation::kSigmoid;
  bool mean_subtraction = true;  // from the weights, with the residual (Table 9)
  // Of DKN (Section 5). kDownConv: Table 1. kPlain: the same 51 x 51 field without DownConv, in one
  // pass. kDilated: the same field by dilated convolutions. kSmall: a field of 23 x 23.
  DknFeatures dkn_features = DknFeatures::kDownConv;
  // Of FDKN, up to 64: residual blocks (He et al., CVPR 2016) of two 3 x 3 layers of 64 channels
  // after the fourth layer of Table 2. They begin training as the identity, so that a network may
  // start from one with fewer.
  int blocks = 0;
  int n1 = 128;  // channels of the last but one feature layer (Table 10)
  int n2 = 128;  // channels of the last feature layer (Table 10)

  // kZero: a position may lie anywhere, pixels outside the window read as 0, and a position between
  // the two blends. kClamp: offsets are limited to +-(d - k) / 2, so no position leaves the window.
  WindowRule window_rule = WindowRule::kClamp;
  // What is read beyond the image's border: 0, or the nearest pixel.
  BorderRule border_rule = BorderRule::kReplicate;

  // Tap (i, j) of the kernel reads the target at the pixel's place plus, in each direction,
  // grid_scale * (i + offset) + grid_origin. The origin is -grid_scale * (k - 1) / 2 when absent: a
  // grid around the pixel.
  float grid_scale = 1.0f;
  std::optional<float> grid_origin;
  // kRowMajor: tap = row * k + column. kColumnMajor: tap = column * k + row.
  TapOrder tap_order = TapOrder::kRowMajor;
  ChannelOrder channel_order = ChannelOrder::kRgb;  // of the guide, as the first layer takes it
};

}  // namespace dkn

#endif  // DKN_ARCHITECTURE_H_
