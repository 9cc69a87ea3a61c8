#ifndef DKN_UPSAMPLER_H_
#define DKN_UPSAMPLER_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dkn/export.h"
#include "dkn/frame.h"
#include "dkn/image.h"
#include "dkn/invalid_values.h"
#include "dkn/placement.h"
#include "dkn/registry.h"
#include "dkn/upsample.h"

namespace dkn {

// Which value stands for a hole in targets and results, beside NaN and infinity.
enum class InvalidRule {
  // 0 of integers that seem to be depth or the like: one channel of 16 bits with many values, or of
  // values up to 255 that are many and far from 0. Of pictures, masks, scores and labels, which
  // several channels or few values tell, none, as by kNone; nor of floats.
  kByType,
  kNone,   // none: every value counts, wild ones too
  kValue,  // UpsamplerOptions::invalid
};

// The defaults are those of `dkn upsample`.
struct UpsamplerOptions {
  // A method, a shipped model or a model file, as for CreateFilter. Empty: what fits the ratio of
  // sizes and what the target is (ChooseUpsamplingMethod).
  std::string method = "";
  // Of networks; a method that is chosen by the ratio and is none goes without.
  // Its bound of memory is for all that the Upsampler holds for a frame, the caller's target, mask
  // and result and Reserve's bytes included; MemoryError names the least where it does not suffice.
  NetworkOptions network = {.precision = std::nullopt};
  FilterSettings settings = {};  // of the method's parameters, as for CreateFilter
  int orientations = 1;          // in which a frame is filtered: AverageOrientations
  InvalidRule invalid_rule = InvalidRule::kByType;
  // Of kValue; single ones, of an integer target, are integers that its type holds. Without a
  // mark() holes of results are 0 of integers, and no other pixel is.
  InvalidValues invalid = 0.0f;
  // Pixels of a mask below this are holes, all others are measured: of sensors that tell confidence
  // in steps, for instance 2 of 0, 1 and 2. None: those of 0 are holes.
  std::optional<float> mask_at_least = std::nullopt;
  // But for `invalid`, `mask` and `limit_to_measured`, which are the Upsampler's to say: results in
  // integers are limited to what was measured. With InvalidRule::kNone wild values are kept.
  // With `soft_mask` the weights of integer masks are shares of their type's largest value; masks
  // of floats are soft anyway without mask_at_least.
  UpsampleOptions upsample = {};
  Placement placement = {};
  // Each target is its own guide and loses its texture or noise; in each iteration (of `upsample`)
  // what it became is guide and target. There is no other guide, and no placement. A map's guide is
  // its values from the smallest measured one, 0, to the largest, 1; a picture's is that of
  // ToGuide, and its values are never wild. Without a method it is kTextureMethod of pictures, and
  // of maps what other targets of their guides' size have. `dkn filter` of what is GUIDE and
  // TARGET, and RemoveFrameTexture.
  bool own_guide = false;
  // The type of results. None: the target's. Between uint16 and floats the unit changes too, see
  // `step`; between other types values stay as they are, and floats do not become uint8.
  std::optional<SampleType> result_type = std::nullopt;
  // Metres that one step of 16-bit integers is: uint16 becomes float metres, with NaN for holes,
  // float metres become uint16, with 0 for holes and, unless the rule is kNone, for nothing else.
  double step = 0.001;
  // A target without any measurement (in the guide's view) gives a result of holes, with confidence
  // 0, instead of an Error: a sensor that saw nothing for a moment does not end a stream.
  // Then 0 of 16 bits in one channel is a hole by InvalidRule::kByType, whatever the other values
  // are.
  bool may_be_empty = false;
};

// A result; images have the guide's size.
struct UpsampledFrame {
  FrameBuffer image;      // the target's channels, in UpsamplerOptions::result_type
  Image confidence;       // on request: Upsampled::confidence
  Image mask;             // Upsampled::mask: how much of each pixel rests on measurements
  double residual = 0.0;  // Upsampled::residual, in the target's unit
  int holes = 0;  // pixels of the target without measurement; of registered depth, in the view
  int wild_values = 0;         // Upsampled::wild_values; of registered depth, before that
  float wildest_value = 0.0f;  // Upsampled::wildest_value
  std::string method;          // what filtered it; empty where nothing was measured (may_be_empty)
  // What the target was taken for, told by no option. Pixels of 0 that are holes by
  // InvalidRule::kByType, and those that are values by it though they have 16 bits and one channel.
  int zero_holes = 0;
  int zero_values = 0;
  // Values of a map that count as measured and seem to stand for no measurement: each the smallest
  // or the largest, of at least 0.1 % of the pixels, and by at least 2 % of the others' range apart
  // from them; at most 4, the smaller first. None by InvalidRule::kNone.
  std::vector<float> lone_values = {};
  int lone_pixels = 0;  // that have one of them
};

// What was chosen for frames of a ratio.
struct MethodChoice {
  std::string method;
  std::string reason;  // one line, empty where it is the usual one
  double scale = 0.0;  // of the first such frame: pixels of the guide for one of the target
};

// From a camera's frame to a sharp one. What `dkn upsample` does to a file, for programs: types,
// units, holes, limits, the choice of a method, registration and placement are decided here and
// nowhere else. It owns the method, the options and the memory: frames of one size take their
// memory once, and while the guide stays, the method's work for it is not repeated. Of one thread
// at a time; for others there is Sibling.
//
//   dkn::Upsampler upsampler;
//   upsampler.SetGuide(rgb);                                   // a dkn::Frame, or a cv::Mat's
//   const dkn::UpsampledFrame sharp = upsampler.Upsample(depth);
class DKN_EXPORT Upsampler {
 public:
  // Throws Error where options contradict each other, and where the method cannot be made; one that
  // the ratio decides is made with the first frame.
  explicit Upsampler(UpsamplerOptions options = {});
  // By a filter of the caller's, which must outlive it and its siblings; the options' method must
  // be empty and orientations 1, and their network is not used.
  Upsampler(UpsamplerOptions options, const JointFilter& filter);
  Upsampler(Upsampler&&) noexcept;
  Upsampler& operator=(Upsampler&&) noexcept;
  ~Upsampler();

