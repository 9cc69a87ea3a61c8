#include "dkn/joint_filter.h"

#include <cmath>
#include <limits>
#include <string>

#include "dkn/error.h"
#include "src/core/size_text.h"

namespace dkn {

void CheckFinite(ConstView view, const std::string& name) {
  for (int c = 0; c < view.channels; ++c) {
    for (int y = 0; y < view.height; ++y) {
      const float* row = view.Row(y, c);
      // No early exit: so the loop vectorises.
      int bad = 0;
      for (int x = 0; x < view.width; ++x) {
        bad |= !(std::abs(row[x]) <= std::numeric_limits<float>::max());
      }
      if (bad == 0) {
        continue;
      }
      int x = 0;
      while (std::isfinite(row[x])) {
        ++x;
      }
      throw Error("the " + name + " is not finite at x = " + std::to_string(x) +
                  ", y = " + std::to_string(y) + "; replace NaN and Inf before filtering");
    }
  }
}

namespace {

constexpr int kMaxFrameSide = 1 << 20;

// "640 x 480 with 3 channels", for messages.
std::string ShapeText(int width, int height, int channels) {
  return SizeText(width, height) + " with " + std::to_string(channels) + " channels";
}
std::string ShapeText(ConstView view) {
  return ShapeText(view.width, view.height, view.channels);
}

void CheckGuideChannels(int channels) {
  if (channels != 1 && channels != 3) {
    throw Error("the guide has " + std::to_string(channels) + " channels, expected 1 or 3");
  }
}

void CheckMask(const FilterInput& input) {
  if (!SameSize(input.mask, input.target) || input.mask.channels != 1) {
    throw Error("the mask is " + ShapeText(input.mask) + ", expected the target's size, " +
                SizeText(input.target) + ", and 1 channel");
  }
  for (int y = 0; y < input.mask.height; ++y) {
    for (int x = 0; x < input.mask.width; ++x) {
      if (!(input.mask(x, y) >= 0.0f && input.mask(x, y) <= 1.0f)) {
        throw Error("the mask is not in [0, 1] at x = " + std::to_string(x) +
                    ", y = " + std::to_string(y));
      }
    }
  }
}

void CheckSamples(const MeasuredSamples& samples, ConstView target) {
  if (samples.values.channels != target.channels) {
    throw Error("the samples have " + std::to_string(samples.values.channels) +
                " channels, the target has " + std::to_string(target.channels));
  }
  CheckFinite(samples.values, "image of samples");
  const bool placed = std::isfinite(samples.first_x) && std::isfinite(samples.first_y) &&
                      std::isfinite(samples.step_x) && std::isfinite(samples.step_y);
  if (!placed || !(samples.step_x > 0.0f && samples.step_y > 0.0f)) {
    throw Error("the samples' steps are " + std::to_string(samples.step_x) + " and " +
                std::to_string(samples.step_y) + " from " + std::to_string(samples.first_x) + ", " +
                std::to_string(samples.first_y) + "; expected finite, and steps above 0");
  }
  const ConstView measured = samples.measured;
  if (measured.empty()) {
    return;
  }
  if (!SameSize(measured, samples.values) || measured.channels != 1) {
    throw Error("the mask of samples is " + ShapeText(measured) + ", expected their size, " +
                SizeText(samples.values) + ", and 1 channel");
  }
  for (int y = 0; y < measured.height; ++y) {
    for (int x = 0; x < measured.width; ++x) {
      if (measured(x, y) != 0.0f && measured(x, y) != 1.0f) {
        throw Error("the mask of samples is neither 0 nor 1 at x = " + std::to_string(x) +
                    ", y = " + std::to_string(y));
      }
    }
  }
}

// All of the input but the guide.
void CheckTargetAndMask(const FilterInput& input) {
  CheckFinite(input.target, "target");
  if (!input.mask.empty()) {
    CheckMask(input);
  }
  if (!input.samples.values.empty()) {
    CheckSamples(input.samples, input.target);
  }
}

void CheckShape(ConstView frame, const FrameSize& size, int channels, const std::string& name) {
  if (frame.width != size.width || frame.height != size.height || frame.channels != channels) {
    throw Error("the " + name + " is " + ShapeText(frame) + ", the session's frames are " +
                ShapeText(size.width, size.height, channels));
  }
}

// The session of a method that keeps nothing between frames.
class ApplyingSession : public FilterSession {
 public:
  ApplyingSession(const JointFilter& filter, const FrameSize& size) : filter_(filter), size_(size) {
    CheckFrameSize(size);
  }

  void SetGuide(ConstView guide) override {
    CheckSessionGuide(guide, size_);
    guide_ = guide;
  }

  void Apply(const FilterInput& input, FilterOutput& output) override {
    if (guide_.empty()) {
      throw Error("a frame before its guide; call SetGuide first");
    }
    CheckSessionInput(input, size_);
    FilterInput guided = input;
    guided.guide = guide_;
    filter_.Apply(guided, output);
  }

 private:
  const JointFilter& filter_;
  const FrameSize size_;
  ConstView guide_;
};

}  // namespace

std::unique_ptr<FilterSession> JointFilter::StartSession(const FrameSize& size) const {
  return std::make_unique<ApplyingSession>(*this, size);
}

std::size_t JointFilter::ApplyBytes(const FrameSize& size) const {
  CheckFrameSize(size);
  return 4 * sizeof(float) * static_cast<std::size_t>(size.width) *
         static_cast<std::size_t>(size.height) * static_cast<std::size_t>(size.guide_channels);
}

std::size_t JointFilter::LeastBytes(const FrameSize& size) const {
  return ApplyBytes(size) + size.beside;
}

void CheckFilterInput(const FilterInput& input) {
  if (input.guide.empty() || input.target.empty()) {
    throw Error("guide or target is empty");
  }
  if (!SameSize(input.guide, input.target)) {
    throw Error("the target is " + SizeText(input.target) + ", expected the guide's size, " +
                SizeText(input.guide));
  }
  CheckGuideChannels(input.guide.channels);
  CheckFinite(input.guide, "guide");
  CheckTargetAndMask(input);
}

void CheckFrameSize(const FrameSize& size) {
  CheckGuideChannels(size.guide_channels);
  if (size.target_channels < 1) {
    throw Error("the target has " + std::to_string(size.target_channels) +
                " channels, expected 1 or more");
  }
  if (size.width < 1 || size.height < 1 || size.width > kMaxFrameSide ||
      size.height > kMaxFrameSide) {
    throw Error("the frames are " + SizeText(size.width, size.height) +
                ", expected sides from 1 to " + std::to_string(kMaxFrameSide));
  }
}

void CheckSessionGuide(ConstView guide, const FrameSize& size) {
  CheckShape(guide, size, size.guide_channels, "guide");
  CheckFinite(guide, "guide");
}

void CheckSessionInput(const FilterInput& input, const FrameSize& size) {
  CheckShape(input.target, size, size.target_channels, "target");
  CheckTargetAndMask(input);
}

}  // namespace dkn
