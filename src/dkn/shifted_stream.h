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
// time. Immutable, of any number of threads.
class ShiftedStream {
 public:
  virtual ~ShiftedStream() = default;

  // A stream at work on images of one size. Of one thread at a time.
  class Session {
   public:
    virtual ~Session() = default;
    // An image of this size, with the channels that the first layer takes. It is padded with zeros
    // to what the footprints cover.
    virtual void SetImage(ConstView image) = 0;
    // What the heads give for the pixels [y::stride, x::stride] of the image, channels innermost.
    // Valid until the next call.
    virtual const float* Heads(int x, int y) = 0;
  };
  // Width and height are multiples of the stride.
  virtual std::unique_ptr<Session> Prepare(int width, int height) const = 0;
  // Bytes that a session takes.
  virtual std::size_t SessionBytes(int width, int height) const = 0;
};

// The appendix's way: the whole network for each shift, 16 times for Table 1. The reference.
std::unique_ptr<ShiftedStream> MakeWholePasses(std::vector<Convolution> chain,
                                               const Footprint& footprint,
                                               Precision precision = Precision::kFp32);

// The layers of Table 1 in three parts: those before the first DownConv, up to the second, the
// rest.
struct SharedParts {
  explicit SharedParts(const std::vector<Convolution>& chain);
  // Between the parts, values stay in the precision's type.
  static NetworkTypes WholeTypes(Precision precision);
  NetworkTypes HalvesTypes(Precision precision) const;
  NetworkTypes QuartersTypes(Precision precision) const;

  std::vector<Convolution> whole;     // for all shifts, on the whole padded image
  std::vector<Convolution> halves;    // for each of the 4 phases of what `whole` gives
  std::vector<Convolution> quarters;  // for each of the 4 phases of what `halves` gives
};

// For Table 1: layers run once for all shifts that give them the same values at other places. conv1
// runs on the whole padded image, conv2 and conv3 on 4 phases of its result, the rest on 4 phases
// of each of these. Faster when the 4 shifts (x, y), (x + 2, y), (x, y + 2) and (x + 2, y + 2) are
// asked for one after the other.
std::unique_ptr<ShiftedStream> MakeSharedShifts(std::vector<Convolution> chain,
                                                const Footprint& footprint,
                                                Precision precision = Precision::kFp32);

}  // namespace dkn

#endif  // DKN_SRC_DKN_SHIFTED_STREAM_H_
