#include "src/train/training_config.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "dkn/error.h"
#include "src/core/filter_settings.h"
#include "src/core/in_context.h"
#include "src/core/json_members.h"
#include "src/core/named_values.h"
#include "src/dkn/architecture.h"
#include "src/rivals/rival.h"

namespace dkn::train {
namespace {

constexpr std::int64_t kMaxSteps = 1'000'000'000;

constexpr NamedValue<ScheduleKind> kSchedules[] = {{"steps", ScheduleKind::kSteps},
                                                   {"one_cycle", ScheduleKind::kOneCycle}};
constexpr NamedValue<BatchStatistics> kBatchStatistics[] = {{"batch", BatchStatistics::kBatch},
                                                            {"running", BatchStatistics::kRunning}};

// What JsonMembers::Choice takes: from a name to the table's value.
template <typename T, std::size_t n>
auto OneOf(const NamedValue<T> (&table)[n], const char* what) {
  return [&table, what](const std::string& name) { return ParseNamed(table, name, what); };
}

Schedule ParseSchedule(const Json& json) {
  JsonMembers members(json, "schedule");
  Schedule schedule;
  schedule.kind = members.Choice("kind", OneOf(kSchedules, "schedule"), schedule.kind);
  schedule.rate = members.Positive("rate", schedule.rate);
  schedule.divide_by = members.Number("divide_by", 1.0, 1e6, schedule.divide_by);
  schedule.every = members.Integer<std::int64_t>("every", 1, kMaxSteps, schedule.every);
  schedule.warm_up = members.Number("warm_up", 0.0, 0.9, schedule.warm_up);
  members.CheckAllTaken();
  return schedule;
}

Degradation ParseDegradation(const Json& json) {
  JsonMembers members(json, "degradation");
  Degradation degradation;
  degradation.scale = members.Integer("scale", 1, 64, degradation.scale);
  degradation.resampler = members.Choice("resampler", ParseResampler, degradation.resampler);
  degradation.noise_variance =
      members.Number("noise_variance", 0.0, 1.0, degradation.noise_variance);
  members.CheckAllTaken();
  return degradation;
}

// Instead of an architecture.
RivalChoice ParseNetwork(JsonMembers& members, const Json& json) {
  members.Check(members.Find("architecture") == nullptr, "network", "without an architecture");
  JsonMembers network(json, "network");
  RivalChoice choice;
  choice.name = network.Text("name");
  FilterSettings settings;
  for (const auto& item : json.items()) {
    if (item.key() != "name") {
      settings[item.key()] = network.Number(item.key(), -1e9, 1e9, 0.0);
    }
  }
  return InContext(network.Name("name") + " '" + choice.name + "'", [&] {
    choice.values = CompleteSettings(FindRival(choice.name).parameters, settings);
    return choice;
  });
}

PerceptualTerm ParsePerceptual(const Json& json) {
  JsonMembers members(json, "perceptual");
  PerceptualTerm term;
  term.vgg = members.Text("vgg");
  term.weight = members.Positive("weight");
  members.CheckAllTaken();
  return term;
}

// After the architecture.
void ParseLossAndTerm(JsonMembers& members, TrainingConfig& config) {
  config.loss = ParseLoss(members, config.loss);
  if (config.loss != LossKind::kL1Perceptual) {
    if (members.Find("perceptual") != nullptr) {
      throw Error(members.Name("perceptual") + ": belongs to the loss l1_perceptual alone");
    }
    return;
  }
  // DKN trains on one pixel of 16, and these are no image to VGG-16.
  if (!config.network && config.architecture.kind == NetworkKind::kDkn) {
    throw Error(members.Name("loss") + ": l1_perceptual needs dense outputs: kind fdkn");
  }
  config.perceptual = ParsePerceptual(members.Get("perceptual"));
}

Rooms ParseRooms(const Json& json) {
  JsonMembers members(json, "rooms");
  Rooms rooms;
  rooms.count = members.Integer("count", 1, 100000, rooms.count);
  rooms.first_seed = members.Integer<std::uint64_t>(
      "first_seed", 0, std::numeric_limits<std::int64_t>::max(), rooms.first_seed);
  members.CheckAllTaken();
  return rooms;
}

PictureFolder ParsePictureFolder(JsonMembers& members, const char* key) {
  PictureFolder result;
  if (const Json* json = members.Find(key)) {
    JsonMembers folder(*json, members.Name(key));
    result.folder = folder.Text("folder");
    if (folder.Find("splits") != nullptr) {
      result.splits.clear();
      for (const Json& split : folder.Array("splits")) {
        folder.Check(split.is_string(), "splits", "a list of names");
        result.splits.push_back(split.get<std::string>());
      }
    }
    folder.CheckAllTaken();
  }
  return result;
}

// Whether the folder is given where, and only where, a case is of its pictures.
void CheckPictures(const JsonMembers& members, const char* key, const PictureFolder& pictures,
                   const std::vector<TrainingCase>& cases) {
  const bool needed = std::any_of(cases.begin(), cases.end(), [](const TrainingCase& item) {
    return item.picture && item.picture->of_pictures;
  });
  members.Check(needed == !pictures.folder.empty(), key,
                needed ? "given, which a case of pictures needs" : "for a case of pictures");
}

// After the degradation.
void ParseCases(JsonMembers& members, TrainingConfig& config) {
  const Json* cases = members.Find("cases");
  if (cases == nullptr) {
    return;
  }
  members.Check(members.Find("degradation") == nullptr, "cases", "beside a degradation");
  config.cases = ParseTrainingCases(*cases, members.Name("cases"));
  if (const Json* validation = members.Find("validation_cases")) {
    config.validation_cases = ParseTrainingCases(*validation, members.Name("validation_cases"));
  }
  const auto is_of_depth = [](const TrainingCase& item) { return !item.picture; };
  const bool of_depth =
      std::any_of(config.cases.begin(), config.cases.end(), is_of_depth) ||
      std::any_of(config.validation_cases.begin(), config.validation_cases.end(), is_of_depth);
  config.units.metres_per_step =
      of_depth ? members.Positive("metres_per_step")
               : members.Positive("metres_per_step", config.units.metres_per_step);
  config.units.focal = members.Positive("focal", config.units.focal);
  for (const std::vector<TrainingCase>* list : {&config.cases, &config.validation_cases}) {
    for (const TrainingCase& item : *list) {
      members.Check(!item.depth.NeedsFocal() || config.units.focal > 0.0, "focal",
                    "given, which the sensors of case '" + item.name + "' need");
    }
  }
  config.pictures = ParsePictureFolder(members, "pictures");
  CheckPictures(members, "pictures", config.pictures, config.cases);
  config.validation_pictures = ParsePictureFolder(members, "validation_pictures");
  CheckPictures(members, "validation_pictures", config.validation_pictures,
                config.validation_cases);
  config.validation_images = members.Integer("validation_images", 0, 1000000, 0);
  if (const Json* rooms = members.Find("rooms")) {
    config.rooms = ParseRooms(*rooms);
  }
  const auto of_rooms = [](const TrainingCase& item) { return item.rooms > 0.0; };
  members.Check(
      config.rooms.count > 0 || std::none_of(config.cases.begin(), config.cases.end(), of_rooms),
      "rooms", "given, which the rooms of a case need");
  members.Check(
      std::none_of(config.validation_cases.begin(), config.validation_cases.end(), of_rooms),
      "validation_cases", "without rooms: they are of the pairs of 'validation'");
}

std::map<std::string, std::string> ParseCard(const Json& json) {
  JsonMembers members(json, "card");
  std::map<std::string, std::string> card;
  for (const auto& item : json.items()) {
    card[item.key()] = members.Text(item.key());
  }
  return card;
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
  const Json json = ParseJson(text);
  JsonMembers members(json, "the training configuration");
  TrainingConfig config;
  if (const Json* architecture = members.Find("architecture")) {
    config.architecture = ArchitectureFromJson(architecture->dump());
  }
  if (const Json* network = members.Find("network")) {
    config.network = ParseNetwork(members, *network);
  }
  if (const Json* degradation = members.Find("degradation")) {
    config.degradation = ParseDegradation(*degradation);
  }
  ParseCases(members, config);
  if (const Json* schedule = members.Find("schedule")) {
    config.schedule = ParseSchedule(*schedule);
  }
  if (const Json* card = members.Find("card")) {
    config.card = ParseCard(*card);
  }
  ParseLossAndTerm(members, config);
  config.training_images = members.Integer("training_images", 1, 1000000, config.training_images);
  config.precision = members.Choice("precision", ParsePrecision, config.precision);
  members.Check(config.precision != Precision::kInt8, "precision", "fp32 or bf16");
  config.init_from = members.Text("init_from", config.init_from);
  config.batch_statistics = members.Choice(
      "batch_statistics", OneOf(kBatchStatistics, "source of statistics"), config.batch_statistics);
  members.Check(config.batch_statistics == BatchStatistics::kBatch || !config.init_from.empty(),
                "batch_statistics", "batch, where the run starts from random weights");
  const auto count = [&](const char* key, std::int64_t absent) {
    return members.Integer<std::int64_t>(key, 1, kMaxSteps, absent);
  };
  config.steps = count("steps", config.steps);
  config.validate_every = count("validate_every", config.validate_every);
  config.checkpoint_every = count("checkpoint_every", config.checkpoint_every);
  config.largest_gradient = members.Number("largest_gradient", 0.0, 1e6, config.largest_gradient);
  config.average_decay = members.Number("average_decay", 0.0, 0.999999, config.average_decay);
  config.batch = members.Integer("batch", 1, 1024, config.batch);
  config.crop = members.Integer("crop", 4, 4096, config.crop);
  members.Check(PaddedSize(config.crop) == config.crop, "crop",
                "a multiple of " + std::to_string(kResampling));
  config.crop_step = members.Integer("crop_step", 1, 4096, config.crop_step);
  config.augmentation.flip = members.Boolean("flip", config.augmentation.flip);
  // Images are measured whole and their crops mirrored: the last pixels would become the first.
  members.Check(!config.augmentation.flip ||
                    std::none_of(config.cases.begin(), config.cases.end(),
                                 [](const TrainingCase& item) { return item.depth.last_pixel; }),
                "flip", "false, as a case takes last pixels");
  config.augmentation.invert = members.Boolean("invert", config.augmentation.invert);
  config.seed = members.Integer<std::uint64_t>("seed", 0, std::numeric_limits<std::int64_t>::max(),
                                               config.seed);
  config.validation = members.Text("validation", config.validation);
  config.unit_per_step = members.Positive("unit_per_step", config.unit_per_step);
  config.unit = members.Text("unit", config.unit);
  members.Check(!config.network || config.batch_statistics == BatchStatistics::kBatch,
                "batch_statistics", "batch, for a network without batch normalisation");
  members.CheckAllTaken();
  return config;
}

}  // namespace dkn::train
