#include "dkn/model.h"

#include <omp.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/size_text.h"
#include "src/dkn/architecture.h"
#include "src/dkn/execution.h"
#include "src/dkn/kernel_field.h"
#include "src/dkn/layers.h"
#include "src/dkn/stream_input.h"
#include "src/dkn/stream_weights.h"
#include "src/dkn/tiling.h"
#include "src/dkn/workspace_pool.h"
#include "src/imaging/padding.h"
#include "src/net/safetensors.h"

namespace dkn {
namespace {

constexpr int kMaxFrameSide = 1 << 20;
// The spread of a kernel's samples, of values in [0, 1], at which its result counts half: near what
// the error of 8x upsampling amounts to.
constexpr float kHalvingSpread = 0.01f;

int PaddingTo(int size) {
  return (kResampling - size % kResampling) % kResampling;
}

// The view itself where its sizes are multiples of 4 already, else a padded copy in `storage`.
ConstView Padded(ConstView image, Image& storage) {
  const int right = PaddingTo(image.width);
  const int bottom = PaddingTo(image.height);
  if (right == 0 && bottom == 0) {
    return image;
  }
  ReplicatePad(image, right, bottom, storage);
  return storage;
}

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

// Sizes of guide and target, and the number of threads that the sessions are prepared for.
struct WorkspaceKey {
  int width;
  int height;
  int guide_channels;
  int target_channels;
  int threads;

  bool operator==(const WorkspaceKey& other) const = default;
};

// What one thread needs to filter images of one size, a tile at a time.
class Workspace {
 public:
  Workspace(const Execution& execution, const Architecture& architecture, Tiling tiling)
      : architecture_(architecture),
        tiling_(std::move(tiling)),
        network_(execution.Prepare(tiling_.width, tiling_.height)) {}

  // The view must remain valid until the last Filter.
  void SetGuide(ConstView guide) {
    if (architecture_.guide == GuideInput::kNone) {
      return;
    }
    guide_ = Padded(GuideChannels(guide, architecture_, guide_channels_), padded_guide_);
    if (tiling_.tiles.size() == 1) {
      network_->SetGuide(guide_);
    }
  }

  // A report, where it is wanted, has as many channels as the target, but one mask.
  void Filter(ConstView target, View out, KernelReport report = {}) {
    target = Padded(target, padded_target_);
    if (!report.mask.empty()) {
      report.mask = Padded(report.mask, padded_mask_);
    }
    for (const Tile& tile : tiling_.tiles) {
      SetTileGuide(tile);
      for (int c = 0; c < target.channels; ++c) {
        KernelReport part = report;
        if (report.wanted()) {
          part = {report.mask, report.support.Channel(c), report.spread.Channel(c)};
        }
        FilterTile(tile, target.Channel(c), out.Channel(c), part);
      }
    }
  }

  // Of a target of one channel.
  void ComputeKernels(ConstView target, Kernels& kernels) {
    const int width = target.width;
    const int height = target.height;
    target = Padded(target, padded_target_);
    for (const Tile& tile : tiling_.tiles) {
      SetTileGuide(tile);
      const int right = std::min(tile.inner_x + tile.inner_width, width);
      const int bottom = std::min(tile.inner_y + tile.inner_height, height);
      network_->ComputeKernels(target.Crop(tile.x, tile.y, tiling_.width, tiling_.height),
                               [&](const KernelField& field, Lattice lattice) {
                                 lattice.x += tile.x;
                                 lattice.y += tile.y;
                                 StoreKernels(field, lattice,
                                              {tile.inner_x, tile.inner_y, right, bottom},
                                              architecture_, kernels);
                               });
    }
  }

 private:
  void SetTileGuide(const Tile& tile) {
    if (!guide_.empty() && tiling_.tiles.size() > 1) {
      network_->SetGuide(guide_.Crop(tile.x, tile.y, tiling_.width, tiling_.height));
    }
  }

