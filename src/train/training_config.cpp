#include "src/train/training_config.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <set>

#include "dkn/error.h"
#include "src/dkn/architecture.h"

namespace dkn {
namespace {

using Json = nlohmann::json;

// Reads the members of a JSON object and remembers their names, to tell unknown ones in the end.
class ObjectReader {
 public:
  ObjectReader(const Json& object, std::string name) : object_(object), name_(std::move(name)) {
    if (!object.is_object()) {
      throw Error(name_ + " is not a JSON object");
    }
  }
  const Json* Find(const char* key) {
    known_.insert(key);
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  template <typename T>
  void Read(const char* key, T& value) {
    const Json* member = Find(key);
    if (member == nullptr) {
      return;
    }
    try {
      value = member->get<T>();
    } catch (const Json::exception&) {
      throw Error(name_ + ": '" + key + "' has a wrong type");
    }
  }
  void Require(bool condition, const char* key, const char* expected) const {
    if (!condition) {
      throw Error(name_ + ": '" + key + "' is not " + expected);
    }
  }
  void RefuseUnknown() const {
    for (const auto& item : object_.items()) {
      if (known_.count(item.key()) == 0) {
        throw Error(name_ + " has no field '" + item.key() + "'");
      }
    }
  }

 private:
  const Json& object_;
  std::string name_;
  std::set<std::string> known_;
};

Schedule ParseSchedule(const Json& json) {
  ObjectReader reader(json, "'schedule'");
  Schedule schedule;
  std::string kind = "steps";
  reader.Read("kind", kind);
  reader.Require(kind == "steps" || kind == "one_cycle", "kind", "steps or one_cycle");
  schedule.kind = kind == "steps" ? ScheduleKind::kSteps : ScheduleKind::kOneCycle;
  reader.Read("rate", schedule.rate);
  reader.Require(schedule.rate > 0, "rate", "positive");
  reader.Read("divide_by", schedule.divide_by);
  reader.Require(schedule.divide_by >= 1, "divide_by", "at least 1");
  reader.Read("every", schedule.every);
  reader.Require(schedule.every > 0, "every", "positive");
  reader.Read("warm_up", schedule.warm_up);
  reader.Require(schedule.warm_up >= 0 && schedule.warm_up < 1, "warm_up", "in [0, 1)");
  reader.RefuseUnknown();
  return schedule;
}

Degradation ParseDegradation(const Json& json) {
  ObjectReader reader(json, "'degradation'");
  Degradation degradation;
  reader.Read("scale", degradation.scale);
  reader.Require(degradation.scale >= 1 && degradation.scale <= 64, "scale", "in 1..64");
  std::string resampler = ToString(degradation.resampler);
  reader.Read("resampler", resampler);
  degradation.resampler = ParseResampler(resampler);
  reader.RefuseUnknown();
  return degradation;
}

}  // namespace

double LearningRate(const Schedule& schedule, std::int64_t step, std::int64_t steps) {
  if (schedule.kind == ScheduleKind::kSteps) {
    return schedule.rate / std::pow(schedule.divide_by, static_cast<double>(step / schedule.every));
  }
  const double done = (static_cast<double>(step) + 0.5) / static_cast<double>(steps);
  if (done < schedule.warm_up) {
    return schedule.rate * done / schedule.warm_up;
  }
  const double fall = (done - schedule.warm_up) / (1.0 - schedule.warm_up);
  return schedule.rate * 0.5 * (1.0 + std::cos(std::numbers::pi * fall));
}

TrainingConfig ParseTrainingConfig(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    throw Error("the training configuration is not JSON");
  }
  ObjectReader reader(json, "the training configuration");
  TrainingConfig config;
  if (const Json* architecture = reader.Find("architecture")) {
    config.architecture = ArchitectureFromJson(architecture->dump());
  }
  if (const Json* degradation = reader.Find("degradation")) {
    config.degradation = ParseDegradation(*degradation);
  }
  if (const Json* schedule = reader.Find("schedule")) {
    config.schedule = ParseSchedule(*schedule);
  }
  reader.Read("steps", config.steps);
  reader.Require(config.steps > 0, "steps", "positive");
  reader.Read("batch", config.batch);
  reader.Require(config.batch > 0 && config.batch <= 1024, "batch", "in 1..1024");
  reader.Read("crop", config.crop);
  reader.Require(config.crop > 0 && config.crop % 4 == 0, "crop", "a positive multiple of 4");
  reader.Read("crop_step", config.crop_step);
  reader.Require(config.crop_step > 0, "crop_step", "positive");
  reader.Read("flip", config.flip);
  reader.Read("seed", config.seed);
  reader.Read("validate_every", config.validate_every);
  reader.Require(config.validate_every > 0, "validate_every", "positive");
  reader.Read("checkpoint_every", config.checkpoint_every);
  reader.Require(config.checkpoint_every > 0, "checkpoint_every", "positive");
  reader.Read("validation", config.validation);
  reader.Read("unit_per_step", config.unit_per_step);
  reader.Read("unit", config.unit);
  reader.Read("card", config.card);
  reader.RefuseUnknown();
  return config;
}

}  // namespace dkn
