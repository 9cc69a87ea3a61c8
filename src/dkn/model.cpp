#include "dkn/model.h"

#include <omp.h>

#include <tuple>
#include <utility>

#include "dkn/error.h"
#include "src/dkn/architecture.h"
#include "src/dkn/execution.h"
#include "src/dkn/layers.h"
#include "src/dkn/stream_weights.h"
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

}  // namespace

struct Model::Impl {
  // What one thread needs to filter images of one size.
  struct Workspace {
    std::unique_ptr<Execution::Workspace> network;
    Image out;  // where the image had to be padded
  };

  Impl(const TensorFile& file, const Architecture& a, Precision p)
      : architecture(a),
        precision(p),
        metadata(file.metadata),
        execution(MakeExecution(file, a, p)),
        pool(static_cast<std::size_t>(omp_get_num_procs())) {}

  std::unique_ptr<Workspace> MakeWorkspace(int width, int height) const {
    auto workspace = std::make_unique<Workspace>();
    workspace->network = execution->Prepare(width, height);
    return workspace;
  }

  Architecture architecture;
  Precision precision;
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
    return std::unique_ptr<Model>(new Model(
        std::make_unique<Impl>(file, architecture, SupportedPrecision(options.precision))));
  } catch (const Error& error) {
    throw Error(path + ": " + error.what());
  }
}

void Model::Apply(const FilterInput& input, FilterOutput& output) const {
  CheckFilterInput(input);
  const Architecture& architecture = impl_->architecture;
  const int width = input.target.width + PaddingTo(input.target.width);
  const int height = input.target.height + PaddingTo(input.target.height);
  const WorkspaceKey key{width, height, omp_get_max_threads()};
  std::unique_ptr<Impl::Workspace> workspace =
      impl_->pool.Take(key, [&] { return impl_->MakeWorkspace(width, height); });

  Image guide_channels;
  Image guide_storage;
  Image target_storage;
  if (architecture.guide != GuideInput::kNone) {
    workspace->network->SetGuide(
        Padded(GuideChannels(input.guide, architecture, guide_channels), guide_storage));
  }
  output.image.Reset(input.target.width, input.target.height, input.target.channels);
  for (int c = 0; c < input.target.channels; ++c) {
    const ConstView target = Padded(input.target.Channel(c), target_storage);
    const View out = output.image.view().Channel(c);
    if (SameSize(target, out)) {
      workspace->network->Filter(target, out);
    } else {
      workspace->out.Reset(width, height);
      workspace->network->Filter(target, workspace->out);
      Copy(workspace->out.view().Crop(0, 0, out.width, out.height), out);
    }
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
