#include "web/wasm/page_kernels.h"

#include <algorithm>
#include <utility>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "src/core/size_text.h"
#include "src/dkn/layers.h"
#include "src/dkn/plain_kernel.h"
#include "src/pipeline/sample_units.h"
#include "src/pipeline/session_upsample.h"

namespace dkn {

PageKernels::PageKernels(const ConstFrame& guide, const ConstFrame& target, const ConstFrame& mask,
                         const UpsamplerOptions& options, const std::string& model)
    : options_(options), model_name_(model), guide_(GuideOf(guide)) {
  if (target.channels != 1) {
    throw Error("the target has " + std::to_string(target.channels) +
                " channels: each has kernels of its own");
  }
  const Image values = ImageOf(target);
  const ValueMeaning meaning = MeaningOf(values, target.type, options);
  const Image weights = MaskWeights(mask, options);
  MarkedTarget marked = MarkTarget(values, meaning.invalid, weights,
                                   options.upsample.keep_wild_values || meaning.all_count);
  measurement_ = FillMeasurement(guide_, std::move(marked.values), weights);
}

// As Upsampler and UpsampleInSession do, up to the network's last run.
void PageKernels::Prepare() {
  const ValueRange range = FiniteRange(measurement_.values);
  if (!(range.low < range.high)) {
    throw Error("the target has one value everywhere: it is returned as it is, by no kernel");
  }
  std::unique_ptr<Model> model = LoadModel(model_name_, options_.network);
  const UpsampleOptions& how = options_.upsample;
  const ConstView guide = guide_;
  const auto session = model->StartSession({guide.width, guide.height, guide.channels, 1});
  if (!measurement_.measured.empty() && !session->SeesHoles() && how.hole_refinements > 0) {
    session->SetGuide(guide);
    FilterMeasurement(
        *session, guide, measurement_, range,
        {.up = how.resampler, .down = how.shrinking, .hole_refinements = how.hole_refinements});
  }
  mask_ = MaskOf(measurement_, guide.width, guide.height);
  target_ = Resize(measurement_.values, guide.width, guide.height, how.resampler);
  Normalize(target_, range, target_);
  samples_ = Image(measurement_.values.width(), measurement_.values.height());
  Normalize(measurement_.values, range, samples_);
  model_ = std::move(model);
}

PixelKernel PageKernels::At(int x, int y) {
  if (x < 0 || y < 0 || x >= guide_.width() || y >= guide_.height()) {
    throw Error("the pixel x = " + std::to_string(x) + ", y = " + std::to_string(y) +
                " is outside the guide, " + SizeText(guide_));
  }
  if (model_ == nullptr) {
    Prepare();
  }
  // Around the pixel's block what it sees, as far as the image goes.
  const int margin = kResampling * FootprintOf(model_->architecture()).before;
  const auto first = [margin](int at) {
    return std::max(at / kResampling * kResampling - margin, 0);
  };
  const auto length = [margin](int at, int from, int size) {
    return std::min((at / kResampling + 1) * kResampling + margin, size) - from;
  };
  const int left = first(x);
  const int top = first(y);
  const int width = length(x, left, guide_.width());
  const int height = length(y, top, guide_.height());
  const auto part = [&](const Image& image) {
    return image.empty() ? ConstView() : image.view().Crop(left, top, width, height);
  };
  const Kernels kernels =
      model_->ComputeKernels({part(guide_), part(target_), part(mask_),
                              SamplesOf(samples_, measurement_.measured, guide_)});
  const SamplingGrid<float> grid(model_->architecture());
  PixelKernel kernel;
  for (int tap = 0; tap < kernels.weights.channels(); ++tap) {
    kernel.x.push_back(static_cast<float>(x) + kernels.positions(x - left, y - top, 2 * tap));
    kernel.y.push_back(static_cast<float>(y) + kernels.positions(x - left, y - top, 2 * tap + 1));
    kernel.weight.push_back(kernels.weights(x - left, y - top, tap));
    kernel.level.push_back(grid.Level(tap));
  }
  return kernel;
}

}  // namespace dkn
