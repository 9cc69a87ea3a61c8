#include "dkn/model.h"

#include <omp.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "dkn/error.h"
#include "src/dkn/architecture.h"
#include "src/dkn/execution.h"
#include "src/dkn/layers.h"
#include "src/dkn/stream_weights.h"
#include "src/dkn/tiling.h"
#include "src/dkn/workspace_pool.h"
#include "src/imaging/luma.h"
#include "src/imaging/padding.h"
#include "src/net/safetensors.h"

namespace dkn {
namespace {

// Width, height, and the number of threads that the sessions were prepared for.
using WorkspaceKey = std::tuple<int, int, int>;

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
  storage = ReplicatePad(image, right, bottom);
  return storage;
}

// The guide as the first layer takes it: channels in the architecture's order, or their luma. The
// view itself where it is so already, else an image in `channels`.
ConstView GuideChannels(ConstView guide, const Architecture& architecture, Image& channels) {
  const bool luma = architecture.guide == GuideInput::kLuma;
  const bool reversed = !luma && architecture.channel_order == ChannelOrder::kBgr;
  if (guide.channels == (luma ? 1 : 3) && !reversed) {
    return guide;
  }
  channels.Reset(guide.width, guide.height, luma ? 1 : 3);
  if (luma) {
    Luma(guide, channels);
    return channels;
  }
  for (int c = 0; c < 3; ++c) {
    const int from = guide.channels == 1 ? 0 : (reversed ? 2 - c : c);
    Copy(guide.Channel(from), channels.view().Channel(c));
  }
  return channels;
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

// What one thread needs to filter images of one size.
struct Workspace {
  std::unique_ptr<Execution::Workspace> network;
  Image out;  // of a tile, or where the image had to be padded
};

// Filters one tile of images whose sizes are multiples of 4, into the part of `out` that counts.
void FilterTile(const Tile& tile, const Tiling& tiling, ConstView guide, ConstView target,
                Workspace& workspace, View out) {
  if (!guide.empty()) {
    workspace.network->SetGuide(guide.Crop(tile.x, tile.y, tiling.width, tiling.height));
  }
  // The tile's part of the image itself; less where that was padded.
  const int width = std::min(tile.inner_width, out.width - tile.inner_x);
  const int height = std::min(tile.inner_height, out.height - tile.inner_y);
  if (width <= 0 || height <= 0) {
    return;
  }
  for (int c = 0; c < target.channels; ++c) {
    const ConstView part = target.Channel(c).Crop(tile.x, tile.y, tiling.width, tiling.height);
    const View result = out.Channel(c).Crop(tile.inner_x, tile.inner_y, width, height);
    if (SameSize(part, result)) {
      workspace.network->Filter(part, result);
    } else {
      workspace.out.Reset(part.width, part.height);
      workspace.network->Filter(part, workspace.out);
      Copy(workspace.out.view().Crop(tile.inner_x - tile.x, tile.inner_y - tile.y, width, height),
           result);
    }
  }
}

}  // namespace

struct Model::Impl {
  Impl(const TensorFile& file, const Architecture& a, const ModelOptions& options)
      : architecture(a),
        precision(SupportedPrecision(options.precision)),
        max_memory_mb(options.max_memory_mb),
        metadata(file.metadata),
        execution(MakeExecution(file, a, precision)),
        pool(static_cast<std::size_t>(omp_get_num_procs())) {}

  // Of the images' sizes, multiples of 4.
  Tiling TilingFor(const FilterInput& input, int width, int height) const {
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
        static_cast<std::size_t>(input.guide.channels + 2 * input.target.channels);
    return ChooseTiling(width, height, TileMargin(architecture), bound - std::min(bound, images),
                        bytes);
  }

  std::unique_ptr<Workspace> MakeWorkspace(int width, int height) const {
    auto workspace = std::make_unique<Workspace>();
    workspace->network = execution->Prepare(width, height);
    return workspace;
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
  } catch (const Error& error) {
    throw Error(path + ": " + error.what());
  }
}

void Model::Apply(const FilterInput& input, FilterOutput& output) const {
  CheckFilterInput(input);
  const int width = input.target.width + PaddingTo(input.target.width);
  const int height = input.target.height + PaddingTo(input.target.height);
  const Tiling tiling = impl_->TilingFor(input, width, height);
  const WorkspaceKey key{tiling.width, tiling.height, omp_get_max_threads()};
  std::unique_ptr<Workspace> workspace =
      impl_->pool.Take(key, [&] { return impl_->MakeWorkspace(tiling.width, tiling.height); });

  Image guide_channels;
  Image guide_storage;
  Image target_storage;
  ConstView guide;
  if (impl_->architecture.guide != GuideInput::kNone) {
    guide = Padded(GuideChannels(input.guide, impl_->architecture, guide_channels), guide_storage);
  }
  const ConstView target = Padded(input.target, target_storage);
  output.image.Reset(input.target.width, input.target.height, input.target.channels);
  for (const Tile& tile : tiling.tiles) {
    FilterTile(tile, tiling, guide, target, *workspace, output.image);
  }
  impl_->pool.GiveBack(key, std::move(workspace));
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
