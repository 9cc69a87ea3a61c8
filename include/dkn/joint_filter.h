#ifndef DKN_JOINT_FILTER_H_
#define DKN_JOINT_FILTER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "dkn/export.h"
#include "dkn/image.h"
#include "dkn/precision.h"
#include "dkn/progress.h"

namespace dkn {

// The target as it was measured, at its own resolution, for methods that work on the samples
// themselves (joint bilateral upsampling, pyramids, sparse input).
struct MeasuredSamples {
  // The target's channels in [0, 1], as in FilterInput::target. Every value is finite: what was not
  // measured is filled. Empty: there are no samples but the target itself.
  ConstView values = {};
  // 1 channel of that size: 1 where the sample was measured, 0 in holes. Empty: all were.
  ConstView measured = {};
  // Sample (i, j) lies at (first_x + step_x * i, first_y + step_y * j) in pixels of the guide,
  // whose centres are at integers.
  float first_x = 0.0f;
  float first_y = 0.0f;
  float step_x = 1.0f;
  float step_y = 1.0f;
};

struct FilterInput {
  ConstView guide;   // 1 or 3 (R,G,B) channels, values in [0, 1]
  ConstView target;  // any number of channels, values in [0, 1], at the guide's size
  // How much of each pixel rests on measurements, in [0, 1]: 1 channel at the guide's size, the
  // same for all channels of the target. The target has values where it is 0 too. Empty: all are
  // measured. Methods that cannot use it ignore it.
  ConstView mask = {};
  MeasuredSamples samples = {};  // methods that work on the target alone ignore them
  bool confidence = false;       // asks for FilterOutput::support and confidence
  Progress progress = {};        // of this Apply, where the method takes long
};

struct FilterOutput {
  Image image;  // as large as the target, with as many channels; its memory is reused
  // Where they are asked for and the method has kernels to tell them by, 1 channel at the target's
  // size, values in [0, 1], of several channels the least; else empty.
  Image support;     // the share of the kernel's weights that lies on measured pixels (mask)
  Image confidence;  // support / (1 + spread of the kernel's samples / 0.01)
};

// What the frames of a session have in common.
struct FrameSize {
  int width = 0;
  int height = 0;
  int guide_channels = 3;
  int target_channels = 1;
  // Bytes that the caller holds for a frame beside its guide, target and result: where a method has
  // a bound of memory, they count against it.
  std::size_t beside = 0;
  bool operator==(const FrameSize&) const = default;
};

// A filter at work on frames of one size, of one thread at a time. Memory is taken once, by the end
// of the first frame, and what the method works out for the guide is kept while the guide stays.
// Several sessions of one filter share nothing that they would have to wait for.
class DKN_EXPORT FilterSession {
 public:
  FilterSession() = default;
  FilterSession(const FilterSession&) = delete;
  FilterSession& operator=(const FilterSession&) = delete;
  virtual ~FilterSession() = default;

  // The guide of the frames from now on. The view must remain valid, and its values must not
  // change, until the next SetGuide or the session's end. Throws Error where it is of another size
  // than the session or not finite; the guide before stays then.
  virtual void SetGuide(ConstView guide) = 0;

  // Filters a frame as JointFilter::Apply does, by the guide of SetGuide: `input.guide` is not
  // read. Throws Error before the first SetGuide, where the target is of another size than the
  // session, and as JointFilter::Apply does.
  virtual void Apply(const FilterInput& input, FilterOutput& output) = 0;

  // Whether the method sees by FilterInput::mask what is measured and makes of holes what it can:
  // filling them anew by its result (UpsampleOptions::hole_refinements) gains nothing then.
  virtual bool SeesHoles() const { return false; }
};

// A joint filter: the target's values, the guide's structure. Every method is one: the networks and
// the classical filters. Several threads may call Apply of one object at once, each with an output
// of its own.
class DKN_EXPORT JointFilter {
 public:
  JointFilter() = default;
  JointFilter(const JointFilter&) = delete;
  JointFilter& operator=(const JointFilter&) = delete;
  virtual ~JointFilter() = default;

  // Throws Error when `input` does not meet CheckFilterInput, or its progress ends the work, and
  // leaves `output` unspecified then. No image of `input` may be one of `output`: to filter a
  // result again, give it to another output.
  virtual void Apply(const FilterInput& input, FilterOutput& output) const = 0;

  // A session for frames of this size; the filter must outlive it. Throws Error as CheckFrameSize
  // does. A method that keeps nothing between frames has this one: it calls Apply with its guide.
  virtual std::unique_ptr<FilterSession> StartSession(const FrameSize& size) const;

  // Bytes that one Apply to frames of this size takes for its images and its work. Where a method
  // does not tell, four images like the guide. Throws Error as CheckFrameSize does.
  virtual std::size_t ApplyBytes(const FrameSize& size) const;

  // The least bound of memory, in bytes, that suffices for frames of this size, FrameSize::beside
  // included: ApplyBytes and that, but for methods that work in tiles. Throws Error as
  // CheckFrameSize does.
  virtual std::size_t LeastBytes(const FrameSize& size) const;

  // What the method computes its convolutions in; kFp32 for methods that have none.
  virtual Precision precision() const { return Precision::kFp32; }
};

// Throws Error unless guide and target are equal in size and not empty, the guide has 1 or 3
// channels, every value is finite, the mask, where there is one, has the target's size, 1 channel
// and values in [0, 1], and the samples, where there are some, are what MeasuredSamples says.
DKN_EXPORT void CheckFilterInput(const FilterInput& input);

// Throws Error unless sides are from 1 to 2^20, the guide has 1 or 3 channels and the target 1 or
// more.
DKN_EXPORT void CheckFrameSize(const FrameSize& size);

// What FilterSession::SetGuide and FilterSession::Apply throw for a session of this size, but that
// the latter does not see whether there was a guide.
DKN_EXPORT void CheckSessionGuide(ConstView guide, const FrameSize& size);
DKN_EXPORT void CheckSessionInput(const FilterInput& input, const FrameSize& size);

// Throws Error telling where the first value is that is NaN or Inf; `name` stands for the image.
DKN_EXPORT void CheckFinite(ConstView image, const std::string& name);

}  // namespace dkn

#endif  // DKN_JOINT_FILTER_H_
