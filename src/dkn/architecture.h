#ifndef DKN_SRC_DKN_ARCHITECTURE_H_
#define DKN_SRC_DKN_ARCHITECTURE_H_

#include <map>
#include <string>
#include <vector>

#include "dkn/architecture.h"

namespace dkn {

// kJoint is the one stream that sees both images, where there is but one.
enum class Stream { kGuide, kTarget, kJoint };

// The streams that `architecture` has: only those that give weights or offsets.
std::vector<Stream> Streams(const Architecture& architecture);

// Whether a stream has the head for weights, for offsets.
bool GivesWeights(const Architecture& architecture, Stream stream);
bool GivesOffsets(const Architecture& architecture, Stream stream);

// Samples of the target itself for each pixel, k * k, and with those of the coarser levels.
constexpr int FineTapCount(const Architecture& a) {
  return a.kernel_size * a.kernel_size;
}
constexpr int TapCount(const Architecture& a) {
  return FineTapCount(a) + (a.levels - 1) * a.coarse_kernel_size * a.coarse_kernel_size;
}

// The third channel of TargetInput::kMeasurement is this times the ratio's binary logarithm.
inline constexpr float kLogRatioScale = 0.25f;

// The fourth channel of TargetInput::kNoisyMeasurement is this times log2(1 + noise / kLeastNoise),
// and so is the fifth of kCorrelatedNoise.
inline constexpr float kNoiseScale = 0.125f;
inline constexpr float kLeastNoise = 1.0f / 4096.0f;

// Pixels of the guide between the samples that the fifth channel's estimate compares.
inline constexpr int kCorrelationDistance = 8;

// Channels of the target's stream.
constexpr int TargetChannels(const Architecture& a) {
  return a.target == TargetInput::kValues ? 1 : 2 + static_cast<int>(a.target);
}

// Whether the target's stream sees how noisy the samples are.
constexpr bool SeesNoise(const Architecture& a) {
  return a.target == TargetInput::kNoisyMeasurement || a.target == TargetInput::kCorrelatedNoise;
}

// FDKN works on images split into kResampling x kResampling phases (Fig. 5).
inline constexpr int kResampling = 4;
inline constexpr int kPhases = kResampling * kResampling;

// Networks see images whose sides are multiples of kResampling, which DKN's strides divide too:
// the least such side that is no smaller than `size`.
constexpr int PaddedSize(int size) {
  return (size + kResampling - 1) / kResampling * kResampling;
}

// The largest kernel of Table 8.
inline constexpr int kMaxKernelSize = 25;
inline constexpr int kMaxWindow = 63;
inline constexpr int kMaxLevels = 6;
inline constexpr int kMaxCoarseKernelSize = 3;
inline constexpr int kMaxBlocks = 64;

// The first part of a tensor's name in model files, as the authors' code names the streams.
std::string StreamName(Stream stream);

// Throws Error unless kernel_size and window are odd, 1 <= kernel_size <= 25, kernel_size <= window
// <= 63 (equal without offsets), the channel counts are in 1..4096, the grid is finite, and
// streams, guide, sources and activation go together; and, where there are coarser levels, that
// they go with offsets from both streams, WindowRule::kClamp, BorderRule::kReplicate and a grid
// around the pixel.
void CheckArchitecture(const Architecture& architecture);

// Each field of Architecture as text, and back: the metadata of model files and the "architecture"
// object of experiment files. Reading starts from `base`, ignores names it does not know, and
// throws Error naming the field and the values it may have, or the "network" of others they tell.
using ArchitectureFields = std::map<std::string, std::string>;
ArchitectureFields ToFields(const Architecture& architecture);
Architecture FromFields(const ArchitectureFields& fields, const Architecture& base = {});

// FromFields for a JSON object's text, where an unknown name is an error.
Architecture ArchitectureFromJson(const std::string& json, const Architecture& base = {});

}  // namespace dkn

#endif  // DKN_SRC_DKN_ARCHITECTURE_H_
