#include "src/eval/experiment.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "dkn/error.h"
#include "dkn/orientations.h"
#include "src/core/in_context.h"
#include "src/core/json_members.h"
#include "src/dkn/architecture.h"

namespace dkn::eval {
namespace {

constexpr int kMostScale = 64;

// [low, high].
ValueRange ParseValueRange(JsonMembers& members, const std::string& key) {
  const Json& json = members.Get(key);
  members.Check(json.is_array() && json.size() == 2 && json[0].is_number() && json[1].is_number() &&
                    json[0].get<float>() < json[1].get<float>(),
                key, "[LOW, HIGH]");
  return {json[0].get<float>(), json[1].get<float>()};
}

// The name of a range, or [low, high].
Normalization ParseNormalization(JsonMembers& members) {
  if (members.Get("normalization").is_array()) {
    return ParseValueRange(members, "normalization");
  }
  return members.Choice("normalization", ParseRange);
}

// The truth as a depth camera measures it, at one ratio.
void ParseMeasured(const Json& json, const std::string& path, Protocol& protocol) {
  JsonMembers members(json, path);
  protocol.depth_case = sensors::ParseDepthCase(members);
  const sensors::Interval ratio = protocol.depth_case->ratio;
  members.Check(ratio.low == ratio.high, "ratio", "one number");
  members.CheckAllTaken();
  protocol.scale = std::max(1, static_cast<int>(std::lround(ratio.low)));
  protocol.depth_case_text = json.dump();
}

void ParseCameraNoise(JsonMembers& protocol_members, Protocol& protocol) {
  if (const Json* json = protocol_members.Find("camera_noise")) {
    JsonMembers members(*json, protocol_members.Name("camera_noise"));
    protocol.electrons = members.Number("electrons", 1.0, 1e8);
    protocol.read_noise = members.Number("read_noise", 0.0, 1e6);
    members.CheckAllTaken();
  }
}

// Reads all fields of a protocol but its scale, which one with "measured" does not have.
Protocol ParseProtocolFields(JsonMembers& members) {
  Protocol protocol;
  if (const Json* depth_case = members.Find("measured")) {
    ParseMeasured(*depth_case, members.Name("measured"), protocol);
  } else {
    protocol.down = members.Choice("down", ParseDown);
    protocol.noise_variance = members.Number("noise_variance", 0.0, 1.0, 0.0);
    protocol.depth_noise = members.Number("depth_noise", 0.0, 1e9, 0.0);
    ParseCameraNoise(members, protocol);
    protocol.holes = members.Number("holes", 0.0, 0.99, 0.0);
  }
  protocol.count_holes = members.Boolean("count_holes", false);
  protocol.up = members.Choice("up", ParseResampler);
  protocol.border = members.Integer("border", 0, 1000);
  protocol.normalization = ParseNormalization(members);
  return protocol;
}

// "scale" is a number, or a list of them: a case for each.
std::vector<Case> ParseProtocol(const Json& json) {
  JsonMembers members(json, "protocol");
  Protocol protocol = ParseProtocolFields(members);
  std::vector<Case> cases;
  if (protocol.depth_case) {
    members.CheckAllTaken();
    return {{"", protocol}};
  }
  const Json& scale = members.Get("scale");
  if (scale.is_array()) {
    members.Check(!scale.empty(), "scale", "a list that is not empty");
    for (const Json& item : scale) {
      members.Check(item.is_number_integer() && item >= 1 && item <= kMostScale, "scale",
                    "a list of integers from 1 to " + std::to_string(kMostScale));
      protocol.scale = item.get<int>();
      cases.push_back({std::to_string(protocol.scale) + "x", protocol});
    }
  } else {
    protocol.scale = members.Integer("scale", 1, kMostScale);
    cases.push_back({"", protocol});
  }
  members.CheckAllTaken();
  return cases;
}

// "protocol", or "protocols": a list of them with labels.
std::vector<Case> ParseCases(JsonMembers& experiment) {
  if (experiment.Find("protocols") == nullptr) {
    return ParseProtocol(experiment.Get("protocol"));
  }
  std::vector<Case> cases;
  for (const Json& json : experiment.Array("protocols")) {
    JsonMembers members(json, "protocols[" + std::to_string(cases.size()) + "]");
    const std::string label = members.Text("label");
    Protocol protocol = ParseProtocolFields(members);
    if (!protocol.depth_case) {
      protocol.scale = members.Integer("scale", 1, kMostScale);
    }
    members.CheckAllTaken();
    cases.push_back({label, protocol});
  }
  return cases;
}

std::vector<std::string> ParseTexts(JsonMembers& members, const std::string& key) {
  std::vector<std::string> texts;
  if (members.Find(key) != nullptr) {
    for (const Json& item : members.Array(key)) {
      members.Check(item.is_string(), key, "a list of strings");
      texts.push_back(item.get<std::string>());
    }
  }
  return texts;
}

// Labels of some of the experiment's cases.
std::vector<std::string> ParseOnly(JsonMembers& members, const std::vector<Case>& cases) {
  std::vector<std::string> only = ParseTexts(members, "only");
  for (const std::string& label : only) {
    members.Check(std::any_of(cases.begin(), cases.end(),
                              [&](const Case& item) { return item.label == label; }),
                  "only", "a list of cases: there is no '" + label + "'");
  }
  return only;
}

EvaluationSet ParseSet(const Json& json, const std::string& path, const std::vector<Case>& cases) {
  JsonMembers members(json, path);
  EvaluationSet set;
  set.label = members.Text("label");
  set.unit = members.Text("unit");
  set.missing = members.Text("missing", "");
  if (set.missing.empty() || members.Find("folder") != nullptr) {
    set.data.path = members.Text("folder");
    set.data.layout = members.Text("layout", "pairs");
    set.data.unit_per_step = members.Positive("unit_per_step");
    set.data.split = members.Text("split", set.data.split);
    if (members.Find("invalid") != nullptr) {
      set.data.invalid = static_cast<float>(members.Number("invalid", -1e30, 1e30));
    }
    if (members.Find("stretch") != nullptr) {
      set.stretch = ParseValueRange(members, "stretch");
    }
    set.images = ParseTexts(members, "images");
    set.only = ParseOnly(members, cases);
    set.metres = members.Positive("metres", set.metres);
    set.focal = members.Positive("focal", set.focal);
    set.peak = members.Positive("peak", set.peak);
  }
  members.CheckAllTaken();
  return set;
}

// An object with a figure for each of some sets: a positive number where there is one case, else a
// list of one for each case, or null.
Figures ParseFigures(JsonMembers& method, const std::string& key, const Experiment& experiment) {
  Figures figures;
  const Json* json = method.Find(key);
  if (json == nullptr) {
    return figures;
  }
  const std::vector<Case>& cases = experiment.cases;
  JsonMembers members(*json, method.Name(key));
  for (const EvaluationSet& set : experiment.sets) {
    const Json* values = members.Find(set.label);
    if (values == nullptr) {
      continue;
    }
    if (cases.size() == 1) {
      figures[{set.label, cases[0].label}] = members.Positive(set.label);
      continue;
    }
    members.Check(values->is_array() && values->size() == cases.size(), set.label,
                  "a list of " + std::to_string(cases.size()) + " figures, one for each case");
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const Json& value = (*values)[i];
      members.Check(value.is_null() || (value.is_number() && value > 0), set.label,
                    "a list of positive numbers and nulls");
      if (!value.is_null()) {
        figures[{set.label, cases[i].label}] = value.get<double>();
      }
    }
  }
  members.CheckAllTaken();
  return figures;
}

// An object of numbers, a parameter's name each.
FilterSettings ReadSettings(JsonMembers& method, const std::string& key) {
  FilterSettings settings;
  if (const Json* json = method.Find(key)) {
    method.Check(json->is_object(), key, "an object of numbers");
    for (const auto& [name, value] : json->items()) {
      method.Check(value.is_number(), key, "an object of numbers");
      settings[name] = value.get<double>();
    }
  }
  return settings;
}

Method ParseMethod(const Json& json, const std::string& path, const Experiment& experiment) {
  JsonMembers members(json, path);
  Method method;
  method.label = members.Text("label");
  method.missing = members.Text("missing", "");
  if (method.missing.empty()) {
    method.filter = members.Text("filter");
    const bool scores = TakesScores(experiment.cases.front().protocol);
    method.segmenter = scores ? members.Text("segmenter") : "";
    method.settings = ReadSettings(members, "set");
    if (const Json* architecture = members.Find("architecture")) {
      members.Check(architecture->is_object(), "architecture", "a JSON object");
      method.architecture = architecture->dump();
    }
    method.precision = members.Choice("precision", ParsePrecision, Precision::kFp32);
    if (members.Find("normalization") != nullptr) {
      method.normalization = ParseNormalization(members);
    }
    method.hole_use = members.Choice("holes", ParseHoleUse, HoleUse::kRefined);
    method.fidelity = members.Integer("fidelity", 0, 100, 0);
    method.iterations = members.Integer("iterations", 1, 100, 1);
    if (!scores) {  // a Segmenter filters by itself
      method.orientations = members.Integer("orientations", 1, 8, 1);
      InContext(members.Name("orientations"), [&] { CheckOrientations(method.orientations); });
    }
    method.only = ParseOnly(members, experiment.cases);
    method.at_most = ParseFigures(members, "at_most", experiment);
  }
  method.paper = ParseFigures(members, "paper", experiment);
  members.CheckAllTaken();
  return method;
}

std::vector<Metric> ParseMetrics(JsonMembers& experiment) {
  std::vector<Metric> metrics;
  for (const std::string& name : ParseTexts(experiment, "metrics")) {
    metrics.push_back(InContext(experiment.Name("metrics"), [&] { return ParseMetric(name); }));
  }
  return metrics.empty() ? std::vector<Metric>(1) : metrics;
}

template <typename Labelled>
void CheckLabels(const std::vector<Labelled>& items, const std::string& name) {
  std::set<std::string> labels;
  for (const Labelled& item : items) {
    if (!labels.insert(item.label).second) {
      throw Error(name + ": two have the label '" + item.label + "'");
    }
  }
}

// Adds the labels that make up `text`, separated by commas, which labels may hold too: the longest
// that fits, from the left. Throws Error where none does.
template <typename Labelled>
void AddLabels(const std::string& text, const std::vector<Labelled>& items, const std::string& what,
               std::set<std::string>& labels) {
  for (std::size_t at = 0; at <= text.size();) {
    std::string found;
    std::string known;
    for (const Labelled& item : items) {
      const std::size_t end = at + item.label.size();
      if (item.label.size() > found.size() &&
          text.compare(at, item.label.size(), item.label) == 0 &&
          (end == text.size() || text[end] == ',')) {
        found = item.label;
      }
      known.append(known.empty() ? "'" : ", '").append(item.label).append("'");
    }
    if (found.empty()) {
      throw Error("the experiment has no " + what + " '" + text.substr(at) + "'; it has " + known);
    }
    labels.insert(found);
    at += found.size() + 1;
  }
}

template <typename Labelled>
void SelectItems(const std::vector<std::string>& texts, const std::string& what,
                 std::vector<Labelled>& items) {
  std::set<std::string> labels;
  for (const std::string& text : texts) {
    AddLabels(text, items, what, labels);
  }
  if (!labels.empty()) {
    std::erase_if(items, [&](const Labelled& item) { return !labels.contains(item.label); });
  }
}

// Whether a list of labels, of which an empty one stands for all, has the case.
bool IsAmong(const std::vector<std::string>& only, const Case& in_case) {
  return only.empty() || std::find(only.begin(), only.end(), in_case.label) != only.end();
}

}  // namespace

