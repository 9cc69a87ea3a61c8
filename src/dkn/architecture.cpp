#include "src/dkn/architecture.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>

#include "dkn/error.h"
#include "src/core/in_context.h"
#include "src/core/json_members.h"
#include "src/core/named_values.h"
#include "src/core/number_text.h"

namespace dkn {
namespace {

constexpr NamedValue<NetworkKind> kKinds[] = {{"dkn", NetworkKind::kDkn},
                                              {"fdkn", NetworkKind::kFdkn}};
constexpr NamedValue<GuideInput> kGuides[] = {
    {"rgb", GuideInput::kRgb}, {"luma", GuideInput::kLuma}, {"none", GuideInput::kNone}};
constexpr NamedValue<TargetInput> kTargets[] = {
    {"values", TargetInput::kValues},
    {"measurement", TargetInput::kMeasurement},
    {"noisy_measurement", TargetInput::kNoisyMeasurement},
    {"correlated_noise", TargetInput::kCorrelatedNoise}};
constexpr NamedValue<StreamCount> kStreamCounts[] = {{"two", StreamCount::kTwo},
                                                     {"one", StreamCount::kOne}};
constexpr NamedValue<Source> kSources[] = {{"both", Source::kBoth},
                                           {"guide", Source::kGuide},
                                           {"target", Source::kTarget},
                                           {"none", Source::kNone}};
constexpr NamedValue<WeightActivation> kActivations[] = {{"sigmoid", WeightActivation::kSigmoid},
                                                         {"softmax", WeightActivation::kSoftmax},
                                                         {"linear", WeightActivation::kLinear}};
constexpr NamedValue<DknFeatures> kFeatures[] = {{"down_conv", DknFeatures::kDownConv},
                                                 {"plain", DknFeatures::kPlain},
                                                 {"dilated", DknFeatures::kDilated},
                                                 {"small", DknFeatures::kSmall}};
constexpr NamedValue<WindowRule> kWindowRules[] = {{"zero", WindowRule::kZero},
                                                   {"clamp", WindowRule::kClamp}};
constexpr NamedValue<BorderRule> kBorderRules[] = {{"zero", BorderRule::kZero},
                                                   {"replicate", BorderRule::kReplicate}};
constexpr NamedValue<TapOrder> kTapOrders[] = {{"row_major", TapOrder::kRowMajor},
                                               {"column_major", TapOrder::kColumnMajor}};
constexpr NamedValue<ChannelOrder> kChannelOrders[] = {{"rgb", ChannelOrder::kRgb},
                                                       {"bgr", ChannelOrder::kBgr}};
constexpr NamedValue<bool> kBooleans[] = {{"true", true}, {"false", false}};

// Calls visit(name, field, names) for every field: the one list of them.
// `Fields` is Architecture or const Architecture.
template <typename Fields, typename Visit>
void VisitFields(Fields& a, const Visit& visit) {
  visit("kind", a.kind, kKinds);
  visit("kernel_size", a.kernel_size);
  visit("window", a.window);
  visit("levels", a.levels);
  visit("coarse_kernel_size", a.coarse_kernel_size);
  visit("residual", a.residual);
  visit("guide", a.guide, kGuides);
  visit("target", a.target, kTargets);
  visit("streams", a.streams, kStreamCounts);
  visit("weights_from", a.weights_from, kSources);
  visit("offsets_from", a.offsets_from, kSources);
  visit("weight_activation", a.weight_activation, kActivations);
  visit("mean_subtraction", a.mean_subtraction);
  visit("dkn_features", a.dkn_features, kFeatures);
  visit("blocks", a.blocks);
  visit("n1", a.n1);
  visit("n2", a.n2);
  visit("window_rule", a.window_rule, kWindowRules);
  visit("border_rule", a.border_rule, kBorderRules);
  visit("grid_scale", a.grid_scale);
  visit("grid_origin", a.grid_origin);
  visit("tap_order", a.tap_order, kTapOrders);
  visit("channel_order", a.channel_order, kChannelOrders);
}

class Writer {
 public:
  explicit Writer(ArchitectureFields& fields) : fields_(fields) {}
  template <typename Enum, std::size_t n>
  void operator()(const char* name, Enum value, const NamedValue<Enum> (&names)[n]) const {
    fields_[name] = NameOf(names, value);
  }
  void operator()(const char* name, int value) const { fields_[name] = std::to_string(value); }
  void operator()(const char* name, bool value) const { (*this)(name, value, kBooleans); }
  void operator()(const char* name, float value) const { fields_[name] = ShortestText(value); }
  void operator()(const char* name, const std::optional<float>& value) const {
    if (value) {
      fields_[name] = ShortestText(*value);
    }
  }

