#include "src/pipeline/frame_bytes.h"

#include <cmath>

#include "src/imaging/guided_fill.h"

namespace dkn {
namespace {

std::size_t Plane(int width, int height) {
  return sizeof(float) * static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
}

std::size_t Plane(const ConstView& view) {
  return Plane(view.width, view.height);
}

std::size_t Channels(const ConstView& view) {
  return static_cast<std::size_t>(view.channels);
}

// The target's images, before anything is made of them.
std::size_t TargetBytes(const FrameMemory& frame) {
  const std::size_t channels = Channels(frame.target);
  return (channels + (frame.masked ? 1 : 0)) * Plane(frame.target) +
         (frame.registered ? channels * Plane(frame.measured) : 0);
}

// What resampling by rows and then by columns has between.
std::size_t BetweenBytes(const ConstView& from, const ConstView& to) {
  return Plane(to.width, from.height);
}

}  // namespace

std::size_t BytesOf(const ConstFrame& frame) {
  return frame.data == nullptr
             ? 0
             : SampleBytes(frame.type) * static_cast<std::size_t>(frame.channels) *
                   static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height);
}

std::size_t IterationBytes(const ConstFrame& target, const UpsamplerOptions& options) {
  const bool kept = options.own_guide && options.upsample.iterations > 1;
  return kept ? static_cast<std::size_t>(target.channels) * Plane(target.width, target.height) : 0;
}

std::size_t CountHoles(ConstView image) {
  std::size_t holes = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      bool finite = true;
      for (int c = 0; c < image.channels; ++c) {
        finite = finite && std::isfinite(image(x, y, c));
      }
      holes += finite ? 0 : 1;
    }
  }
  return holes;
}

std::size_t BytesBeside(const FrameMemory& frame, const UpsamplerOptions& options) {
  const UpsampleOptions& how = options.upsample;
  const std::size_t targets = Channels(frame.measured);
  const std::size_t guides = Channels(frame.whole);
  const std::size_t plane = Plane(frame.part);
  const bool masked = frame.holes > 0 || frame.soft;
  const bool measured_only = masked && how.holes == HoleMode::kMeasured;
  std::size_t bytes = frame.beside + TargetBytes(frame);
  if (options.placement.place) {  // guide, result, confidence and mask of the whole
    bytes += guides * (Plane(frame.whole) - plane) + (targets + 2) * Plane(frame.whole);
  }
  bytes += frame.next_guide ? guides * Plane(frame.whole) : 0;
  bytes += (2 * targets + 1) * Plane(frame.measured);  // values, samples, what is measured
  bytes += frame.soft ? Plane(frame.measured) : 0;     // the weights that are checked
  if (masked) {
    bytes += plane;  // the mask
    bytes += how.holes == HoleMode::kFill ? 0 : plane;
  }
  if (frame.holes > 0) {
    bytes += how.hole_refinements > 0 ? targets * BetweenBytes(frame.part, frame.measured) : 0;
  }
  if (how.confidence || measured_only) {  // support and spread of each channel, and of all
    bytes += (2 * targets + 2) * plane;
  }
  if (how.fidelity_iterations > 0) {
    bytes += targets * (2 * plane + Plane(frame.measured));
  }
  return bytes;
}

std::size_t BytesToFill(const FrameMemory& frame) {
  if (frame.holes == 0 && !frame.soft) {
    return 0;
  }
  const std::size_t guides = Channels(frame.whole);
  const std::size_t images = (frame.next_guide ? 2 : 1) * guides * Plane(frame.whole) +
                             (Channels(frame.measured) + 1 + guides) * Plane(frame.measured) +
                             guides * BetweenBytes(frame.part, frame.measured);
  // Weights, the share of its value that each pixel keeps, and a second image, in which all pixels
  // but the most trusted are holes.
  const std::size_t distrust =
      frame.soft ? (Channels(frame.measured) + 2) * Plane(frame.measured) : 0;
  const std::size_t pixels = static_cast<std::size_t>(frame.measured.width) *
                             static_cast<std::size_t>(frame.measured.height);
  return frame.beside + TargetBytes(frame) + images + distrust +
         FillBytes(frame.measured.width, frame.measured.height, frame.whole.channels,
                   frame.soft ? pixels : frame.holes);
}

}  // namespace dkn
