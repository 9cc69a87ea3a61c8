#include "src/serve/frame_filter.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "src/core/in_context.h"
#include "src/core/number_text.h"
#include "src/dkn/stage_clock.h"
#include "src/imaging/holes.h"
#include "src/io/task_files.h"
#include "src/pipeline/placed_target.h"

namespace dkn::serve {
namespace {

using Clock = std::chrono::steady_clock;

double MillisecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// The options of `dkn upsample` for files or streams.
UpsamplerOptions UpsamplingOptions(const FilterSetup& setup, const ViewControls& controls) {
  FileTask task = setup.task;
  Apply(controls, setup.first_model, task.options);
  UpsamplerOptions options = OptionsOf(task, controls.confidence, false);
  options.may_be_empty = setup.may_be_empty;
  return options;
}

// 8 bits of what a filter sees, 1 or 3 channels: of most pictures they are what was read.
HeldFrame PictureOf(const HeldFrame& held) {
  const ConstFrame& guide = held.frame();
  if (guide.type == SampleType::kUint8 && (guide.channels == 1 || guide.channels == 3) &&
      guide.order == ChannelOrder::kRgb && !guide.planar && guide.row_stride == 0) {
    return held;
  }
  Image image = GuideOf(guide);
  float* const values = image.data();
  for (std::size_t i = 0; i < image.size(); ++i) {
    values[i] = std::round(255.0f * std::clamp(values[i], 0.0f, 1.0f));
  }
  return HeldFrame(FrameOf(image, SampleType::kUint8));
}

// A page has no half floats.
HeldFrame ShownResult(FrameBuffer image) {
  return image.type() == SampleType::kFloat16
             ? HeldFrame(FrameOf(ImageOf(image), SampleType::kFloat32))
             : HeldFrame(std::move(image));
}

PixelSize SizeOf(const ConstFrame& frame) {
  return {frame.width, frame.height};
}

// What one step of a 16-bit map is, for people; of others nobody knows.
std::string UnitOf(const ConstFrame& target, double step) {
  if (target.type != SampleType::kUint16 || target.channels != 1) {
    return "";
  }
  return step == 0.001 ? "mm" : "x " + DigitsText(1000.0 * step) + " mm";
}

Json JsonOf(const report::TapReading& tap) {
  return {{"x", tap.x},         {"y", tap.y},         {"weight", tap.weight},
          {"level", tap.level}, {"value", tap.value}, {"contribution", tap.contribution}};
}

}  // namespace

FrameFilter::FrameFilter(const FilterSetup& setup, const ViewControls& controls)
    : setup_(setup),
      controls_(controls),
      options_(UpsamplingOptions(setup, controls)),
      upsampler_(options_) {}

void FrameFilter::SetGuide(SourceFrame& frame) {
  InContext(frame.files.guide.empty() ? "the guide" : frame.files.guide,
            [&] { upsampler_.SetGuide(frame.guide.frame()); });
  guide_ = frame.guide;
  guide_picture_ = HeldFrame();
  AddGuideNote(frame.files.guide, upsampler_, frame.notes);
}

Image FrameFilter::MarkedInput(const SourceFrame& frame) const {
  const Image image = ImageOf(frame.target.frame());
  return MarkedInput(frame, image, MeaningOf(image, frame.target.frame().type, options_));
}

Image FrameFilter::MarkedInput(const SourceFrame& frame, ConstView image,
                               const ValueMeaning& meaning) const {
  const Image weights = MaskWeights(frame.mask.frame(), options_);
  Image marked = MarkHoles(image, meaning.invalid, weights);
  return options_.placement.cameras ? RegisteredTarget(marked, *options_.placement.cameras)
                                    : std::move(marked);
}

void FrameFilter::Describe(const SourceFrame& frame, const UpsampledFrame& result,
                           const ValueMeaning& meaning, Json& header) const {
  const ConstFrame& target = frame.target.frame();
  header["method"] = result.method;
  header["holes_percent"] =
      100.0 * result.holes / (static_cast<double>(target.width) * target.height);
  header["wild_values"] = result.wild_values;
  header["residual"] =
      options_.upsample.fidelity_iterations > 0 ? Json(result.residual) : Json(nullptr);
  header["unit"] = UnitOf(target, options_.step);
  const bool may_have_holes = !meaning.invalid.empty() || !frame.mask.empty() ||
                              options_.placement.place || options_.placement.cameras;
  header["hole"] = !IsInteger(target.type) || !may_have_holes ? Json(nullptr)
                                                              : Json(meaning.mark.value_or(0.0f));
  header["place"] = nullptr;
  if (options_.placement.place) {
    const Rectangle& place = *options_.placement.place;
    header["place"] = {place.x, place.y, place.width, place.height};
  }
}

std::shared_ptr<ShownFrame> FrameFilter::Filter(SourceFrame& frame) {
  inspection_.reset();
  const ConstFrame& target = frame.target.frame();
  const StageClock clock;
  const Clock::time_point begin = Clock::now();
  if (!guide_.IsSame(frame.guide)) {
    SetGuide(frame);
  }
  const double guide_ms = MillisecondsSince(begin);
  FrameNames names = frame.files;
  names.target = frame.name;
  AddShapeNote(names, SizeOf(guide_.frame()), SizeOf(target), options_.placement, frame.notes);
  UpsampledFrame result =
      InContext(frame.name, [&] { return upsampler_.Upsample(target, frame.mask.frame()); });
  const double all_ms = MillisecondsSince(begin);
  method_ = result.method;
  const double stream_ms = clock.Milliseconds(Stage::kGuide);
  const double network_ms = clock.Milliseconds(Stage::kTarget) + clock.Milliseconds(Stage::kHeads) +
                            clock.Milliseconds(Stage::kKernels);

  const auto shown = std::make_shared<ShownFrame>();
  const Image input = ImageOf(target);
  const ValueMeaning meaning = MeaningOf(input, target.type, options_);
  Describe(frame, result, meaning, shown->header);
  shown->header["ms"] = {{"guide", guide_ms + stream_ms},
                         {"network", network_ms},
                         {"other", std::max(0.0, all_ms - guide_ms - stream_ms - network_ms)}};
  if (guide_picture_.empty()) {
    guide_picture_ = PictureOf(guide_);
  }
  shown->guide = {"guide", guide_picture_};
  shown->planes.push_back(
      {"input", HeldFrame(FrameOf(MarkedInput(frame, input, meaning), SampleType::kFloat32))});
  shown->planes.push_back({"result", ShownResult(std::move(result.image))});
  if (!result.confidence.empty()) {
    shown->planes.push_back(
        {"confidence", HeldFrame(ConfidenceFrame(result.confidence, SampleType::kUint16))});
  }
  shown->header["ms"]["page"] = MillisecondsSince(begin) - all_ms;
  return shown;
}

const Model& FrameFilter::ModelOf(const std::string& method) {
  const auto known = models_.find(method);
  if (known != models_.end()) {
    return *known->second;
  }
  const std::string path = FindModelFile(method);
  if (path.empty()) {
    throw Error("'" + method + "' is no network: it has no learned kernels");
  }
  return *models_.emplace(method, Model::Load(path, options_.network)).first->second;
}

Json FrameFilter::KernelAt(const SourceFrame& frame, const Pixel& pixel) {
  if (method_.empty()) {
    throw Error("nothing was measured, so that no kernel was used");
  }
  if (options_.placement.place) {
    throw Error("kernels are shown of targets that cover the guide, without --place");
  }
  if (inspection_ == nullptr) {
    inspection_ = std::make_unique<report::Inspection>(GuideOf(frame.guide.frame()),
                                                       MarkedInput(frame), ModelOf(method_));
  }
  const report::PixelReading reading = inspection_->At(pixel.x, pixel.y);
  Json taps = Json::array();
  for (const report::TapReading& tap : reading.taps) {
    taps.push_back(JsonOf(tap));
  }
  return {{"x", reading.x},           {"y", reading.y},           {"model", method_},
          {"target", reading.target}, {"result", reading.result}, {"taps", std::move(taps)}};
}

}  // namespace dkn::serve
