#include "cli/upsampling.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <sstream>
#include <vector>

#include "cli/command.h"
#include "cli/sample_type.h"
#include "dkn/error.h"
#include "src/core/file.h"
#include "src/imaging/holes.h"
#include "src/imaging/value_range.h"
#include "src/io/image_files.h"

namespace dkn {
namespace {

// The value that stands for a hole besides those that are not finite.
std::optional<float> InvalidValue(const std::string& text, SampleType type) {
  if (text.empty()) {
    return type == SampleType::kFloat32 ? std::nullopt : std::optional<float>(0.0f);
  }
  if (text == "none") {
    return std::nullopt;
  }
  std::istringstream stream(text);
  float value = 0.0f;
  if (!(stream >> value) || !stream.eof()) {
    throw Error("--invalid: '" + text + "' is no number; expected one, or none");
  }
  if (type != SampleType::kFloat32 &&
      (value < 0.0f || value > FullScale(type) || value != std::nearbyint(value))) {
    throw Error("--invalid: " + text + " is no value of the target, integers from 0 to " +
                std::to_string(std::lround(FullScale(type))));
  }
  return value;
}

void CheckFits(float value, double scale) {
  const double limit = FullScale(SampleType::kUint16);
  const double steps = std::nearbyint(value / scale);
  if (!(0.0 <= steps && steps <= limit)) {
    std::ostringstream text;
    text << "the value " << value << " does not fit 16 bits in steps of " << scale
         << ", which hold 0 to " << limit * scale
         << "; --scale sets the step, and .tif, .npy, .pfm and .exr hold floats";
    throw Error(text.str());
  }
}

// From the target's unit to that of the result. NaN stays.
void Convert(FrameTypes types, double scale, Image& image) {
  if (types.target == types.result || types.target == SampleType::kUint8) {
    return;
  }
  const bool to_metres = types.result == SampleType::kFloat32;
  if (!to_metres && HasValues(image)) {
    const ValueRange range = FiniteRange(image);
    CheckFits(range.low, scale);
    CheckFits(range.high, scale);
  }
  std::transform(image.data(), image.data() + image.size(), image.data(), [&](float value) {
    return static_cast<float>(to_metres ? value * scale : std::nearbyint(value / scale));
  });
}

// The finest that the format of this file holds.
SampleType BestType(const std::string& path) {
  return HoldsType(path, SampleType::kFloat32)  ? SampleType::kFloat32
         : HoldsType(path, SampleType::kUint16) ? SampleType::kUint16
                                                : SampleType::kUint8;
}

}  // namespace

UpsamplingFilters::UpsamplingFilters(const UpsamplingTask& task)
    : model_(task.model),
      options_{.precision = ChosenPrecision(task.precision), .max_memory_mb = task.max_memory_mb} {}

const JointFilter& UpsamplingFilters::For(double scale) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string name = model_.empty() ? ChooseUpsamplingModel(scale) : model_;
  std::unique_ptr<JointFilter>& filter = filters_[name];
  if (filter == nullptr) {
    filter = CreateFilter(name, options_);
    chosen_[name] = scale;
  }
  return *filter;
}

void UpsamplingFilters::TellChoice() const {
  if (!model_.empty()) {
    return;
  }
  for (const auto& [name, scale] : chosen_) {
    std::fprintf(stderr, "dkn: %.3gx: used %s\n", scale, name.c_str());
  }
}

FrameTypes TypesFor(const std::string& result, SampleType target) {
  const bool floats = target == SampleType::kFloat32;
  for (const SampleType type : {target, floats ? SampleType::kUint16 : SampleType::kFloat32}) {
    if (HoldsType(result, type)) {
      return {target, type};
    }
  }
  throw Error(result + ": such a file cannot hold the target's values, " +
              (floats ? "floats" : "integers of 16 bits"));
}

Upsampled UpsampleForType(ConstView guide, ConstView target, FrameTypes types,
                          const JointFilter& filter, const UpsamplingTask& task) {
  const std::optional<float> invalid = InvalidValue(task.invalid, types.target);
  const Image marked = MarkHoles(target, invalid, task.upsample.mask);
  const bool integers =
      types.target != SampleType::kFloat32 || types.result != SampleType::kFloat32;
  UpsampleOptions options = task.upsample;
  options.mask = {};
  options.limit_to_measured = integers;
  Upsampled result;
  if (task.may_be_empty && !HasValues(marked)) {
    result.image = MakeHoles(guide.width, guide.height, target.channels);
    if (options.confidence) {
      result.confidence = Image(guide.width, guide.height);
    }
  } else {
    result = UpsamplePlaced(guide, marked, filter, task.geometry, options);
  }
  Convert(types, task.scale, result.image);
  if (types.result == types.target) {
    MarkInvalid(result.image, types.result, invalid);
  } else if (types.result != SampleType::kFloat32 && task.invalid != "none") {
    MarkInvalid(result.image, types.result, 0.0f);
  }
  if (types.result != SampleType::kFloat32) {
    std::replace_if(
        result.image.data(), result.image.data() + result.image.size(),
        [](float value) { return std::isnan(value); }, 0.0f);
  }
  return result;
}

void WriteUpsampled(const ResultFiles& files, const Upsampled& result, SampleType type) {
  std::vector<FileContent> contents;
  contents.push_back({files.image, ImageFileBytes(files.image, result.image, type)});
  if (!files.confidence.empty()) {
    Image confidence = Image::Clone(result.confidence);
    const SampleType held = BestType(files.confidence);
    std::for_each(confidence.data(), confidence.data() + confidence.size(),
                  [held](float& value) { value *= FullScale(held); });
    contents.push_back({files.confidence, ImageFileBytes(files.confidence, confidence, held)});
  }
  WriteFilesBytes(contents);
}

}  // namespace dkn
