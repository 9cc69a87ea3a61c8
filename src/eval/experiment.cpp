#include "src/eval/experiment.h"

#include <cstdint>
#include <set>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/json_members.h"

namespace dkn {
namespace {

Protocol ParseProtocol(const Json& json) {
  JsonMembers members(json, "protocol");
  Protocol protocol;
  protocol.scale = members.Integer("scale", 1, 64);
  protocol.down = members.Choice("down", ParseDown);
  protocol.noise_variance = members.Number("noise_variance", 0.0, 1.0, 0.0);
  protocol.up = members.Choice("up", ParseResampler);
  protocol.border = members.Integer("border", 0, 1000);
  protocol.normalization = members.Choice("normalization", ParseNormalization);
  members.CheckAllTaken();
  return protocol;
}

EvaluationSet ParseSet(const Json& json, const std::string& path) {
  JsonMembers members(json, path);
  EvaluationSet set;
  set.label = members.Text("label");
  set.folder = members.Text("folder");
  set.unit = members.Text("unit");
  set.unit_per_step = members.Positive("unit_per_step");
  members.CheckAllTaken();
  return set;
}

// An object of one positive number for each of some sets.
std::map<std::string, double> ParseFigures(JsonMembers& method, const std::string& key,
                                           const std::vector<EvaluationSet>& sets) {
  std::map<std::string, double> figures;
  const Json* json = method.Find(key);
  if (json == nullptr) {
    return figures;
  }
  JsonMembers members(*json, method.Name(key));
  for (const EvaluationSet& set : sets) {
    if (members.Find(set.label) != nullptr) {
      figures[set.label] = members.Positive(set.label);
    }
  }
  members.CheckAllTaken();
  return figures;
}

Method ParseMethod(const Json& json, const std::string& path,
                   const std::vector<EvaluationSet>& sets) {
  JsonMembers members(json, path);
  Method method;
  method.label = members.Text("label");
  method.filter = members.Text("filter");
  if (const Json* architecture = members.Find("architecture")) {
    members.Check(architecture->is_object(), "architecture", "a JSON object");
    method.architecture = architecture->dump();
  }
  method.precision = members.Choice("precision", ParsePrecision, Precision::kFp32);
  method.paper = ParseFigures(members, "paper", sets);
  method.at_most = ParseFigures(members, "at_most", sets);
  members.CheckAllTaken();
  return method;
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

}  // namespace

Experiment ParseExperiment(const std::string& text) {
  const Json json = ParseJson(text);
  JsonMembers members(json, "the experiment");
  Experiment experiment;
  experiment.title = members.Text("title");
  experiment.note = members.Text("note", "");
  experiment.protocol = ParseProtocol(members.Get("protocol"));
  for (const Json& set : members.Array("sets")) {
    experiment.sets.push_back(
        ParseSet(set, "sets[" + std::to_string(experiment.sets.size()) + "]"));
  }
  CheckLabels(experiment.sets, "sets");
  for (const Json& method : members.Array("methods")) {
    experiment.methods.push_back(ParseMethod(
        method, "methods[" + std::to_string(experiment.methods.size()) + "]", experiment.sets));
  }
  CheckLabels(experiment.methods, "methods");
  members.CheckAllTaken();
  return experiment;
}

Experiment ReadExperiment(const std::string& path) {
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path);
  try {
    return ParseExperiment(std::string(bytes.begin(), bytes.end()));
  } catch (const Error& error) {
    throw Error(path + ": " + error.what());
  }
}

}  // namespace dkn
