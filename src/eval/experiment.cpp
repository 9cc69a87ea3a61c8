#include "src/eval/experiment.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "dkn/error.h"
#include "src/io/file.h"

namespace dkn {
namespace {

using Json = nlohmann::json;

// The members of one JSON object, which `path` names in errors. Nothing is converted: a number is
// no string, 1.5 no integer. Each member is taken once; CheckAllTaken finds those nobody knows.
class Members {
 public:
  Members(const Json& object, std::string path) : object_(object), path_(std::move(path)) {
    if (!object.is_object()) {
      throw Error(path_ + " is not a JSON object");
    }
  }

  const Json* Find(const std::string& key) {
    taken_.insert(key);
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  const Json& Get(const std::string& key) {
    const Json* value = Find(key);
    if (value == nullptr) {
      throw Error(path_ + " lacks '" + key + "'");
    }
    return *value;
  }
  std::string Text(const std::string& key) {
    const Json& value = Get(key);
    Check(value.is_string() && !value.empty() && value != "", key, "a string that is not empty");
    return value.get<std::string>();
  }
  int Integer(const std::string& key, int low, int high) {
    const Json& value = Get(key);
    Check(value.is_number_integer() && value >= low && value <= high, key,
          "an integer from " + std::to_string(low) + " to " + std::to_string(high));
    return value.get<int>();
  }
  double Positive(const std::string& key) {
    const Json& value = Get(key);
    Check(value.is_number() && value > 0, key, "a positive number");
    return value.get<double>();
  }
  const Json& Array(const std::string& key) {
    const Json& value = Get(key);
    Check(value.is_array() && !value.empty(), key, "an array that is not empty");
    return value;
  }
  // The result of parse(Text(key)), whose Error gets the field's name.
  template <typename Parse>
  auto Choice(const std::string& key, const Parse& parse) {
    const std::string name = Text(key);
    try {
      return parse(name);
    } catch (const Error& error) {
      throw Error(Name(key) + ": " + error.what());
    }
  }

  std::string Name(const std::string& key) const { return path_ + ": '" + key + "'"; }
  void Check(bool condition, const std::string& key, const std::string& expected) const {
    if (!condition) {
      throw Error(Name(key) + " is not " + expected);
    }
  }
  void CheckAllTaken() const {
    for (const auto& item : object_.items()) {
      if (taken_.count(item.key()) == 0) {
        throw Error(path_ + " has an unknown field '" + item.key() + "'");
      }
    }
  }

 private:
  const Json& object_;
  std::string path_;
  std::set<std::string> taken_;
};

Protocol ParseProtocol(const Json& json) {
  Members members(json, "protocol");
  Protocol protocol;
  protocol.scale = members.Integer("scale", 1, 64);
  protocol.down = members.Choice("down", ParseDown);
  protocol.up = members.Choice("up", ParseResampler);
  protocol.border = members.Integer("border", 0, 1000);
  protocol.normalization = members.Choice("normalization", ParseNormalization);
  members.CheckAllTaken();
  return protocol;
}

EvaluationSet ParseSet(const Json& json, const std::string& path) {
  Members members(json, path);
  EvaluationSet set;
  set.label = members.Text("label");
  set.folder = members.Text("folder");
  set.unit = members.Text("unit");
  set.unit_per_step = members.Positive("unit_per_step");
  members.CheckAllTaken();
  return set;
}

// An object of one positive number for each of some sets.
std::map<std::string, double> ParseFigures(Members& method, const std::string& key,
                                           const std::vector<EvaluationSet>& sets) {
  std::map<std::string, double> figures;
  const Json* json = method.Find(key);
  if (json == nullptr) {
    return figures;
  }
  Members members(*json, method.Name(key));
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
  Members members(json, path);
  Method method;
  method.label = members.Text("label");
  method.filter = members.Text("filter");
  if (const Json* architecture = members.Find("architecture")) {
    members.Check(architecture->is_object(), "architecture", "a JSON object");
    method.architecture = architecture->dump();
  }
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
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception& error) {
    throw Error(std::string("not JSON: ") + error.what());
  }
  Members members(json, "the experiment");
  Experiment experiment;
  experiment.title = members.Text("title");
  if (members.Find("note") != nullptr) {
    experiment.note = members.Text("note");
  }
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
