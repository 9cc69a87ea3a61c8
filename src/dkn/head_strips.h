#ifndef DKN_SRC_DKN_HEAD_STRIPS_H_
#define DKN_SRC_DKN_HEAD_STRIPS_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "dkn/precision.h"
#include "src/net/convolution_network.h"

namespace dkn {

// The heads of one stream of FDKN, for a strip of blocks at a time: what they give, 27 values for
// each pixel, is used while it is in the cache and never stored for a whole image. It is
// immutable, and of any number of threads.
class HeadStrips {
 public:
  // A strip has so many blocks at most: of 432 values for each of two streams, half a megabyte.
  static constexpr int kMaxBlocks = 160;

  // `largest_feature` is the largest value that the features take, which int8 needs.
  HeadStrips(std::vector<Convolution> head, Precision precision, float largest_feature);

  // What one thread needs for strips of `blocks` blocks.
  class Strip {
   public:
    Strip(const ConvolutionNetwork& network, int blocks);
    // The heads' values for blocks [first, first + blocks) of row `row`, channels innermost, from
    // the features' session. They are valid until the next call.
    const float* Run(const ConvolutionNetwork::Session& features, int row, int first);

   private:
    int blocks_;
    std::unique_ptr<ConvolutionNetwork::Session> session_;
  };
  std::unique_ptr<Strip> Prepare(int blocks) const;
  // Bytes that a strip takes.
  std::size_t StripBytes(int blocks) const;

 private:
  ConvolutionNetwork network_;
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_HEAD_STRIPS_H_
