#ifndef DKN_SRC_EVAL_PROTOCOL_H_
#define DKN_SRC_EVAL_PROTOCOL_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "dkn/image.h"
#include "dkn/resample.h"
#include "src/imaging/value_range.h"
#include "src/sensors/depth_case.h"

namespace dkn::eval {

enum class Subsampling { kLastPixel, kCenterPixel };
// What a method gets where the input has holes.
enum class HoleUse {
  kRefined,  // as Upsample does it: filled by the guide, twice more by the method itself
  kFilled,   // filled by the guide alone
  kSmooth,   // filled by the average of what is nearby (FillHoles)
  kNearest,  // filled by the nearest sample
  kDense,    // what the protocol took away: the bound
};
struct ProvidedInput {  // the set has measurements of its own
  bool operator==(const ProvidedInput&) const = default;
};
struct GuideAsInput {  // the guide is filtered, with itself as guide: RemoveTexture
  bool operator==(const GuideAsInput&) const = default;
};
struct PredictedScores {  // what a method's segmentation network says of the guide
  bool operator==(const PredictedScores&) const = default;
};
// What makes the input of the truth.
using Downsampling =
    std::variant<Resampler, Subsampling, ProvidedInput, GuideAsInput, PredictedScores>;

enum class Range {
  kInput,  // the low-resolution input's smallest and largest value
  kTruth,  // the truth's: an oracle, since a user does not have it
};
// What a method sees as 0 and 1; a fixed range is in the truth's unit.
using Normalization = std::variant<Range, ValueRange>;

// How a method is measured against a ground truth; docs/numerics.md gives the reasons.
struct Protocol {
  int scale = 8;  // 1: the input has the guide's size
  Downsampling down = Resampler::kBicubic;
  double noise_variance = 0.0;  // of Gaussian noise on the input; see Degrade
  double depth_noise = 0.0;     // strength of AddDepthNoise, in units squared; see Degrade
  // Of AddCameraNoise, for pictures in [0, 1]; 0 electrons: none.
  double electrons = 0.0;
  double read_noise = 0.0;
  // Instead of `down`, noise and holes: the truth as a depth camera measures it. `scale` is its
  // ratio, rounded, and the truth is not cropped to it.
  std::optional<sensors::DepthCase> depth_case = {};
  std::string depth_case_text = {};  // what it was read from, for the reader of a table
  double holes = 0.0;                // fraction of the input's pixels; see PunchHoles
  bool count_holes = false;          // pixels whose sample is missing count like all others
  HoleUse hole_use = HoleUse::kRefined;
  int fidelity = 0;                    // iterations of BackProject on the result
  int iterations = 1;                  // how often to filter: of RemoveTexture, FilterImage
  Resampler up = Resampler::kBicubic;  // brings the input to the guide's size, without clipping
  int border = 6;                      // pixels at each side that do not count
  Normalization normalization = Range::kInput;
};

// Whether its input is what a segmentation network says of the guide: the truth is of labels.
bool TakesScores(const Protocol& protocol);

// What a model was made for, by the metadata of its file: the scale, 8 where it tells none; with
// Section 4.2's noise where that is 1.
Protocol CardProtocol(const std::map<std::string, std::string>& metadata);

// The names of experiment files: those of Resampler, area (which is box), last_pixel, center_pixel,
// provided, guide and scores; input and truth. Any other name throws Error, which lists them.
Downsampling ParseDown(const std::string& name);
Range ParseRange(const std::string& name);
HoleUse ParseHoleUse(const std::string& name);  // refined, filled, smooth, nearest, dense

// The protocol in one line, for the reader of a table.
std::string Describe(const Protocol& protocol);

// `image` without the columns at the right and the rows at the bottom that exceed a multiple of
// max(scale, kResampling), what the networks and the degradation take. Throws Error when nothing
// remains.
ConstView CropToScale(ConstView image, int scale);

// The input that `protocol` makes of a truth whose sides are multiples of scale: the truth at
// 1 / scale of its size, plus noise that the seed determines. The noise's variance is for values
// scaled to [0, 1] by the smallest and the largest value of what it is added to (Section 4.2:
// 0.005). The noise of depth, then that of a camera, is added last; the first's strength is for
// values of the truth's unit. Throws Error where `protocol` takes the set's own measurements or the
// guide.
Image Degrade(ConstView truth, const Protocol& protocol, std::uint64_t seed);

}  // namespace dkn::eval

#endif  // DKN_SRC_EVAL_PROTOCOL_H_