 private:
  ArchitectureFields& fields_;
};

class Reader {
 public:
  explicit Reader(const ArchitectureFields& fields) : fields_(fields) {}
  template <typename Enum, std::size_t n>
  void operator()(const char* name, Enum& value, const NamedValue<Enum> (&names)[n]) const {
    if (const std::string* text = Find(name)) {
      value = InContext("architecture field '" + std::string(name) + "'",
                        [&] { return ParseNamed(names, *text, "value"); });
    }
  }
  void operator()(const char* name, int& value) const { Number(name, value, "a whole number"); }
  void operator()(const char* name, float& value) const { Number(name, value, "a number"); }
  void operator()(const char* name, bool& value) const { (*this)(name, value, kBooleans); }
  void operator()(const char* name, std::optional<float>& value) const {
    if (Find(name) != nullptr) {
      Number(name, value.emplace(), "a number");
    }
  }

 private:
  const std::string* Find(const char* name) const {
    const auto found = fields_.find(name);
    return found == fields_.end() ? nullptr : &found->second;
  }
  template <typename T>
  void Number(const char* name, T& value, const char* expected) const {
    const std::string* text = Find(name);
    if (text == nullptr) {
      return;
    }
    const char* end = text->data() + text->size();
    const auto [stop, code] = std::from_chars(text->data(), end, value);
    if (code != std::errc() || stop != end) {
      throw Error("architecture field '" + std::string(name) + "' is '" + *text + "', expected " +
                  expected);
    }
  }

