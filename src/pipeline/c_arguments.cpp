#include "src/pipeline/c_arguments.h"

#include <cmath>
#include <optional>

#include "dkn/invalid_values.h"
#include "dkn/placement.h"
#include "src/core/in_context.h"
#include "src/core/size_text.h"

namespace dkn {
namespace {

thread_local std::string last_error;

// The choice that a number of C's enumeration stands for; `choices` are in its order.
template <typename T, std::size_t count>
T Choice(int number, const T (&choices)[count], const char* name) {
  if (number < 0 || number >= static_cast<int>(count)) {
    throw ArgumentError(std::string(name) + " is " + std::to_string(number) + ", expected 0 to " +
                        std::to_string(count - 1));
  }
  return choices[number];
}

constexpr SampleType kSampleTypes[] = {SampleType::kUint8, SampleType::kUint16,
                                       SampleType::kFloat16, SampleType::kFloat32};
constexpr ChannelOrder kOrders[] = {ChannelOrder::kRgb, ChannelOrder::kBgr};
constexpr std::optional<Precision> kPrecisions[] = {std::nullopt, Precision::kFp32,
                                                    Precision::kBf16, Precision::kInt8};
constexpr InvalidRule kInvalidRules[] = {InvalidRule::kByType, InvalidRule::kNone,
                                         InvalidRule::kValue};
constexpr HoleMode kHoleModes[] = {HoleMode::kFill, HoleMode::kKeep, HoleMode::kMeasured};
constexpr Resampler kResamplers[] = {Resampler::kBicubic, Resampler::kNearest, Resampler::kBox,
                                     Resampler::kBilinear, Resampler::kLanczos};

// `value`, or the default where it is 0.
template <typename T>
T OrDefault(T value, T fallback) {
  return value == T{0} ? fallback : value;
}

Rectangle PlaceFrom(const int (&place)[4]) {
  if (std::min(place[0], place[1]) < 0 || std::min(place[2], place[3]) < 1) {
    throw ArgumentError("options.place is " + std::to_string(place[2]) + " x " +
                        std::to_string(place[3]) + " at " + std::to_string(place[0]) + ", " +
                        std::to_string(place[1]) + ", expected pixels of the guide");
  }
  return {place[0], place[1], place[2], place[3]};
}

}  // namespace

void SetLastError(const char* text) noexcept {
  try {
    last_error = text;
  } catch (...) {
    last_error.clear();
    last_error.append("out of memory");  // short: takes no memory
  }
}

NetworkOptions NetworkFrom(int precision, int max_memory_mb, double max_rmse_change_percent) {
  NetworkOptions network;
  network.precision = Choice(precision, kPrecisions, "options.precision");
  if (max_memory_mb < 0) {
    throw ArgumentError("options.max_memory_mb is " + std::to_string(max_memory_mb) +
                        ", expected 0 or more");
  }
  network.max_memory_mb = max_memory_mb;
  if (!(max_rmse_change_percent >= 0.0)) {  // NaN too
    throw ArgumentError("options.max_rmse_change_percent is negative or NaN");
  }
  network.max_rmse_change_percent =
      OrDefault(max_rmse_change_percent, network.max_rmse_change_percent);
  return network;
}

FilterSettings SettingsFrom(const char* text) {
  return InContext("options.settings", [&] { return ParseSettings(text == nullptr ? "" : text); });
}

Frame FrameFrom(const dkn_frame* frame, const char* name) {
  const dkn_frame given = KnownPart(&NotNull(frame, name), name);
  const std::string text(name);
  Frame known(given.data, Choice(given.type, kSampleTypes, (text + ".type").c_str()), given.width,
              given.height, given.channels);
  known.order = Choice(given.order, kOrders, (text + ".order").c_str());
  known.planar = given.planar != 0;
  known.row_stride = given.row_stride;
  known.plane_stride = given.plane_stride;
  CheckFrame(known, text);
  return known;
}

void CheckSize(const Frame& frame, const char* name, const Frame& size, int channels) {
  if (frame.width != size.width || frame.height != size.height || frame.channels != channels) {
    throw Error(std::string(name) + " is " + SizeText(frame.width, frame.height) + " with " +
                std::to_string(frame.channels) + " channels, expected " +
                SizeText(size.width, size.height) + " with " + std::to_string(channels));
  }
}

UpsamplerOptions OptionsFrom(const dkn_upsampler_options* options) {
  const dkn_upsampler_options given = KnownPart(options, "options");
  UpsamplerOptions known;
  known.method = given.method == nullptr ? "" : given.method;
  known.network = NetworkFrom(given.precision, given.max_memory_mb, given.max_rmse_change_percent);
  known.settings = SettingsFrom(given.settings);
  known.orientations = OrDefault(given.orientations, known.orientations);
  known.invalid_rule = Choice(given.invalid_rule, kInvalidRules, "options.invalid_rule");
  if (given.invalid_values != nullptr) {
    known.invalid = InContext("options.invalid_values",
                              [&] { return ParseInvalidValues(given.invalid_values); });
  } else if (std::isfinite(given.invalid)) {
    known.invalid = given.invalid;
  } else {
    known.invalid = InvalidValues();
  }
  if (given.mask_at_least != 0.0) {
    known.mask_at_least = static_cast<float>(given.mask_at_least);
  }
  UpsampleOptions& upsample = known.upsample;
  upsample.holes = Choice(given.holes, kHoleModes, "options.holes");
  upsample.least_support = OrDefault(given.least_support, upsample.least_support);
  upsample.hole_refinements = given.hole_refinements == -1
                                  ? 0
                                  : OrDefault(given.hole_refinements, upsample.hole_refinements);
  upsample.fidelity_iterations = given.fidelity_iterations;
  upsample.resampler = Choice(given.resampler, kResamplers, "options.resampler");
  upsample.confidence = given.confidence != 0;
  upsample.soft_mask = given.soft_mask != 0;
  upsample.keep_wild_values = given.keep_wild_values != 0;
  upsample.iterations = OrDefault(given.iterations, 1);
  if (given.progress != nullptr) {
    upsample.progress = [call = given.progress, user = given.progress_user](double done) {
      return call(done, user) != 0;
    };
  }
  known.step = OrDefault(given.step, known.step);
  known.may_be_empty = given.may_be_empty != 0;
  if (given.has_place != 0) {
    known.placement.place = PlaceFrom(given.place);
  }
  if (given.cameras_json != nullptr) {
    known.placement.cameras =
        InContext("options.cameras_json", [&] { return ParseCameraPair(given.cameras_json); });
  }
  return known;
}

FilterChoice OptionsFrom(const dkn_filter_options* options) {
  const dkn_filter_options given = KnownPart(options, "options");
  dkn_upsampler_options all{};
  all.struct_size = sizeof all;
  all.method = given.method;
  all.precision = given.precision;
  all.max_memory_mb = given.max_memory_mb;
  all.max_rmse_change_percent = given.max_rmse_change_percent;
  all.settings = given.settings;
  all.orientations = given.orientations;
  all.iterations = given.iterations;
  all.invalid_rule = given.invalid_rule;
  all.invalid = given.invalid;
  all.invalid_values = given.invalid_values;
  all.holes = given.holes;
  all.least_support = given.least_support;
  all.keep_wild_values = given.keep_wild_values;
  all.mask_at_least = given.mask_at_least;
  all.soft_mask = given.soft_mask;
  all.progress = given.progress;
  all.progress_user = given.progress_user;
  FilterChoice choice{OptionsFrom(&all), {}};
  choice.options.upsample.same_size = true;
  if (given.mask != nullptr) {
    choice.mask = FrameFrom(given.mask, "options.mask");
  }
  return choice;
}

}  // namespace dkn

const char* dkn_last_error(void) {
  return dkn::last_error.c_str();
}
