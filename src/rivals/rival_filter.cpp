#include "src/rivals/rival_filter.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "dkn/error.h"
#include "src/core/filter_settings.h"
#include "src/core/in_context.h"
#include "src/rivals/dgf.h"
#include "src/rivals/load_rival.h"

namespace dkn {
namespace {

// The values that the metadata tell, and those of `settings` instead.
FilterSettings ValuesOf(const Rival& rival, const std::map<std::string, std::string>& metadata,
                        const FilterSettings& settings) {
  FilterSettings values;
  for (const FilterParameter& parameter : rival.parameters) {
    const auto told = metadata.find(parameter.name);
    if (told == metadata.end()) {
      continue;
    }
    const std::string& text = told->second;
    const char* const end = text.data() + text.size();
    if (std::from_chars(text.data(), end, values[parameter.name]).ptr != end || text.empty()) {
      throw MethodError("its " + parameter.name + " is '" + text + "', expected a number");
    }
  }
  for (const auto& [name, value] : settings) {
    values[name] = value;
  }
  return CompleteSettings(rival.parameters, values);
}

bool HasTensorsOf(const TensorFile& file, const Rival& rival) {
  const auto shapes = TensorShapes(rival.graph(CompleteSettings(rival.parameters, {})));
  return file.tensors.size() == shapes.size() &&
         std::all_of(shapes.begin(), shapes.end(),
                     [&](const auto& shape) { return file.tensors.count(shape.first) > 0; });
}

bool IsDgf(const TensorFile& file) {
  const auto named = file.metadata.find("network");
  return named != file.metadata.end() && named->second == kDgf;
}

// The input's channel c alone.
FilterInput ChannelOf(const FilterInput& input, int c) {
  FilterInput channel = input;
  channel.target = input.target.Channel(c);
  if (!input.samples.values.empty()) {
    channel.samples.values = input.samples.values.Channel(c);
  }
  return channel;
}

}  // namespace

std::optional<std::string> RivalIn(const TensorFile& file) {
  if (const auto named = file.metadata.find("network"); named != file.metadata.end()) {
    if (file.metadata.contains("classes")) {
      throw MethodError("'" + named->second +
                        "' is a segmentation network, which 'dkn segment --network' takes");
    }
    FindRival(named->second);
    return named->second;
  }
  if (file.metadata.count("kind") > 0) {
    return std::nullopt;
  }
  for (const RivalInfo& info : ListRivals()) {
    if (HasTensorsOf(file, FindRival(info.name))) {
      return info.name;
    }
  }
  return std::nullopt;
}

RivalFilter::RivalFilter(const TensorFile& file, const std::string& name,
                         const FilterSettings& settings, int max_memory_mb)
    : name_(name),
      rival_(FindRival(name)),
      metadata_(file.metadata),
      values_(ValuesOf(rival_, file.metadata, settings)),
      network_(rival_.graph(values_), file),
      max_memory_mb_(max_memory_mb) {}

void RivalFilter::Apply(const FilterInput& input, FilterOutput& output) const {
  CheckFilterInput(input);
  const FrameSize size{input.target.width, input.target.height, input.guide.channels,
                       input.target.channels};
  const std::size_t bytes = ApplyBytes(size);
  if (max_memory_mb_ > 0 && bytes > static_cast<std::size_t>(max_memory_mb_) * 1'000'000) {
    throw MemoryError("a bound of " + std::to_string(max_memory_mb_) + " MB does not suffice for " +
                      name_ + ", which works on whole images alone and takes " +
                      std::to_string(bytes / 1'000'000 + 1) + " MB");
  }
  Image result(size.width, size.height, size.target_channels);
  for (int c = 0; c < size.target_channels; ++c) {
    const NetworkFrame frame = rival_.prepare(values_, ChannelOf(input, c));
    Finish(frame, network_.Run(frame.inputs), result.view().Channel(c));
  }
  output.image = std::move(result);
  output.support = Image();
  output.confidence = Image();
}

std::size_t RivalFilter::ApplyBytes(const FrameSize& size) const {
  CheckFrameSize(size);
  constexpr std::size_t kMade = 8;  // planes of the frame's size, of one channel's work
  const auto pixels = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  const auto kept = static_cast<std::size_t>(size.guide_channels + 2 * size.target_channels);
  return sizeof(float) * pixels * (kept + kMade) +
         network_.RunBytes(rival_.input_sizes(values_, {size.width, size.height}));
}

std::vector<FilterParameter> RivalFilter::parameters() const {
  std::vector<FilterParameter> parameters = rival_.parameters;
  for (FilterParameter& parameter : parameters) {
    parameter.value = values_.at(parameter.name);
  }
  return parameters;
}

double RivalFilter::FrameOperations(const GraphSize& frame) const {
  return Operations(network_.graph(), rival_.input_sizes(values_, frame));
}

std::unique_ptr<JointFilter> LoadRival(const std::string& path, const FilterSettings& settings,
                                       int max_memory_mb) {
  return ErrorsAs<MethodError>([&]() -> std::unique_ptr<JointFilter> {
    const TensorFile file = ReadSafetensors(path);
    return InContext(path, [&]() -> std::unique_ptr<JointFilter> {
      if (IsDgf(file)) {
        if (!settings.empty()) {
          throw Error("has no parameter '" + settings.begin()->first + "'");
        }
        return std::make_unique<DgfFilter>(file);
      }
      const std::optional<std::string> name = RivalIn(file);
      return name ? std::make_unique<RivalFilter>(file, *name, settings, max_memory_mb) : nullptr;
    });
  });
}

bool HoldsRival(const std::string& path) {
  return ErrorsAs<MethodError>([&] {
    const TensorFile file = ReadSafetensors(path);
    return IsDgf(file) || RivalIn(file).has_value();
  });
}

}  // namespace dkn