  // One more for another thread: the same options and methods, memory and guide of its own.
  Upsampler Sibling() const;

  // The guide of the frames from now on: what GuideOf makes of the frame, which is copied. Throws
  // Error as that does; the guide before stays then. Not with UpsamplerOptions::own_guide.
  void SetGuide(const ConstFrame& guide);
  // What GuideOf notes of it: one line where its values were brought into another range, else
  // empty.
  const std::string& guide_note() const;

  // The target at the guide's size and with its structure. A target has any number of channels, any
  // unit, and is no larger than the guide in each direction; a pixel is a hole in all channels
  // where it is one in some. `mask` is 0 where the target has holes too, or tells by mask_at_least
  // and soft_mask: one channel of its size, of any type; without data: there is none. Throws Error
  // before the first SetGuide and as UpsampleFrame and RegisterDepth do, where a converted value
  // does not fit its type or all values are lost in its steps, and MemoryError where the bound of
  // memory does not suffice.
  UpsampledFrame Upsample(const ConstFrame& target, const ConstFrame& mask = {});

  // The same into memory of the caller, which has the guide's size, the target's channels and a
  // type that ResultType(target) allows: the returned image is empty. Nothing is written on
  // failure.
  UpsampledFrame Upsample(const ConstFrame& target, const ConstFrame& mask, const Frame& out);

  // Of results for targets of this type. Throws Error where result_type does not suit it.
  SampleType ResultType(SampleType target) const;

  // Bytes that a frame takes at most, target, mask, result and the guide that SetGuide keeps
  // included, on all of the thread's threads, without a bound of memory.
  std::size_t FrameBytes(const ConstFrame& guide, const ConstFrame& target,
                         const ConstFrame& mask = {});

  // Bytes that the program takes beside frames, 0 at first: they count against the bound of memory.
  void Reserve(std::size_t bytes);

  // Gives the memory back that frames have left; the guide stays.
  void FreeMemory();

  // What the ratio has chosen so far, for this one and its siblings, smaller ratios first.
  std::vector<MethodChoice> choices() const;

  const UpsamplerOptions& options() const;

 private:
  struct DKN_HIDDEN Impl;
  explicit Upsampler(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dkn

#endif  // DKN_UPSAMPLER_H_
