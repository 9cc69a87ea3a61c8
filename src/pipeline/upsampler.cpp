#include "dkn/upsampler.h"

#include <algorithm>
#include <utility>

#include "dkn/error.h"
#include "dkn/joint_filter.h"
#include "src/core/progress_parts.h"
#include "src/core/size_text.h"
#include "src/imaging/guided_fill.h"
#include "src/imaging/holes.h"
#include "src/imaging/lone_values.h"
#include "src/imaging/noise_level.h"
#include "src/imaging/value_range.h"
#include "src/pipeline/check_options.h"
#include "src/pipeline/frame_bytes.h"
#include "src/pipeline/method_set.h"
#include "src/pipeline/own_guide.h"
#include "src/pipeline/placed_target.h"
#include "src/pipeline/sample_units.h"
#include "src/pipeline/session_upsample.h"
#include "src/pipeline/target_traits.h"

namespace dkn {
namespace {

constexpr std::size_t kMegabyte = 1'000'000;

// Throws Error for weights of a target that is moved into another view: they do not follow it.
void CheckHard(ConstView weights) {
  if (HasSoftWeight(weights)) {
    throw Error(
        "a soft mask for a target that cameras (--camera) move into the picture's view; "
        "expected a mask of 0 and 1, or mask_at_least (--mask-at-least)");
  }
}

// What a method that removes nothing but noise may change.
float NoiseLimit(ConstView target) {
  constexpr float kDeviations = 3.0f;
  constexpr float kShareOfRange = 0.002f;  // coarse steps of a sensor hide its noise
  const ValueRange range = FiniteRange(target);
  return std::max(kDeviations * NoiseLevel(target), kShareOfRange * (range.high - range.low));
}

}  // namespace

struct Upsampler::Impl {
  // A session of `filter` that knows this part of the guide, which has the size.
  FilterSession& SessionFor(const JointFilter& filter, ConstView part, const FrameSize& size) {
    if (session == nullptr || session_filter != &filter || !(session_size == size)) {
      FreeSession();  // before the next one takes its memory
      session = filter.StartSession(size);
      session_filter = &filter;
      session_size = size;
    }
    if (session_guide != part.data) {
      session->SetGuide(part);
      session_guide = part.data;
    }
    return *session;
  }

  void FreeSession() {
    session.reset();
    session_guide = nullptr;
  }

  FrameMemory MemoryOf(ConstView part, ConstView target_, ConstView measured,
                       ConstView weights) const {
    FrameMemory memory{guide, part, target_, measured, options.placement.cameras.has_value()};
    memory.masked = !weights.empty();
    memory.soft = !memory.registered && HasSoftWeight(weights);
    memory.holes = CountHoles(measured);
    memory.beside = frame_bytes + reserved;
    memory.next_guide = !next_guide.empty();
    return memory;
  }

  // Before a frame's holes are filled: throws where the bound does not suffice, and gives the
  // session's memory back where holes would take more than is left beside it.
  void MakeRoom(const JointFilter& filter, const FrameSize& size, const FrameMemory& memory) {
    const int megabytes = options.network.max_memory_mb;
    if (megabytes == 0) {
      return;
    }
    const std::size_t bound = static_cast<std::size_t>(megabytes) * kMegabyte;
    const std::size_t fill = BytesToFill(memory);
    const std::size_t least = std::max(filter.LeastBytes(size), fill);
    if (bound < least) {
      throw MemoryError("a bound of memory (--max-memory) of " + std::to_string(megabytes) +
                        " MB does not suffice for " + SizeText(memory.whole) +
                        ", which takes at least " + std::to_string(least / kMegabyte + 1) + " MB");
    }
    if (size.beside + filter.ApplyBytes(size) + fill > bound) {
      FreeSession();
    }
  }