Experiment Select(Experiment experiment, const std::vector<std::string>& methods,
                  const std::vector<std::string>& sets) {
  SelectItems(methods, "method", experiment.methods);
  SelectItems(sets, "set", experiment.sets);
  return experiment;
}

bool MeasuredIn(const Method& method, const Case& in_case) {
  return method.missing.empty() && IsAmong(method.only, in_case);
}

bool MeasuredOn(const EvaluationSet& set, const Case& in_case) {
  return IsAmong(set.only, in_case);
}

Protocol ProtocolOf(const Method& method, const Case& in_case) {
  Protocol protocol = in_case.protocol;
  protocol.normalization = method.normalization.value_or(protocol.normalization);
  protocol.hole_use = method.hole_use;
  protocol.fidelity = method.fidelity;
  protocol.iterations = method.iterations;
  return protocol;
}

bool IsMissing(const EvaluationSet& set, const std::string& data) {
  return !set.missing.empty() &&
         (set.data.path.empty() ||
          !std::filesystem::exists(std::filesystem::path(data) / set.data.path));
}

std::unique_ptr<Dataset> OpenSetData(const EvaluationSet& set, const std::string& data,
                                     const Protocol& protocol) {
  DatasetOptions options = set.data;
  options.path = (std::filesystem::path(data) / options.path).string();
  options.scale = std::holds_alternative<ProvidedInput>(protocol.down) ? protocol.scale : 0;
  return OpenDataset(options);
}

