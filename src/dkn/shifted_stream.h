#ifndef DKN_SRC_DKN_SHIFTED_STREAM_H_
#define DKN_SRC_DKN_SHIFTED_STREAM_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "dkn/image.h"
#include "dkn/precision.h"
#include "src/dkn/layers.h"
#include "src/net/convolution_network.h"

namespace dkn {

// Paper: Appendix A. One stream of DKN, which gives one result for each stride x stride pixels (see
// FootprintOf); results for all pixels take as many passes, over the image shifted by a pixel each
// time. It is immutable, and of any number of threads.
class ShiftedStream {
 public:
  virtual ~ShiftedStream() = default;

  // The shifts of images of one size, whose memory is taken once. They are of one thread at a time.
  class Shifts {
   public:
    virtual ~Shifts() = default;
    // An image of this size, with the channels that the first layer takes. It is padded with zeros
    // to what the footprints cover.
    virtual void SetImage(ConstView image) = 0;
    // What the heads give for the pixels [y::stride, x::stride] of the image, channels innermost.
    // They are valid until the next call.
    virtual const float* Heads(int x, int y) = 0;
  };
  // Width and height are multiples of the stride.
  virtual std::unique_ptr<Shifts> Prepare(int width, int height) const = 0;
  // Bytes that they take.
  virtual std::size_t ShiftsBytes(int width, int height) const = 0;
};

// The appendix's way: the whole network for each shift, 16 times for Table 1. Tests take it as the
// reference for MakeSharedShifts; networks without DownConv have no other.
std::unique_ptr<ShiftedStream> MakeWholePasses(std::vector<Convolution> chain,
                                               const Footprint& footprint,
                                               Precision precision = Precision::kFp32);

// For Table 1: layers run once for all shifts that give them the same values at other places. conv1
// runs on the whole padded image, conv2 and conv3 on 4 phases of its result, the rest on 4 phases
// of each of these (DownConvParts). It is faster when the 4 shifts (x, y), (x + 2, y), (x, y + 2)
// and (x + 2, y + 2) are asked for one after the other.
std::unique_ptr<ShiftedStream> MakeSharedShifts(std::vector<Convolution> chain,
                                                const Footprint& footprint,
                                                Precision precision = Precision::kFp32);

}  // namespace dkn

#endif  // DKN_SRC_DKN_SHIFTED_STREAM_H_
