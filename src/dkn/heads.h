#ifndef DKN_SRC_DKN_HEADS_H_
#define DKN_SRC_DKN_HEADS_H_

#include <cstddef>
#include <vector>

#include "dkn/architecture.h"
#include "src/dkn/architecture.h"

namespace dkn {

// Where the values of one stream's heads lie.
struct StreamHeads {
  const float* data = nullptr;
  int channels = 0;  // for each pixel: k * k weights, 2 * k * k offsets, or both
  int weights = -1;  // the first channel of the weights; -1: the stream gives none
  int offsets = -1;  // the first channel of the offsets, x and y of a tap in turn; -1: none
};

// FDKN's heads give 16 * channels values for a block of 4 x 4 pixels: channel * 16 + phase. DKN's
// give `channels` values for each pixel.
enum class HeadLayout { kBlocks, kPixels };

// The heads of one stream and where the output of its network lies.
inline StreamHeads HeadsOf(const Architecture& architecture, Stream stream, const float* data) {
  const int taps = architecture.kernel_size * architecture.kernel_size;
  StreamHeads heads;
  heads.data = data;
  if (GivesWeights(architecture, stream)) {
    heads.weights = 0;
    heads.channels = taps;
  }
  if (GivesOffsets(architecture, stream)) {
    heads.offsets = heads.channels;
    heads.channels += 2 * taps;
  }
  return heads;
}

// Those of one stream or two, in the order of Streams.
using Heads = std::vector<StreamHeads>;

}  // namespace dkn

#endif  // DKN_SRC_DKN_HEADS_H_
