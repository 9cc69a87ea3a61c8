#include "dkn/model.h"

#include <omp.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/in_context.h"
#include "src/core/size_text.h"
#include "src/dkn/architecture.h"
#include "src/dkn/execution.h"
#include "src/dkn/layers.h"
#include "src/dkn/model_workspace.h"
#include "src/dkn/stream_weights.h"
#include "src/dkn/tiling.h"
#include "src/dkn/workspace_pool.h"
#include "src/net/safetensors.h"

namespace dkn {
namespace {

constexpr int kMaxFrameSide = 1 << 20;
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
                          const ModelOptions& options) {
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
void SetConfidence(Image support, Image spread, FilterOutput& output) {
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

void CheckFrameSize(const FrameSize& size) {
  if (size.width < 1 || size.height < 1 || size.width > kMaxFrameSide ||
      size.height > kMaxFrameSide || size.target_channels < 1 ||
      (size.guide_channels != 1 && size.guide_channels != 3)) {
    throw Error("frames of " + SizeText(size.width, size.height) + " with " +
                std::to_string(size.guide_channels) + " and " +
                std::to_string(size.target_channels) + " channels; expected sides from 1 to " +
                std::to_string(kMaxFrameSide) +
                ", a guide of 1 or 3 channels and a target of 1 or more");
  }
}

void CheckFrame(ConstView frame, int width, int height, int channels, const std::string& name) {
  if (frame.width != width || frame.height != height || frame.channels != channels) {
    throw Error("the " + name + " is " + SizeText(frame) + " with " +
                std::to_string(frame.channels) + " channels, the stream's frames are " +
                SizeText(width, height) + " with " + std::to_string(channels));
  }
}

// A workspace that knows its guide, on the way from one Apply to the next.
struct KeptWorkspace : KeptWork {
  std::shared_ptr<const Execution> execution;  // what the workspace is one of
  WorkspaceKey key;
  const float* guide;
  std::unique_ptr<Workspace> workspace;
};

}  // namespace

std::string RmseChangeName(Precision precision) {
  return "rmse_change_percent_" + PrecisionName(precision);
}

struct Model::Impl {
  Impl(const TensorFile& file, const Architecture& a, const ModelOptions& options)
      : architecture(a),
        precision(ChosenPrecision(file.metadata, options)),
        max_memory_mb(options.max_memory_mb),
        metadata(file.metadata),
        execution(MakeExecution(file, a, precision)),
        pool(static_cast<std::size_t>(omp_get_num_procs())) {}

  std::unique_ptr<Workspace> MakeWorkspace(const WorkspaceKey& key) const {
    const int width = key.width + PaddingTo(key.width);
    const int height = key.height + PaddingTo(key.height);
    return std::make_unique<Workspace>(*execution, architecture, TilingFor(key, width, height));
  }

  std::unique_ptr<KeptWork> Keep(const WorkspaceKey& key, ConstView guide,
                                 std::unique_ptr<Workspace> workspace) const {
    auto kept = std::make_unique<KeptWorkspace>();
    kept->execution = execution;
    kept->key = key;
    kept->guide = guide.data;
    kept->workspace = std::move(workspace);
    return kept;
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
  std::shared_ptr<const Execution> execution;
  mutable WorkspacePool<WorkspaceKey, Workspace> pool;
};

Model::Model(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Model::~Model() = default;

std::unique_ptr<Model> Model::Load(const std::string& path, const ModelOptions& options) {
  const TensorFile file = ReadSafetensors(path);
  return InContext(path, [&] {
    const Architecture architecture =
        options.architecture ? *options.architecture : FromFields(file.metadata);
    RefuseUnknownTensors(file, architecture);
    return std::unique_ptr<Model>(new Model(std::make_unique<Impl>(file, architecture, options)));
  });
}

void Model::Apply(const FilterInput& input, FilterOutput& output) const {
  CheckFilterInput(input);
  const ConstView& target = input.target;
  const WorkspaceKey key{target.width, target.height, input.guide.channels, target.channels,
                         omp_get_max_threads()};
  const std::unique_ptr<KeptWork> work = std::move(output.kept);
  auto* kept = dynamic_cast<KeptWorkspace*>(work.get());
  std::unique_ptr<Workspace> workspace;
  if (kept != nullptr && kept->execution == impl_->execution && kept->key == key &&
      kept->guide == input.guide.data) {
    workspace = std::move(kept->workspace);
  } else {
    workspace = impl_->pool.Take(key, [&] { return impl_->MakeWorkspace(key); });
    workspace->SetGuide(input.guide);
  }
  output.image.Reset(target.width, target.height, target.channels);
  output.support = Image();
  output.confidence = Image();
  if (input.confidence) {
    Image support(target.width, target.height, target.channels);
    Image spread(target.width, target.height, target.channels);
    workspace->Filter(target, output.image, {input.mask, support, spread});
    SetConfidence(std::move(support), std::move(spread), output);
  } else {
    workspace->Filter(target, output.image);
  }
  if (input.guide_stays) {
    output.kept = impl_->Keep(key, input.guide, std::move(workspace));
  } else {
    impl_->pool.GiveBack(key, std::move(workspace));
  }
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
  const WorkspaceKey key{target.width, target.height, guide.channels, 1, omp_get_max_threads()};
  std::unique_ptr<Workspace> workspace =
      impl_->pool.Take(key, [&] { return impl_->MakeWorkspace(key); });
  workspace->SetGuide(guide);
  workspace->ComputeKernels(target, kernels);
  impl_->pool.GiveBack(key, std::move(workspace));
  return kernels;
}

struct FrameStream::Impl {
  WorkspaceKey key;
  std::unique_ptr<Workspace> workspace;
  ConstView guide;
};

FrameStream::FrameStream(const Model& model, const FrameSize& size)
    : impl_(std::make_unique<Impl>()) {
  CheckFrameSize(size);
  impl_->key = {size.width, size.height, size.guide_channels, size.target_channels,
                omp_get_max_threads()};
  impl_->workspace = model.impl_->MakeWorkspace(impl_->key);
}
FrameStream::FrameStream(FrameStream&&) noexcept = default;
FrameStream& FrameStream::operator=(FrameStream&&) noexcept = default;
FrameStream::~FrameStream() = default;

void FrameStream::SetGuide(ConstView guide) {
  CheckFrame(guide, impl_->key.width, impl_->key.height, impl_->key.guide_channels, "guide");
  CheckFinite(guide, "guide");
  impl_->workspace->SetGuide(guide);
  impl_->guide = guide;
}

void FrameStream::Filter(ConstView target, View out) {
  const WorkspaceKey& key = impl_->key;
  if (impl_->guide.empty()) {
    throw Error("a frame before its guide; call SetGuide first");
  }
  CheckFrame(target, key.width, key.height, key.target_channels, "target");
  CheckFrame(out, key.width, key.height, key.target_channels, "output");
  CheckFinite(target, "target");
  impl_->workspace->Filter(target, out);
}

std::size_t Model::ApplyBytes(const FrameSize& size) const {
  CheckFrameSize(size);
  const int width = size.width + PaddingTo(size.width);
  const int height = size.height + PaddingTo(size.height);
  const WorkspaceKey key{width, height, size.guide_channels, size.target_channels,
                         omp_get_max_threads()};
  return impl_->TileBytes(width, height) + Impl::ImageBytes(key, width, height);
}

void Model::FreeKeptMemory() const {
  impl_->pool.Clear();
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
