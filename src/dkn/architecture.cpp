#include "src/dkn/architecture.h"

#include <charconv>
#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "dkn/error.h"
#include "src/core/json_members.h"

namespace dkn {
namespace {

template <typename Enum>
using Names = std::initializer_list<std::pair<Enum, const char*>>;

// Calls visit(name, field, names) for every field: the one list of them.
// `Fields` is Architecture or const Architecture.
template <typename Fields, typename Visit>
void VisitFields(Fields& a, const Visit& visit) {
  visit("kind", a.kind,
        Names<NetworkKind>{{NetworkKind::kDkn, "dkn"}, {NetworkKind::kFdkn, "fdkn"}});
  visit("kernel_size", a.kernel_size);
  visit("window", a.window);
  visit("residual", a.residual);
  visit("guide", a.guide,
        Names<GuideInput>{{GuideInput::kRgb, "rgb"}, {GuideInput::kLuma, "luma"}});
  visit("n1", a.n1);
  visit("n2", a.n2);
  visit("window_rule", a.window_rule,
        Names<WindowRule>{{WindowRule::kZero, "zero"}, {WindowRule::kClamp, "clamp"}});
  visit("border_rule", a.border_rule,
        Names<BorderRule>{{BorderRule::kZero, "zero"}, {BorderRule::kReplicate, "replicate"}});
  visit("grid_scale", a.grid_scale);
  visit("grid_origin", a.grid_origin);
  visit("tap_order", a.tap_order,
        Names<TapOrder>{{TapOrder::kRowMajor, "row_major"},
                        {TapOrder::kColumnMajor, "column_major"}});
  visit("channel_order", a.channel_order,
        Names<ChannelOrder>{{ChannelOrder::kRgb, "rgb"}, {ChannelOrder::kBgr, "bgr"}});
}

std::string FloatText(float value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), value).ptr;
  return std::string(text, end);
}

class Writer {
 public:
  explicit Writer(ArchitectureFields& fields) : fields_(fields) {}
  template <typename Enum>
  void operator()(const char* name, Enum value, Names<Enum> names) const {
    for (const auto& [known, text] : names) {
      if (known == value) {
        fields_[name] = text;
      }
    }
  }
  void operator()(const char* name, int value) const { fields_[name] = std::to_string(value); }
  void operator()(const char* name, bool value) const { fields_[name] = value ? "true" : "false"; }
  void operator()(const char* name, float value) const { fields_[name] = FloatText(value); }
  void operator()(const char* name, const std::optional<float>& value) const {
    if (value) {
      fields_[name] = FloatText(*value);
    }
  }

 private:
  ArchitectureFields& fields_;
};

class Reader {
 public:
  explicit Reader(const ArchitectureFields& fields) : fields_(fields) {}
  template <typename Enum>
  void operator()(const char* name, Enum& value, Names<Enum> names) const {
    const std::string* text = Find(name);
    if (text == nullptr) {
      return;
    }
    std::string expected;
    for (const auto& [known, known_text] : names) {
      if (*text == known_text) {
        value = known;
        return;
      }
      expected += (expected.empty() ? "" : " or ") + std::string(known_text);
    }
    Fail(name, expected);
  }
  void operator()(const char* name, int& value) const { Number(name, value, "a whole number"); }
  void operator()(const char* name, float& value) const { Number(name, value, "a number"); }
  void operator()(const char* name, bool& value) const {
    (*this)(name, value, Names<bool>{{true, "true"}, {false, "false"}});
  }
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
      Fail(name, expected);
    }
  }
  [[noreturn]] static void Fail(const char* name, const std::string& expected) {
    throw Error("architecture field '" + std::string(name) + "' is not " + expected);
  }

  const ArchitectureFields& fields_;
};

// Paper: Table 2. Six 3x3 convolutions that keep the size, on 13 x 13 resampled pixels.
std::vector<Layer> FdknFeatures(const Architecture& a, int in) {
  std::vector<Layer> layers;
  int index = 0;
  for (const int out : {32, 32, 64, 64, a.n1, a.n2}) {
    const bool batch_norm = index++ % 2 == 0;
    layers.push_back(
        {"conv" + std::to_string(index), in, out, 3, 1, 1, batch_norm, Activation::kRelu});
    in = out;
  }
  return layers;
}

// Paper: Table 1. A 51 x 51 patch shrinks to one feature vector; conv2 and conv4 are DownConv.
std::vector<Layer> DknFeatures(const Architecture& a, int in) {
  const auto relu = Activation::kRelu;
  return {{"conv1", in, 32, 7, 1, 0, true, relu},     {"conv2", 32, 32, 2, 2, 0, false, relu},
          {"conv3", 32, 64, 5, 1, 0, true, relu},     {"conv4", 64, 64, 2, 2, 0, false, relu},
          {"conv5", 64, 128, 5, 1, 0, true, relu},    {"conv6", 128, a.n1, 3, 1, 0, false, relu},
          {"conv7", a.n1, a.n2, 3, 1, 0, false, relu}};
}

}  // namespace

void CheckArchitecture(const Architecture& a) {
  if (a.kernel_size < 1 || a.kernel_size % 2 == 0) {
    throw Error("kernel_size is " + std::to_string(a.kernel_size) + ", expected an odd number");
  }
  if (a.window < a.kernel_size || a.window > 63 || a.window % 2 == 0) {
    throw Error("window is " + std::to_string(a.window) +
                ", expected an odd number from kernel_size to 63");
  }
  for (const int channels : {a.n1, a.n2}) {
    if (channels < 1 || channels > 4096) {
      throw Error("n1 or n2 is " + std::to_string(channels) + ", expected 1 to 4096");
    }
  }
  if (!std::isfinite(a.grid_scale) || !std::isfinite(a.grid_origin.value_or(0.0f))) {
    throw Error("grid_scale or grid_origin is not finite");
  }
}

std::vector<Layer> Layers(const Architecture& a, Stream stream) {
  CheckArchitecture(a);
  const bool fdkn = a.kind == NetworkKind::kFdkn;
  const int image_channels = stream == Stream::kGuide && a.guide == GuideInput::kRgb ? 3 : 1;
  const int phases = fdkn ? kPhases : 1;
  std::vector<Layer> layers =
      fdkn ? FdknFeatures(a, phases * image_channels) : DknFeatures(a, image_channels);
  const int taps = a.kernel_size * a.kernel_size;
  const auto none = Activation::kNone;
  layers.push_back({"conv_weight", a.n2, phases * taps, 1, 1, 0, false, none});
  layers.push_back({"conv_offset", a.n2, phases * taps * 2, 1, 1, 0, false, none});
  return layers;
}

std::string StreamName(Stream stream) {
  return stream == Stream::kGuide ? "ImageKernel" : "DepthKernel";
}

ArchitectureFields ToFields(const Architecture& architecture) {
  ArchitectureFields fields;
  VisitFields(architecture, Writer(fields));
  return fields;
}

Architecture FromFields(const ArchitectureFields& fields, const Architecture& base) {
  Architecture architecture = base;
  VisitFields(architecture, Reader(fields));
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
