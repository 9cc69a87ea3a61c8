#include "dkn/upsampler.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "dkn/error.h"
#include "dkn/joint_filter.h"
#include "src/core/size_text.h"
#include "src/imaging/holes.h"
#include "src/imaging/noise_level.h"
#include "src/imaging/value_range.h"
#include "src/pipeline/placed_target.h"
#include "src/pipeline/sample_units.h"
#include "src/pipeline/session_upsample.h"

namespace dkn {
namespace {

// The methods that frames ask for, each made once, of any number of threads.
class MethodSet {
 public:
  MethodSet(std::string method, NetworkOptions network, const FilterSettings& settings)
      : method_(std::move(method)), network_(std::move(network)) {
    if (!method_.empty()) {
      filters_[method_] = CreateFilter(method_, network_, settings);
    }
  }

  struct Method {
    const JointFilter& filter;
    std::string name;
    bool only_noise = false;  // ChosenMethod::only_noise
  };
  Method For(double scale) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!method_.empty()) {
      return {*filters_[method_], method_};
    }
    ChosenMethod chosen = ChooseUpsamplingMethod(scale);
    if (filters_[chosen.name] == nullptr) {
      const bool network = !FindModelFile(chosen.name).empty();
      filters_[chosen.name] = CreateFilter(chosen.name, network ? network_ : NetworkOptions{});
      choices_.push_back({chosen.name, std::move(chosen.reason), scale});
    }
    return {*filters_[chosen.name], chosen.name, chosen.only_noise};
  }

  std::vector<MethodChoice> choices() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<MethodChoice> choices = choices_;
    std::sort(choices.begin(), choices.end(),
              [](const MethodChoice& a, const MethodChoice& b) { return a.scale < b.scale; });
    return choices;
  }

 private:
  const std::string method_;  // empty: chosen by the ratio
  const NetworkOptions network_;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<JointFilter>> filters_;  // by name
  std::vector<MethodChoice> choices_;
};

void CheckOptions(const UpsamplerOptions& options) {
  if (!(options.step > 0.0)) {
    throw ArgumentError("a step (--scale) of " + std::to_string(options.step) +
                        " metres, expected more than 0");
  }
  if (options.upsample.invalid || !options.upsample.mask.empty()) {
    throw ArgumentError(
        "UpsampleOptions::invalid and mask are for UpsampleFrame; an Upsampler has "
        "UpsamplerOptions::invalid_rule, and a mask with each frame");
  }
  if (options.method.empty() && !options.settings.empty()) {
    throw ArgumentError("the parameter " + options.settings.begin()->first +
                        " (--set) is set, and no method named (--model) that has it");
  }
  if (options.placement.cameras && options.placement.place) {
    throw ArgumentError("a target has either cameras or a place, not both");
  }
}

// What a method that removes nothing but noise may change.
float NoiseLimit(ConstView target) {
  constexpr float kDeviations = 3.0f;
  constexpr float kShareOfRange = 0.002f;  // coarse steps of a sensor hide its noise
  const ValueRange range = FiniteRange(target);
  return std::max(kDeviations * NoiseLevel(target), kShareOfRange * (range.high - range.low));
}

// 1 channel; empty where there is none.
Image MaskImage(const ConstFrame& mask) {
  return mask.data == nullptr ? Image() : ImageOf(mask);
}

}  // namespace