  // The result in the target's unit, NaN for holes, and what filtered it. `target` has NaN for
  // holes; the others have these weights (UpsampleOptions::mask). Of a target that is its own guide
  // it is one of its iterations.
  Upsampled Filter(const Image& target, ConstView weights, std::string& used, int iteration = 0) {
    const ConstView whole = guide;
    if (options.may_be_empty && !HasValues(target)) {
      return NothingMeasured(whole, target, options.upsample.confidence);
    }
    UpsampleOptions how = options.upsample;
    how.limit_to_measured = limit_to_measured;
    how.mask = weights;
    how.soft_mask = true;
    Image registered;
    if (options.placement.cameras) {
      CheckHard(weights);
      how.mask = {};
      registered = RegisteredTarget(target, *options.placement.cameras);
      if (!HasValues(registered)) {
        if (options.may_be_empty) {
          return NothingMeasured(whole, registered, how.confidence);
        }
        throw Error(
            "nothing that the depth camera measured lies in the picture's view; expected "
            "depth_to_color of --camera in the unit of the depth map");
      }
    }
    const ConstView measured = options.placement.cameras ? registered : target;
    const ConstView part = PlaceOn(whole, options.placement);
    CheckUpsampling(part, measured, how);
    MethodSet::Method method = methods->For(
        methods->chooses() ? TraitsOf(whole, target, options.placement) : TargetTraits(),
        options.own_guide && !map);
    if (options.own_guide) {  // see FilterItself
      how.progress = PartOf(options.upsample.progress, iteration, how.iterations);
      how.iterations = 1;
    }
    const FrameMemory memory = MemoryOf(part, target, measured, weights);
    // Without a bound, frames with holes and without are for one session.
    const bool bounded = options.network.max_memory_mb != 0;
    const FrameSize size{part.width, part.height, part.channels, measured.channels,
                         bounded ? BytesBeside(memory, options) : 0};
    MakeRoom(method.filter, size, memory);
    if (method.only_noise) {
      how.most_change = NoiseLimit(measured);
      how.hole_refinements = 0;
    }
    if (options.own_guide) {
      GuideByTarget(measured, how.mask, type, map, own_range, guide);
      session_guide = nullptr;
    }
    Measurement measurement = FillMeasurement(part, Image::Clone(measured), how.mask);
    Upsampled result =
        UpsampleInSession(SessionFor(method.filter, part, size), part, std::move(measurement), how);
    SurroundByHoles(whole, options.placement, result);
    used = std::move(method.name);
    return result;
  }

  // Filter with the target as its own guide, in each iteration anew.
  Upsampled FilterItself(const Image& target, ConstView weights, std::string& used) {
    own_range.reset();
    Upsampled result = Filter(target, weights, used);
    for (int i = 1; i < options.upsample.iterations && !used.empty(); ++i) {
      Image last = std::move(result.image);
      KeepHoles(target, last);
      result = Filter(last, weights, used, i);
    }
    return result;
  }

  // Before a target of this size.
  void MakeOwnGuide(const ConstFrame& target) {
    CheckOwnGuide(target);
    guide.Reset(target.width, target.height, GuideChannels(target.channels));
  }

