#ifndef DKN_SRC_DKN_HEADS_H_
#define DKN_SRC_DKN_HEADS_H_

#include <array>
#include <cstddef>
#include <initializer_list>

#include "dkn/architecture.h"
#include "src/dkn/architecture.h"

namespace dkn {

// Where the values of one stream's heads lie.
struct StreamHeads {
  const float* data = nullptr;
  int channels = 0;  // for each pixel: a weight for each tap, two offsets, or both
  int weights = -1;  // the first channel of the weights; -1: the stream gives none
  int offsets = -1;  // the first channel of the offsets, x and y of a tap in turn; -1: none
};

// FDKN's heads give 16 * channels values for a block of 4 x 4 pixels: channel * 16 + phase. DKN's
// give `channels` values for each pixel.
enum class HeadLayout { kBlocks, kPixels };

// The heads of one stream and where the output of its network lies.
inline StreamHeads HeadsOf(const Architecture& architecture, Stream stream, const float* data) {
  const int taps = TapCount(architecture);
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

// The heads of one stream or two, in the order of Streams.
class Heads {
 public:
  Heads() = default;
  Heads(std::initializer_list<StreamHeads> streams) {
    for (const StreamHeads& stream : streams) {
      push_back(stream);
    }
  }
  void push_back(const StreamHeads& stream) { streams_[size_++] = stream; }
  std::size_t size() const { return size_; }
  StreamHeads& operator[](std::size_t i) { return streams_[i]; }
  const StreamHeads& operator[](std::size_t i) const { return streams_[i]; }
  const StreamHeads& front() const { return streams_[0]; }
  const StreamHeads* begin() const { return streams_.data(); }
  const StreamHeads* end() const { return streams_.data() + size_; }

 private:
  std::array<StreamHeads, 2> streams_;
  std::size_t size_ = 0;
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_HEADS_H_