  const ArchitectureFields& fields_;
};

bool Gives(Source source, Stream stream) {
  return source == Source::kBoth || stream == Stream::kJoint ||
         source == (stream == Stream::kGuide ? Source::kGuide : Source::kTarget);
}

void CheckStreams(const Architecture& a) {
  const bool joint = a.streams == StreamCount::kOne;
  const bool both = a.weights_from == Source::kBoth &&
                    (a.offsets_from == Source::kBoth || a.offsets_from == Source::kNone);
  if (a.weights_from == Source::kNone) {
    throw Error("weights_from is none, expected both, guide or target");
  }
  if (joint && a.guide == GuideInput::kNone) {
    throw Error("streams is one and guide is none: one stream sees guide and target");
  }
  if ((joint || a.guide == GuideInput::kNone) && !both) {
    throw Error("weights_from and offsets_from choose between two streams, and there is but one");
  }
  if (a.offsets_from == Source::kNone && a.window != a.kernel_size) {
    throw Error("window is " + std::to_string(a.window) +
                ", expected kernel_size where offsets_from is none");
  }
  if (a.weight_activation == WeightActivation::kLinear && !a.residual) {
    throw Error("weight_activation is linear without residual: the weights' sum may be 0");
  }
}

void CheckFeatures(const Architecture& a) {
  const bool fdkn = a.kind == NetworkKind::kFdkn;
  if (fdkn && a.dkn_features != DknFeatures::kDownConv) {
    throw Error("dkn_features is for kind dkn");
  }
  const int most_blocks = fdkn ? kMaxBlocks : 0;
  if (a.blocks < 0 || a.blocks > most_blocks) {
    throw Error("blocks is " + std::to_string(a.blocks) + ", expected 0 to " +
                std::to_string(most_blocks) + " for this kind");
  }
  for (const int channels : {a.n1, a.n2}) {
    if (channels < 1 || channels > 4096) {
      throw Error("n1 or n2 is " + std::to_string(channels) + ", expected 1 to 4096");
    }
  }
}

void CheckLevels(const Architecture& a) {
  if (a.levels < 1 || a.levels > kMaxLevels) {
    throw Error("levels is " + std::to_string(a.levels) + ", expected 1 to " +
                std::to_string(kMaxLevels));
  }
  if (a.coarse_kernel_size < 1 || a.coarse_kernel_size > kMaxCoarseKernelSize) {
    throw Error("coarse_kernel_size is " + std::to_string(a.coarse_kernel_size) +
                ", expected 1 to " + std::to_string(kMaxCoarseKernelSize));
  }
  if (a.levels > 1 &&
      (a.offsets_from != Source::kBoth || a.window_rule != WindowRule::kClamp ||
       a.border_rule != BorderRule::kReplicate || a.grid_scale != 1.0f || a.grid_origin)) {
    throw Error("levels is " + std::to_string(a.levels) +
                ", which needs offsets_from both, window_rule clamp, border_rule replicate and "
                "the grid around the pixel");
  }
}

}  // namespace

void CheckArchitecture(const Architecture& a) {
  if (a.kernel_size < 1 || a.kernel_size > kMaxKernelSize || a.kernel_size % 2 == 0) {
    throw Error("kernel_size is " + std::to_string(a.kernel_size) +
                ", expected an odd number up to " + std::to_string(kMaxKernelSize));
  }
  if (a.window < a.kernel_size || a.window > kMaxWindow || a.window % 2 == 0) {
    throw Error("window is " + std::to_string(a.window) +
                ", expected an odd number from kernel_size to " + std::to_string(kMaxWindow));
  }
  if (!std::isfinite(a.grid_scale) || !std::isfinite(a.grid_origin.value_or(0.0f))) {
    throw Error("grid_scale or grid_origin is not finite");
  }
  CheckStreams(a);
  CheckFeatures(a);
  CheckLevels(a);
}

bool GivesWeights(const Architecture& a, Stream stream) {
  return Gives(a.weights_from, stream);
}

bool GivesOffsets(const Architecture& a, Stream stream) {
  return a.offsets_from != Source::kNone && Gives(a.offsets_from, stream);
}

std::vector<Stream> Streams(const Architecture& a) {
  if (a.streams == StreamCount::kOne) {
    return {Stream::kJoint};
  }
  if (a.guide == GuideInput::kNone) {
    return {Stream::kTarget};
  }
  std::vector<Stream> streams;
  for (const Stream stream : {Stream::kGuide, Stream::kTarget}) {
    if (GivesWeights(a, stream) || GivesOffsets(a, stream)) {
      streams.push_back(stream);
    }
  }
  return streams;
}

std::string StreamName(Stream stream) {
  switch (stream) {
    case Stream::kGuide:
      return "ImageKernel";
    case Stream::kTarget:
      return "DepthKernel";
    case Stream::kJoint:
      return "JointKernel";
  }
  return "";
}

ArchitectureFields ToFields(const Architecture& architecture) {
  ArchitectureFields fields;
  VisitFields(architecture, Writer(fields));
  return fields;
}

Architecture FromFields(const ArchitectureFields& fields, const Architecture& base) {
  if (const auto other = fields.find("network"); other != fields.end()) {
    throw Error("the network is " + other->second + ", expected FDKN or DKN");
  }
  Architecture architecture = base;
  VisitFields(architecture, Reader(fields));
  // Without offsets the window is the kernel's (see Architecture::offsets_from).
  if (architecture.offsets_from == Source::kNone && fields.count("window") == 0) {
    architecture.window = architecture.kernel_size;
  }
  CheckArchitecture(architecture);
  return architecture;
}

Architecture ArchitectureFromJson(const std::string& json, const Architecture& base) {
  const Json object = ParseJson(json);
  if (!object.is_object()) {
    throw Error("'architecture' is not a JSON object");
  }
  Architecture with_origin;
  with_origin.grid_origin = 0.0f;
  const ArchitectureFields known = ToFields(with_origin);
  ArchitectureFields fields;
  for (const auto& [name, value] : object.items()) {
    if (known.count(name) == 0) {
      throw Error("'architecture' has no field '" + name + "'");
    }
    fields[name] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return FromFields(fields, base);
}

}  // namespace dkn