struct Upsampler::Impl {
  // A session of `filter` that knows this part of the guide.
  FilterSession& SessionFor(const JointFilter& filter, ConstView part, int channels) {
    const FrameSize size{part.width, part.height, part.channels, channels};
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

  // The result in the target's unit, NaN for holes, and what filtered it. `target` has NaN for
  // holes.
  Upsampled Filter(const Image& target, std::string& used) {
    const ConstView whole = guide;
    if (options.may_be_empty && !HasValues(target)) {
      return NothingMeasured(whole, target, options.upsample.confidence);
    }
    MethodSet::Method method = methods->For(UpsamplingScale(whole, target, options.placement));
    UpsampleOptions how = options.upsample;
    how.limit_to_measured = limit_to_measured;
    Image registered;
    if (options.placement.cameras) {
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
    if (method.only_noise) {
      how.most_change = NoiseLimit(measured);
      how.hole_refinements = 0;
    }
    Upsampled result =
        UpsampleInSession(SessionFor(method.filter, part, measured.channels), part, measured, how);
    SurroundByHoles(whole, options.placement, result);
    used = std::move(method.name);
    return result;
  }

  UpsamplerOptions options;
  std::shared_ptr<MethodSet> methods;
  Image guide;
  Image next_guide;  // becomes the guide when it is known to be good
  Image target;      // memory for the next frame
  bool limit_to_measured = false;
  std::unique_ptr<FilterSession> session;
  const JointFilter* session_filter = nullptr;
  FrameSize session_size;
  const float* session_guide = nullptr;  // where the guide begins that the session knows
};

Upsampler::Upsampler(UpsamplerOptions options) : impl_(std::make_unique<Impl>()) {
  CheckOptions(options);
  impl_->methods = std::make_shared<MethodSet>(options.method, options.network, options.settings);
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
  return Upsampler(std::move(impl));
}

void Upsampler::SetGuide(const ConstFrame& guide) {
  ToGuide(guide, impl_->next_guide);
  std::swap(impl_->guide, impl_->next_guide);
  impl_->session_guide = nullptr;
}

UpsampledFrame Upsampler::Upsample(const ConstFrame& target, const ConstFrame& mask) {
  CheckFrame(target, "target");
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
  if (impl.guide.empty()) {
    throw ArgumentError("a target before its guide; call SetGuide first");
  }
  CheckFrame(target, "target");
  CheckFrame(out, "output");
  if (out.width != impl.guide.width() || out.height != impl.guide.height() ||
      out.channels != target.channels) {
    throw Error("the output is " + SizeText(out.width, out.height) + " with " +
                std::to_string(out.channels) + " channels, expected the guide's size, " +
                SizeText(impl.guide) + ", and the target's " + std::to_string(target.channels));
  }
  const SampleType type = ResultTypeFor(target.type, out.type);
  ToImage(target, impl.target);
  MarkedTarget marked =
      MarkTarget(impl.target, InvalidValue(options.invalid_rule, options.invalid, target.type),
                 MaskImage(mask),
                 options.upsample.keep_wild_values || options.invalid_rule == InvalidRule::kNone);
  impl.target = std::move(marked.values);
  impl.limit_to_measured = IsInteger(target.type) || IsInteger(type);
  std::string method;
  Upsampled upsampled = impl.Filter(impl.target, method);
  ConvertResult(target.type, type, options, upsampled.image);
  ToFrame(upsampled.image, out);
  return {FrameBuffer(),
          std::move(upsampled.confidence),
          std::move(upsampled.mask),
          upsampled.residual,
          upsampled.holes,
          marked.wild.pixels,
          marked.wild.farthest,
          std::move(method)};
}

SampleType Upsampler::ResultType(SampleType target) const {
  return ResultTypeFor(target, impl_->options.result_type);
}

std::size_t Upsampler::FrameBytes(const ConstFrame& guide, const ConstFrame& target) {
  const auto size_of = [](const ConstFrame& frame, int channels) {
    ConstView view;
    view.width = frame.width;
    view.height = frame.height;
    view.channels = channels;
    return view;
  };
  const ConstView whole = size_of(guide, GuideChannels(guide.channels));
  const double scale =
      UpsamplingScale(whole, size_of(target, target.channels), impl_->options.placement);
  const ConstView part = PlaceOn(whole, impl_->options.placement);
  return impl_->methods->For(scale).filter.ApplyBytes(
      {part.width, part.height, part.channels, target.channels});
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