Sample ReadSample(const EvaluationSet& set, const Dataset& data, std::size_t index) {
  Sample sample = data.Read(index);
  if (set.stretch) {
    const ValueRange range = FiniteRange(sample.truth);
    if (range.low == range.high) {
      throw Error(data.Files(index).back() + ": every value is the same");
    }
    for (Image* image : {&sample.truth, sample.input ? &*sample.input : nullptr}) {
      if (image != nullptr) {
        Normalize(*image, range, *image);
        Denormalize(*image, *set.stretch, *image);
      }
    }
  }
  return sample;
}

Experiment ParseExperiment(const std::string& text) {
  const Json json = ParseJson(text);
  JsonMembers members(json, "the experiment");
  Experiment experiment;
  experiment.title = members.Text("title");
  experiment.note = members.Text("note", "");
  experiment.cases = ParseCases(members);
  CheckLabels(experiment.cases, "cases");
  experiment.metrics = ParseMetrics(members);
  for (const Json& set : members.Array("sets")) {
    experiment.sets.push_back(
        ParseSet(set, "sets[" + std::to_string(experiment.sets.size()) + "]", experiment.cases));
  }
  CheckLabels(experiment.sets, "sets");
  for (const Json& method : members.Array("methods")) {
    experiment.methods.push_back(ParseMethod(
        method, "methods[" + std::to_string(experiment.methods.size()) + "]", experiment));
  }
  CheckLabels(experiment.methods, "methods");
  experiment.difference = ParseTexts(members, "difference");
  members.Check(experiment.difference.empty() || experiment.difference.size() == 2, "difference",
                "a list of two methods");
  experiment.reliability = members.Boolean("reliability", false);
  members.Find("tune");  // ParseTunings (src/eval/tune.h) reads it
  members.CheckAllTaken();
  return experiment;
}

Experiment ReadExperiment(const std::string& path) {
  return ReadJsonFile(path, ParseExperiment);
}

}  // namespace dkn::eval