  // One channel of a tile of images whose sizes are multiples of 4, into the part that counts.
  void FilterTile(const Tile& tile, ConstView target, View out, const KernelReport& report) {
    // The tile's part of the image itself; less where that was padded.
    const int width = std::min(tile.inner_width, out.width - tile.inner_x);
    const int height = std::min(tile.inner_height, out.height - tile.inner_y);
    if (width <= 0 || height <= 0) {
      return;
    }
    const ConstView part = target.Crop(tile.x, tile.y, tiling_.width, tiling_.height);
    const View result = out.Crop(tile.inner_x, tile.inner_y, width, height);
    KernelReport tile_report{report.mask};
    if (!report.mask.empty()) {
      tile_report.mask = report.mask.Crop(tile.x, tile.y, tiling_.width, tiling_.height);
    }
    if (SameSize(part, result)) {
      tile_report.support = report.support;
      tile_report.spread = report.spread;
      network_->Filter(part, result, tile_report);
      return;
    }
    tile_.Reset(part.width, part.height);
    if (report.wanted()) {
      tile_support_.Reset(part.width, part.height);
      tile_spread_.Reset(part.width, part.height);
      tile_report.support = tile_support_;
      tile_report.spread = tile_spread_;
    }
    network_->Filter(part, tile_, tile_report);
    const auto copy = [&](ConstView from, View to) {
      Copy(from.Crop(tile.inner_x - tile.x, tile.inner_y - tile.y, width, height), to);
    };
    copy(tile_, result);
    if (report.wanted()) {
      copy(tile_support_, report.support.Crop(tile.inner_x, tile.inner_y, width, height));
      copy(tile_spread_, report.spread.Crop(tile.inner_x, tile.inner_y, width, height));
    }
  }

  const Architecture& architecture_;
  const Tiling tiling_;
  const std::unique_ptr<Execution::Workspace> network_;
  ConstView guide_;  // as the network takes it; empty where it takes none
  Image guide_channels_;
  Image padded_guide_;
  Image padded_target_;
  Image padded_mask_;
  Image tile_;
  Image tile_support_;
  Image tile_spread_;
};

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

void CheckFrame(ConstView frame, int width, int height, int channels, const std::string& name) {
  if (frame.width != width || frame.height != height || frame.channels != channels) {
    throw Error("the " + name + " is " + SizeText(frame) + " with " +
                std::to_string(frame.channels) + " channels, the stream's frames are " +
                SizeText(width, height) + " with " + std::to_string(channels));
  }
}

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

  Tiling TilingFor(const WorkspaceKey& key, int width, int height) const {
    const auto bytes = [this](int w, int h) {
      const auto out = static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * sizeof(float);
      return execution->WorkspaceBytes(w, h) + out;
    };
    if (max_memory_mb == 0) {
      return {width, height, {{0, 0, 0, 0, width, height}}};
    }
    const std::size_t bound = static_cast<std::size_t>(max_memory_mb) * 1'000'000;
    const std::size_t images =
        static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * sizeof(float) *
        static_cast<std::size_t>(key.guide_channels + 2 * key.target_channels);
    return ChooseTiling(width, height, TileMargin(architecture), bound - std::min(bound, images),
                        bytes);
  }

  Architecture architecture;
  Precision precision;
  int max_memory_mb;
  std::map<std::string, std::string> metadata;
  std::unique_ptr<Execution> execution;
  mutable WorkspacePool<WorkspaceKey, Workspace> pool;
};

Model::Model(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Model::~Model() = default;

std::unique_ptr<Model> Model::Load(const std::string& path, const ModelOptions& options) {
  const TensorFile file = ReadSafetensors(path);
  try {
    const Architecture architecture =
        options.architecture ? *options.architecture : FromFields(file.metadata);
    RefuseUnknownTensors(file, architecture);
    return std::unique_ptr<Model>(new Model(std::make_unique<Impl>(file, architecture, options)));
  } catch (const MemoryError& error) {
    throw MemoryError(path + ": " + error.what());
  } catch (const Error& error) {
    throw Error(path + ": " + error.what());
  }
}

void Model::Apply(const FilterInput& input, FilterOutput& output) const {
  CheckFilterInput(input);
  const ConstView& target = input.target;
  const WorkspaceKey key{target.width, target.height, input.guide.channels, target.channels,
                         omp_get_max_threads()};
  std::unique_ptr<Workspace> workspace =
      impl_->pool.Take(key, [&] { return impl_->MakeWorkspace(key); });
  output.image.Reset(target.width, target.height, target.channels);
  workspace->SetGuide(input.guide);
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
  impl_->pool.GiveBack(key, std::move(workspace));
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
  if (size.width < 1 || size.height < 1 || size.width > kMaxFrameSide ||
      size.height > kMaxFrameSide || size.target_channels < 1 ||
      (size.guide_channels != 1 && size.guide_channels != 3)) {
    throw Error("frames of " + SizeText(size.width, size.height) + " with " +
                std::to_string(size.guide_channels) + " and " +
                std::to_string(size.target_channels) + " channels; expected sides from 1 to " +
                std::to_string(kMaxFrameSide) +
                ", a guide of 1 or 3 channels and a target of 1 or more");
  }
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
