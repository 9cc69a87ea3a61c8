#include "dkn/model.h"

#include <omp.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/in_context.h"
#include "src/dkn/architecture.h"
#include "src/dkn/execution.h"
#include "src/dkn/layers.h"
#include "src/dkn/model_workspace.h"
#include "src/dkn/stream_weights.h"
#include "src/dkn/tiling.h"
#include "src/net/safetensors.h"

namespace dkn {
namespace {

// The spread of a kernel's samples, of values in [0, 1], at which its result counts half: near what
// the error of 8x upsampling amounts to.
constexpr float kHalvingSpread = 0.01f;

std::int64_t CountParameters(const Architecture& architecture) {
  std::int64_t count = 0;
  for (const Stream stream : Streams(architecture)) {
    for (const Layer& layer : Layers(architecture, stream)) {
      const std::int64_t batch_norm = layer.batch_norm ? 2 * layer.out : 0;
      count +=
          std::int64_t{layer.in} * layer.out * layer.kernel * layer.kernel + layer.out + batch_norm;
    }
  }
  return count;
}

Precision ChosenPrecision(const std::map<std::string, std::string>& metadata,
                          const NetworkOptions& options) {
  if (options.precision) {
    return SupportedPrecision(*options.precision);
  }
  for (const Precision precision : {Precision::kInt8, Precision::kBf16}) {  // the fastest first
    const auto change = metadata.find(RmseChangeName(precision));
    if (SupportedPrecision(precision) == precision && change != metadata.end()) {
      std::istringstream text(change->second);
      double percent = 0.0;
      if (!(text >> percent) || !text.eof()) {
        throw Error(change->first + " is no number");
      }
      if (percent <= options.max_rmse_change_percent) {
        return precision;
      }
    }
  }
  return Precision::kFp32;
}

// Of reports of each channel: the worst of them.
void SetConfidence(const Image& support, const Image& spread, FilterOutput& output) {
  const std::size_t pixels = support.size() / static_cast<std::size_t>(support.channels());
  output.support.Reset(support.width(), support.height());
  output.confidence.Reset(support.width(), support.height());
  for (std::size_t i = 0; i < pixels; ++i) {
    float least = 1.0f;
    float widest = 0.0f;
    for (std::size_t at = i; at < support.size(); at += pixels) {
      least = std::min(least, support.data()[at]);
      widest = std::max(widest, spread.data()[at]);
    }
    output.support.data()[i] = least;
    output.confidence.data()[i] = least / (1.0f + widest / kHalvingSpread);
  }
}

FrameSize SizeOf(ConstView guide, ConstView target) {
  return {target.width, target.height, guide.channels, target.channels};
}

// Sizes of frames, and the number of threads that a workspace is prepared for.
WorkspaceKey KeyOf(const FrameSize& size) {
  return {size.width, size.height, size.guide_channels, size.target_channels,
          omp_get_max_threads()};
}

}  // namespace

std::string RmseChangeName(Precision precision) {
  return "rmse_change_percent_" + PrecisionName(precision);
}

struct Model::Impl {
  Impl(const TensorFile& file, const Architecture& a, const NetworkOptions& options)
      : architecture(a),
        precision(ChosenPrecision(file.metadata, options)),
        max_memory_mb(options.max_memory_mb),
        metadata(file.metadata),
        execution(MakeExecution(file, a, precision)) {}

  std::unique_ptr<Workspace> MakeWorkspace(const WorkspaceKey& key) const {
    const int width = key.width + PaddingTo(key.width);
    const int height = key.height + PaddingTo(key.height);
    return std::make_unique<Workspace>(*execution, architecture, TilingFor(key, width, height));
  }

  // Of the work on one tile; sides are multiples of 4.
  std::size_t TileBytes(int width, int height) const {
    const auto out =
        static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * sizeof(float);
    return execution->WorkspaceBytes(width, height) + out;
  }

  // Of guide, target and result, padded to this size.
  static std::size_t ImageBytes(const WorkspaceKey& key, int width, int height) {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * sizeof(float) *
           static_cast<std::size_t>(key.guide_channels + 2 * key.target_channels);
  }

  Tiling TilingFor(const WorkspaceKey& key, int width, int height) const {
    if (max_memory_mb == 0) {
      return {width, height, {{0, 0, 0, 0, width, height}}};
    }
    const std::size_t bound = static_cast<std::size_t>(max_memory_mb) * 1'000'000;
    const std::size_t images = ImageBytes(key, width, height);
    return ChooseTiling(width, height, TileMargin(architecture), bound - std::min(bound, images),
                        [this](int w, int h) { return TileBytes(w, h); });
  }

