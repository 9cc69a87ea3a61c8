#include "dkn/registry.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "dkn/error.h"
#include "dkn/model.h"
#include "src/core/in_context.h"
#include "src/core/number_text.h"
#include "src/filters/filter_kind.h"
#include "src/pipeline/model_files.h"
#include "src/rivals/load_rival.h"

namespace dkn {

#define DKN_FILTER(name, kind, summary) FilterKind kind();
#include "src/pipeline/filters.inc"
#undef DKN_FILTER

namespace {

// Below the latter ratio of sizes fdkn_any is taken: above, the networks of one ratio are better on
// clean depth (experiments/sensors.json; docs/real_camera.md has the figures). Noise of pictures of
// the guide's size fdkn_photo removes best (experiments/restoration.json), of other targets with
// several channels fdkn_denoise. That no ratio is worse than bicubic,
// tests/accuracy/ratios_test.cpp holds.
constexpr double kMostOfDenoising = 1.2;
constexpr double kLeastOfOneRatio = 3.4;
// On clean depth of nyu_val fdkn_x4 has 1.05 times bicubic's RMSE at 2.75 and 0.89 times at 3.
constexpr double kLeastWithoutAny = 2.9;
// Noise that fdkn_any is better with than the networks of one ratio, which know none. Detail looks
// like noise the more the larger the ratio. On nyu_val this costs 0.3, 0.1 and 0.4 % of the RMSE on
// clean depth at 4x, 8x and 16x, and gains 4 % at 8x with noise of 0.5 %
// (experiments/sensors.json).
constexpr double kLeastNoise = 0.00045;
// Of points instead of averages the networks of one ratio make worse than bicubic interpolation
// does, by a fifth at 4x and 8x: they know nothing but averages. fdkn_any does not.
constexpr double kLeastBlended = 0.7;

struct Entry {
  const char* name;
  FilterKind (*kind)();
  const char* summary;
};

constexpr Entry kFilters[] = {
#define DKN_FILTER(name, kind, summary) {#name, kind, summary},
#include "src/pipeline/filters.inc"
#undef DKN_FILTER
};

const Entry* FindFilter(const std::string& name) {
  const auto found = std::find_if(std::begin(kFilters), std::end(kFilters),
                                  [&](const Entry& entry) { return name == entry.name; });
  return found == std::end(kFilters) ? nullptr : found;
}

[[noreturn]] void RefuseName(const std::string& name) {
  std::string known;
  for (const Entry& entry : kFilters) {
    known += std::string(known.empty() ? "" : ", ") + entry.name;
  }
  for (const std::string& model : ListModels()) {
    known += ", " + model;
  }
  throw MethodError("no method or model is named '" + name + "'; there are: " + known +
                    ". A model file's name ends in " + kModelSuffix);
}

// A method that is no network takes none but the defaults.
void RefuseOptions(const std::string& name, const NetworkOptions& options) {
  const auto refuse = [&](const char* what) {
    throw MethodError("'" + name + "' is no network: it has no " + what);
  };
  if (options.architecture) {
    refuse("architecture");
  }
  if (options.precision.value_or(Precision::kFp32) != Precision::kFp32) {
    refuse("precision");
  }
  if (options.max_memory_mb != 0) {
    refuse("bound of memory");
  }
}

// Networks of others compute in fp32, and tell their layers themselves.
void RefuseRivalOptions(const std::string& name, const NetworkOptions& options) {
  if (options.architecture) {
    throw MethodError("'" + name + "' is neither FDKN nor DKN: it has no architecture of theirs");
  }
  if (const Precision precision = options.precision.value_or(Precision::kFp32);
      precision != Precision::kFp32) {
    throw MethodError("'" + name + "' computes in fp32 alone, not in " + PrecisionName(precision));
  }
}

}  // namespace

std::vector<FilterInfo> ListFilters() {
  std::vector<FilterInfo> filters;
  for (const Entry& entry : kFilters) {
    filters.push_back({entry.name, entry.summary, entry.kind().parameters});
  }
  return filters;
}

std::vector<std::string> ListModels() {
  return ModelNames("");
}

ChosenMethod ChooseUpsamplingMethod(const TargetTraits& target,
                                    const std::vector<std::string>& models) {
  const double scale = target.scale;
  const auto there = [&](const std::string& name) {
    return std::find(models.begin(), models.end(), name) != models.end();
  };
  const bool any = there("fdkn_any");
  if (scale <= kMostOfDenoising && (target.channels > 1 || !any)) {
    const bool photo = target.channels == 3 && there("fdkn_photo");
    if (photo || there("fdkn_denoise")) {
      return {photo ? "fdkn_photo" : "fdkn_denoise",
              "of the guide's size, or nearly: it removes noise, and changes what was measured by "
              "no more than that",
              true};
    }
  }
  if (any && scale < kLeastOfOneRatio) {
    return {"fdkn_any", ""};
  }
  if (any && target.noise > kLeastNoise * scale) {
    return {"fdkn_any", "the target is noisy, by " + DigitsText(100.0 * target.noise, 2) +
                            " % of its range where it is smoothest"};
  }
  if (any && target.blended < kLeastBlended) {
    return {"fdkn_any", "its values are of single points, not averages: only " +
                            DigitsText(100.0 * target.blended, 2) +
                            " % of its edges have a value between both sides"};
  }
  if (scale < kLeastWithoutAny) {
    return {"bicubic", "there is no fdkn_any, the network for so small a ratio"};
  }
  std::string nearest;
  double least = std::numeric_limits<double>::infinity();
  for (const int trained : {4, 8, 16}) {
    const std::string name = "fdkn_x" + std::to_string(trained);
    const double distance = std::abs(std::log2(scale / trained));
    if (distance < least && there(name)) {
      nearest = name;
      least = distance;
    }
  }
  if (nearest.empty()) {
    throw MethodError("there is no model fdkn_x4, fdkn_x8 or fdkn_x16 to choose from");
  }
  return {nearest, ""};
}

std::string FindModelFile(const std::string& name_or_file) {
  if (FindFilter(name_or_file) != nullptr) {
    return "";
  }
  if (IsModelPath(name_or_file)) {
    return name_or_file;
  }
  if (std::string file = FindModel("", name_or_file); !file.empty()) {
    return file;
  }
  RefuseName(name_or_file);
}

std::unique_ptr<JointFilter> CreateFilter(const std::string& name_or_file,
                                          const NetworkOptions& options,
                                          const FilterSettings& settings) {
  if (const Entry* entry = FindFilter(name_or_file)) {
    RefuseOptions(name_or_file, options);
    return InContext("'" + name_or_file + "'", [&] { return MakeFilter(entry->kind(), settings); });
  }
  const std::string file = FindModelFile(name_or_file);
  if (auto rival = LoadRival(file, settings, options.max_memory_mb)) {
    RefuseRivalOptions(name_or_file, options);
    return rival;
  }
  auto model = Model::Load(file, options);
  if (!settings.empty()) {
    throw MethodError("'" + name_or_file + "' is a network: it has no parameter '" +
                      settings.begin()->first + "', nor any other to set");
  }
  return model;
}

FilterSettings ParseSettings(const std::string& text) {
  FilterSettings settings;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string item = text.substr(begin, end - begin);
    const std::size_t equals = item.find('=');
    const char* const last = item.data() + item.size();
    double value = 0.0;
    const bool named = equals != std::string::npos && equals > 0;
    if (!named || std::from_chars(item.data() + equals + 1, last, value).ptr != last ||
        equals + 1 == item.size()) {
      throw ArgumentError("the setting '" + item + "' is not NAME=NUMBER, as radius=2");
    }
    if (!settings.emplace(item.substr(0, equals), value).second) {
      throw ArgumentError("the parameter " + item.substr(0, equals) + " is set twice");
    }
    begin = end + 1;
  }
  return settings;
}

std::unique_ptr<Model> LoadModel(const std::string& name_or_file, const NetworkOptions& options) {
  const std::string file = FindModelFile(name_or_file);
  if (file.empty()) {
    throw MethodError("'" + name_or_file + "' is no network: it has no model file");
  }
  return Model::Load(file, options);
}

}  // namespace dkn
