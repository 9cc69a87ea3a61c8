#include "dkn/model.h"

#include <sstream>
#include <string>
#include <utility>

#include "dkn/error.h"
#include "src/core/in_context.h"
#include "src/dkn/architecture.h"
#include "src/dkn/execution.h"
#include "src/dkn/layers.h"
#include "src/dkn/model_session.h"
#include "src/dkn/model_tensors.h"
#include "src/net/safetensors.h"

namespace dkn {
namespace {

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

FrameSize SizeOf(ConstView guide, ConstView target) {
  return {target.width, target.height, guide.channels, target.channels};
}

}  // namespace

std::string RmseChangeName(Precision precision) {
  return "rmse_change_percent_" + PrecisionName(precision);
}

struct Model::Impl {
  Impl(const TensorFile& file, const Architecture& architecture, const NetworkOptions& options)
      : precision(ChosenPrecision(file.metadata, options)),
        metadata(file.metadata),
        network{architecture, MakeExecution(file, architecture, precision), options.max_memory_mb} {
  }

  Precision precision;
  std::map<std::string, std::string> metadata;
  LoadedNetwork network;
};

Model::Model(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Model::~Model() = default;

std::unique_ptr<Model> Model::Load(const std::string& path, const NetworkOptions& options) {
  return ErrorsAs<MethodError>([&] {
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
  ModelSession session(impl_->network, SizeOf(input.guide, input.target));
  session.TakeGuide(input.guide);
  session.Filter(input, output);
}

std::unique_ptr<FilterSession> Model::StartSession(const FrameSize& size) const {
  return std::make_unique<ModelSession>(impl_->network, size);
}

Kernels Model::ComputeKernels(const FilterInput& input) const {
  const ConstView& guide = input.guide;
  const ConstView& target = input.target;
  CheckFilterInput(input);
  if (target.channels != 1) {
    throw Error("kernels are those of one channel, the target has " +
                std::to_string(target.channels));
  }
  const int taps = TapCount(architecture());
  Kernels kernels{architecture().kernel_size, Image(target.width, target.height, taps),
                  Image(target.width, target.height, 2 * taps)};
  ModelSession session(impl_->network, SizeOf(guide, target));
  session.TakeGuide(guide);
  session.ComputeKernels(input, kernels);
  return kernels;
}

std::size_t Model::ApplyBytes(const FrameSize& size) const {
  CheckFrameSize(size);
  return WholeFrameBytes(impl_->network, size);
}

std::size_t Model::LeastBytes(const FrameSize& size) const {
  CheckFrameSize(size);
  return LeastFrameBytes(impl_->network, size);
}

const Architecture& Model::architecture() const {
  return impl_->network.architecture;
}
Precision Model::precision() const {
  return impl_->precision;
}
const std::map<std::string, std::string>& Model::metadata() const {
  return impl_->metadata;
}
std::int64_t Model::parameter_count() const {
  return CountParameters(architecture());
}

}  // namespace dkn