  UpsamplerOptions options;
  std::shared_ptr<MethodSet> methods;
  Image guide;
  Image next_guide;  // becomes the guide when it is known to be good
  std::string guide_note;
  Image target;                            // memory for the next frame
  SampleType type = SampleType::kFloat32;  // of the target
  bool limit_to_measured = false;
  bool map = false;                     // with own_guide: IsMap
  std::optional<GuideRange> own_range;  // with own_guide: of the first iteration
  std::size_t reserved = 0;             // Upsampler::Reserve
  std::size_t frame_bytes = 0;          // of the caller's target, mask and result
  std::unique_ptr<FilterSession> session;
  const JointFilter* session_filter = nullptr;
  FrameSize session_size;
  const float* session_guide = nullptr;  // where the guide begins that the session knows
};

Upsampler::Upsampler(UpsamplerOptions options) : impl_(std::make_unique<Impl>()) {
  CheckOptions(options);
  impl_->methods = std::make_shared<MethodSet>(options.method, options.network, options.settings,
                                               options.orientations);
  impl_->options = std::move(options);
}
Upsampler::Upsampler(UpsamplerOptions options, const JointFilter& filter)
    : impl_(std::make_unique<Impl>()) {
  CheckOptions(options);
  if (!options.method.empty()) {
    throw ArgumentError("a method, '" + options.method + "', beside a filter of the caller's");
  }
  if (options.orientations != 1) {
    throw ArgumentError(
        "orientations beside a filter of the caller's; AverageOrientations makes "
        "one of them of it");
  }
  impl_->methods = std::make_shared<MethodSet>(filter);
  impl_->options = std::move(options);
}
Upsampler::Upsampler(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Upsampler::Upsampler(Upsampler&&) noexcept = default;
Upsampler& Upsampler::operator=(Upsampler&&) noexcept = default;
Upsampler::~Upsampler() = default;

Upsampler Upsampler::Sibling() const {
  auto impl = std::make_unique<Impl>();
  impl->options = impl_->options;
  impl->methods = impl_->methods;
  impl->reserved = impl_->reserved;
  return Upsampler(std::move(impl));
}

void Upsampler::SetGuide(const ConstFrame& guide) {
  if (impl_->options.own_guide) {
    throw ArgumentError("a guide, where targets are their own guides");
  }
  ToGuide(guide, impl_->next_guide, &impl_->guide_note);
  std::swap(impl_->guide, impl_->next_guide);
  impl_->session_guide = nullptr;
}

const std::string& Upsampler::guide_note() const {
  return impl_->guide_note;
}

UpsampledFrame Upsampler::Upsample(const ConstFrame& target, const ConstFrame& mask) {
  CheckFrame(target, "target");
  if (impl_->options.own_guide) {
    impl_->MakeOwnGuide(target);
  }
  FrameBuffer image(ResultType(target.type), std::max(impl_->guide.width(), 1),
                    std::max(impl_->guide.height(), 1), target.channels);
  UpsampledFrame result = Upsample(target, mask, image);
  result.image = std::move(image);
  return result;
}

UpsampledFrame Upsampler::Upsample(const ConstFrame& target, const ConstFrame& mask,
                                   const Frame& out) {
  Impl& impl = *impl_;
  const UpsamplerOptions& options = impl.options;
  CheckFrame(target, "target");
  if (options.own_guide) {
    impl.MakeOwnGuide(target);
  }
  if (impl.guide.empty()) {
    throw ArgumentError("a target before its guide; call SetGuide first");
  }
  CheckFrame(out, "output");
  if (out.width != impl.guide.width() || out.height != impl.guide.height() ||
      out.channels != target.channels) {
    throw Error("the output is " + SizeText(out.width, out.height) + " with " +
                std::to_string(out.channels) + " channels, expected the guide's size, " +
                SizeText(impl.guide) + ", and the target's " + std::to_string(target.channels));
  }
  const SampleType type = ResultTypeFor(target.type, out.type);
  ToImage(target, impl.target);
  const ValueMeaning meaning = MeaningOf(impl.target, target.type, options);
  const Image weights = MaskWeights(mask, options);
  impl.type = target.type;
  impl.map = options.own_guide && IsMap(impl.target, target.type, meaning);
  MarkedTarget marked = MarkTarget(
      impl.target, meaning.invalid, weights,
      options.upsample.keep_wild_values || meaning.all_count || (options.own_guide && !impl.map));
  impl.target = std::move(marked.values);
  LoneValues lone =
      options.invalid_rule == InvalidRule::kNone ? LoneValues() : FindLoneValues(impl.target);
  if (!IsInteger(target.type) && IsInteger(type)) {
    CheckSteps(impl.target, options.step);
  }
  impl.frame_bytes =
      BytesOf(target) + BytesOf(mask) + BytesOf(out) + IterationBytes(target, options);
  impl.limit_to_measured = IsInteger(target.type) || IsInteger(type);
  std::string method;
  Upsampled upsampled = options.own_guide ? impl.FilterItself(impl.target, weights, method)
                                          : impl.Filter(impl.target, weights, method);
  ConvertResult(target.type, type, meaning, options.step, upsampled.image);
  ToFrame(upsampled.image, out);
  return {FrameBuffer(),
          std::move(upsampled.confidence),
          std::move(upsampled.mask),
          upsampled.residual,
          upsampled.holes,
          marked.wild.pixels,
          marked.wild.farthest,
          std::move(method),
          meaning.zero_holes,
          meaning.zero_values,
          std::move(lone.values),
          lone.pixels};
}

SampleType Upsampler::ResultType(SampleType target) const {
  return ResultTypeFor(target, impl_->options.result_type);
}

std::size_t Upsampler::FrameBytes(const ConstFrame& guide, const ConstFrame& target,
                                  const ConstFrame& mask) {
  const auto size_of = [](const ConstFrame& frame, int channels) {
    ConstView view;
    view.width = frame.width;
    view.height = frame.height;
    view.channels = channels;
    return view;
  };
  const Placement& placement = impl_->options.placement;
  FrameMemory memory;
  memory.whole = size_of(guide, GuideChannels(guide.channels));
  memory.part = PlaceOn(memory.whole, placement);
  memory.target = memory.measured = size_of(target, target.channels);
  memory.registered = placement.cameras.has_value();
  if (placement.cameras) {
    const Intrinsics view = RegisteredCamera(placement.cameras->depth, placement.cameras->color);
    memory.measured.width = view.width;
    memory.measured.height = view.height;
  }
  memory.masked = mask.data != nullptr;
  memory.soft = memory.masked && !memory.registered && !impl_->options.mask_at_least &&
                (impl_->options.upsample.soft_mask || !IsInteger(mask.type));
  memory.holes = static_cast<std::size_t>(memory.measured.width) *
                 static_cast<std::size_t>(memory.measured.height);
  memory.beside = BytesOf(target) + BytesOf(mask) + IterationBytes(target, impl_->options) +
                  SampleBytes(SampleType::kFloat32) * static_cast<std::size_t>(target.channels) *
                      static_cast<std::size_t>(guide.width) *
                      static_cast<std::size_t>(guide.height);
  const double scale = UpsamplingScale(memory.whole, memory.target, placement);
  const FrameSize size{memory.part.width, memory.part.height, memory.part.channels, target.channels,
                       BytesBeside(memory, impl_->options)};
  return impl_->methods->ApplyBytes(scale, size, impl_->options.own_guide) + size.beside +
         FillBytes(memory.measured.width, memory.measured.height, memory.whole.channels,
                   memory.holes);
}

void Upsampler::Reserve(std::size_t bytes) {
  impl_->reserved = bytes;
}

void Upsampler::FreeMemory() {
  impl_->FreeSession();
  impl_->target = Image();
  impl_->next_guide = Image();
}

std::vector<MethodChoice> Upsampler::choices() const {
  return impl_->methods->choices();
}

const UpsamplerOptions& Upsampler::options() const {
  return impl_->options;
}

}  // namespace dkn
