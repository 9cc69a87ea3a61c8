#include "src/train/segmentation_config.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dkn/error.h"
#include "src/core/json_members.h"
#include "src/core/named_values.h"
#include "src/dkn/architecture.h"
#include "src/segmentation/deeplab.h"

namespace dkn::train {
namespace {

constexpr std::int64_t kMaxSteps = 1'000'000'000;

constexpr NamedValue<ScoreFilter> kFilters[] = {
    {"none", ScoreFilter::kNone}, {"fdkn", ScoreFilter::kFdkn}, {"guided", ScoreFilter::kGuided}};
constexpr NamedValue<PartOptimizer> kOptimizers[] = {{"sgd", PartOptimizer::kSgd},
                                                     {"adam", PartOptimizer::kAdam}};
constexpr NamedValue<BatchStatistics> kStatistics[] = {{"batch", BatchStatistics::kBatch},
                                                       {"running", BatchStatistics::kRunning}};

std::vector<std::string> ParseClasses(JsonMembers& members) {
  std::vector<std::string> classes;
  for (const Json& name : members.Array("classes")) {
    members.Check(name.is_string() && name.get<std::string>().find(',') == std::string::npos,
                  "classes", "a list of names without commas");
    classes.push_back(name.get<std::string>());
  }
  members.Check(classes.size() >= 2, "classes", "a list of two names or more");
  return classes;
}

std::vector<std::array<int, 3>> ParseColours(JsonMembers& members, std::size_t classes) {
  std::vector<std::array<int, 3>> colours;
  if (members.Find("colours") == nullptr) {
    return colours;
  }
  const char* expected = "a list of [R, G, B], 0 to 255, for each class";
  for (const Json& colour : members.Array("colours")) {
    members.Check(colour.is_array() && colour.size() == 3, "colours", expected);
    for (const Json& value : colour) {
      members.Check(value.is_number_unsigned() && value.get<std::uint64_t>() <= 255, "colours",
                    expected);
    }
    colours.push_back({colour[0].get<int>(), colour[1].get<int>(), colour[2].get<int>()});
  }
  members.Check(colours.size() == classes, "colours", expected);
  return colours;
}

PartConfig ParsePart(JsonMembers& part) {
  PartConfig config;
  config.rate = part.Number("rate", 0.0, 1e3);
  config.optimizer = part.Choice(
      "optimizer",
      [](const std::string& name) { return ParseNamed(kOptimizers, name, "optimiser"); },
      config.optimizer);
  config.init_from = part.Text("init_from", "");
  return config;
}

void ParseFilter(const Json& json, SegmentationConfig& config) {
  JsonMembers filter(json, "filter");
  config.filter = filter.Choice("kind", [](const std::string& name) {
    return ParseNamed(kFilters, name, "filter of scores");
  });
  if (config.filter != ScoreFilter::kNone) {
    config.filter_part = ParsePart(filter);
  }
  if (config.filter == ScoreFilter::kFdkn) {
    if (const Json* architecture = filter.Find("architecture")) {
      config.architecture = ArchitectureFromJson(architecture->dump());
    }
    filter.Check(config.architecture.kind == NetworkKind::kFdkn && config.architecture.levels == 1,
                 "architecture", "an FDKN without coarser levels");
  } else if (config.filter == ScoreFilter::kGuided) {
    config.guided_layer.radius = filter.Integer("radius", 1, 1000, config.guided_layer.radius);
    config.guided_layer.epsilon = filter.Positive("epsilon", config.guided_layer.epsilon);
  }
  filter.CheckAllTaken();
}

SegmentationAugmentation ParseAugmentation(const Json& json) {
  JsonMembers members(json, "augmentation");
  SegmentationAugmentation result;
  result.least_scale = members.Number("least_scale", 0.1, 10.0, result.least_scale);
  result.most_scale = members.Number("most_scale", result.least_scale, 10.0, result.most_scale);
  result.flip = members.Boolean("flip", result.flip);
  result.colour = members.Number("colour", 0.0, 0.9, result.colour);
  members.CheckAllTaken();
  return result;
}

}  // namespace

bool IsSegmentation(const std::string& text) {
  const Json json = ParseJson(text);
  return json.is_object() && json.contains("task") && json["task"] == "segmentation";
}

SegmentationConfig ParseSegmentationConfig(const std::string& text) {
  const Json json = ParseJson(text);
  JsonMembers members(json, "the training configuration");
  SegmentationConfig config;
  members.Check(members.Text("task") == "segmentation", "task", "segmentation");
  config.classes = ParseClasses(members);
  config.colours = ParseColours(members, config.classes.size());
  config.network = members.Choice(
      "network",
      [&](const std::string& name) {
        MakeDeepLab(name, 2);
        return name;
      },
      config.network);
  JsonMembers backbone(members.Get("backbone"), "backbone");
  config.backbone = ParsePart(backbone);
  backbone.CheckAllTaken();
  if (const Json* filter = members.Find("filter")) {
    ParseFilter(*filter, config);
  }
  members.Check(config.backbone.rate > 0.0 || config.filter_part.rate > 0.0, "backbone",
                "with a rate, or the filter has one");
  JsonMembers data(members.Get("data"), "data");
  config.data.layout = data.Text("layout");
  config.data.split = data.Text("split", config.data.split);
  config.held_out = data.Integer("held_out", 0, 31, config.held_out);
  data.CheckAllTaken();
  if (const Json* augmentation = members.Find("augmentation")) {
    config.augmentation = ParseAugmentation(*augmentation);
  }
  const auto count = [&](const char* key, std::int64_t least, std::int64_t absent) {
    return members.Integer<std::int64_t>(key, least, kMaxSteps, absent);
  };
  config.steps = count("steps", 1, config.steps);
  config.warm_up = count("warm_up", 0, config.warm_up);
  config.validate_every = count("validate_every", 1, config.validate_every);
  config.checkpoint_every = count("checkpoint_every", 1, config.checkpoint_every);
  config.power = members.Number("power", 0.0, 10.0, config.power);
  config.momentum = members.Number("momentum", 0.0, 0.9999, config.momentum);
  config.weight_decay = members.Number("weight_decay", 0.0, 1.0, config.weight_decay);
  config.batch = members.Integer("batch", 1, 1024, config.batch);
  for (const auto& [key, side] :
       {std::pair{"crop_width", &config.crop_width}, {"crop_height", &config.crop_height}}) {
    *side = members.Integer(key, kScoreStep, 4096, *side);
    members.Check(*side % kScoreStep == 0, key, "a multiple of " + std::to_string(kScoreStep));
  }
  config.precision = members.Choice("precision", ParsePrecision, config.precision);
  members.Check(config.precision != Precision::kInt8, "precision", "fp32 or bf16");
  config.batch_statistics = members.Choice(
      "batch_statistics",
      [](const std::string& name) { return ParseNamed(kStatistics, name, "source of statistics"); },
      config.batch_statistics);
  config.seed = members.Integer<std::uint64_t>("seed", 0, std::numeric_limits<std::int64_t>::max(),
                                               config.seed);
  if (const Json* card = members.Find("card")) {
    JsonMembers fields(*card, "card");
    for (const auto& item : card->items()) {
      config.card[item.key()] = fields.Text(item.key());
    }
  }
  members.CheckAllTaken();
  return config;
}

double PolyRate(const SegmentationConfig& config, double rate, std::int64_t step) {
  const double left = 1.0 - static_cast<double>(step) / static_cast<double>(config.steps);
  const double rise = config.warm_up > step ? (static_cast<double>(step) + 1.0) /
                                                  (static_cast<double>(config.warm_up) + 1.0)
                                            : 1.0;
  return rate * rise * std::pow(left, config.power);
}

}  // namespace dkn::train
