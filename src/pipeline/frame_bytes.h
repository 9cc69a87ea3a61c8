#ifndef DKN_SRC_PIPELINE_FRAME_BYTES_H_
#define DKN_SRC_PIPELINE_FRAME_BYTES_H_

#include <cstddef>

#include "dkn/frame.h"
#include "dkn/image.h"
#include "dkn/upsampler.h"

// What an Upsampler holds for a frame, for its bound of memory.
namespace dkn {

// Of views the sizes count alone.
struct FrameMemory {
  ConstView whole;          // the guide
  ConstView part;           // of it, which the target covers
  ConstView target;         // as it came
  ConstView measured;       // as it is filtered
  bool registered = false;  // `measured` is not the target itself
  bool masked = false;      // the target has a mask, whose weights are kept
  bool soft = false;        // some of them are neither 0 nor 1
  std::size_t holes = 0;    // pixels of `measured`
  // Of the caller: the target, its mask, the result and what Upsampler::Reserve says.
  std::size_t beside = 0;
  bool next_guide = false;  // memory for one more guide stays
};

// Of a frame without gaps; 0 of one without data.
std::size_t BytesOf(const ConstFrame& frame);

// The last iteration's result, which one of a target that is its own guide begins with.
std::size_t IterationBytes(const ConstFrame& target, const UpsamplerOptions& options);

// Pixels that are not finite in some channel.
std::size_t CountHoles(ConstView image);

// FrameSize::beside of its session.
std::size_t BytesBeside(const FrameMemory& frame, const UpsamplerOptions& options);

// All that there is while holes are filled and what a soft mask distrusts is drawn towards others,
// a session left out. 0 where there is neither.
std::size_t BytesToFill(const FrameMemory& frame);

}  // namespace dkn

#endif  // DKN_SRC_PIPELINE_FRAME_BYTES_H_