  Architecture architecture;
  Precision precision;
  int max_memory_mb;
  std::map<std::string, std::string> metadata;
  std::unique_ptr<const Execution> execution;
};

class Model::Session : public FilterSession {
 public:
  Session(const Impl& model, const FrameSize& size) : model_(model), size_(size) { FitToThreads(); }

  void SetGuide(ConstView guide) override {
    CheckSessionGuide(guide, size_);
    TakeGuide(guide);
  }

  void Apply(const FilterInput& input, FilterOutput& output) override {
    if (guide_.empty()) {
      throw Error("a frame before its guide; call SetGuide first");
    }
    CheckSessionInput(input, size_);
    Filter(input, output);
  }

  // As SetGuide and Apply, for what is checked already.
  void TakeGuide(ConstView guide) {
    FitToThreads();
    guide_ = guide;
    workspace_->SetGuide(guide);
  }
  void Filter(const FilterInput& input, FilterOutput& output) {
    if (FitToThreads()) {
      workspace_->SetGuide(guide_);
    }
    const ConstView& target = input.target;
    output.image.Reset(target.width, target.height, target.channels);
    if (!input.confidence) {
      output.support.Reset(0, 0, 0);
      output.confidence.Reset(0, 0, 0);
      workspace_->Filter(target, output.image);
      return;
    }
    support_.Reset(target.width, target.height, target.channels);
    spread_.Reset(target.width, target.height, target.channels);
    workspace_->Filter(target, output.image, {input.mask, support_, spread_});
    SetConfidence(support_, spread_, output);
  }

 private:
  // A workspace is for as many threads as there were when it was made. True where it is a new one.
  bool FitToThreads() {
    if (threads_ == omp_get_max_threads()) {
      return false;
    }
    threads_ = 0;  // in case that the new one cannot be made
    workspace_.reset();
    workspace_ = model_.MakeWorkspace(KeyOf(size_));
    threads_ = omp_get_max_threads();
    return true;
  }

  const Impl& model_;
  const FrameSize size_;
  int threads_ = 0;
  std::unique_ptr<Workspace> workspace_;
  ConstView guide_;
  Image support_;  // of each channel of the target
  Image spread_;
};

Model::Model(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Model::~Model() = default;

std::unique_ptr<Model> Model::Load(const std::string& path, const NetworkOptions& options) {
  return MakingMethod([&] {
    const TensorFile file = ReadSafetensors(path);
    return InContext(path, [&] {
      const Architecture architecture =
          options.architecture ? *options.architecture : FromFields(file.metadata);
      RefuseUnknownTensors(file, architecture);
      return std::unique_ptr<Model>(new Model(std::make_unique<Impl>(file, architecture, options)));
    });
  });
}

void Model::Apply(const FilterInput& input, FilterOutput& output) const {
  CheckFilterInput(input);
  Session session(*impl_, SizeOf(input.guide, input.target));
  session.TakeGuide(input.guide);
  session.Filter(input, output);
}

std::unique_ptr<FilterSession> Model::StartSession(const FrameSize& size) const {
  CheckFrameSize(size);
  return std::make_unique<Session>(*impl_, size);
}

Kernels Model::ComputeKernels(ConstView guide, ConstView target) const {
  CheckFilterInput({guide, target});
  if (target.channels != 1) {
    throw Error("kernels are those of one channel, the target has " +
                std::to_string(target.channels));
  }
  const int k = impl_->architecture.kernel_size;
  Kernels kernels{k, Image(target.width, target.height, k * k),
                  Image(target.width, target.height, 2 * k * k)};
  const auto workspace = impl_->MakeWorkspace(KeyOf(SizeOf(guide, target)));
  workspace->SetGuide(guide);
  workspace->ComputeKernels(target, kernels);
  return kernels;
}

std::size_t Model::ApplyBytes(const FrameSize& size) const {
  CheckFrameSize(size);
  const int width = size.width + PaddingTo(size.width);
  const int height = size.height + PaddingTo(size.height);
  const WorkspaceKey key{width, height, size.guide_channels, size.target_channels,
                         omp_get_max_threads()};
  return impl_->TileBytes(width, height) + Impl::ImageBytes(key, width, height);
}

const Architecture& Model::architecture() const {
  return impl_->architecture;
}
Precision Model::precision() const {
  return impl_->precision;
}
const std::map<std::string, std::string>& Model::metadata() const {
  return impl_->metadata;
}
std::int64_t Model::parameter_count() const {
  return CountParameters(impl_->architecture);
}

}  // namespace dkn
