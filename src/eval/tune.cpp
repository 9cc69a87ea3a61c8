#include "src/eval/tune.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>

#include "dkn/error.h"
#include "dkn/orientations.h"
#include "dkn/registry.h"
#include "src/core/in_context.h"
#include "src/core/json_members.h"
#include "src/core/named_values.h"
#include "src/core/number_text.h"
#include "src/core/text_table.h"

namespace dkn::eval {
namespace {

constexpr NamedValue<Search> kSearches[] = {{"grid", Search::kGrid},
                                            {"coordinate", Search::kCoordinate}};
constexpr int kMostRounds = 10;  // of a coordinate search
constexpr std::size_t kMostChoices = 10000;

// All of `text` as a number. Throws Error.
template <typename Number>
Number ReadNumber(const std::string& name, const std::string& text, const char* expected) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || stop != end || text.empty()) {
    throw Error("'" + name + "' cannot be '" + text + "', expected " + expected);
  }
  return value;
}

int ReadCount(const std::string& name, const std::string& text, int least) {
  const int value = ReadNumber<int>(name, text, "an integer");
  if (value < least || value > 100) {
    throw Error("'" + name + "' cannot be " + text + ", expected " + std::to_string(least) +
                " to 100");
  }
  return value;
}

// Of a filter that is no network.
bool HasParameter(const std::string& filter, const std::string& name) {
  for (const FilterInfo& info : ListFilters()) {
    if (info.name == filter) {
      return std::any_of(
          info.parameters.begin(), info.parameters.end(),
          [&name](const FilterParameter& parameter) { return parameter.name == name; });
    }
  }
  return false;
}

void CheckOptions(const Tuning& tuning) {
  std::set<std::string> names;
  for (const TuneOption& option : tuning.options) {
    if (option.values.empty()) {
      throw Error("there is no value of '" + option.name + "' to try");
    }
    if (!names.insert(option.name).second) {
      throw Error("'" + option.name + "' is told twice");
    }
  }
  if (names.empty()) {
    throw Error("there is no option of '" + tuning.method + "' to try");
  }
}

TuneOption ParseOption(JsonMembers& members, const std::string& name) {
  TuneOption option{name, {}};
  for (const Json& value : members.Array(name)) {
    members.Check(value.is_number() || value.is_string(), name, "a list of numbers or strings");
    option.values.push_back(value.is_string() ? value.get<std::string>()
                                              : ShortestText(value.get<double>()));
  }
  return option;
}

Tuning ParseTuning(const Json& json, const std::string& path) {
  JsonMembers members(json, path);
  Tuning tuning;
  tuning.method = members.Text("method");
  tuning.search = members.Choice("search", ParseSearch, Search::kCoordinate);
  const Json& tried = members.Get("try");
  members.Check(tried.is_object() && !tried.empty(), "try", "an object of lists");
  JsonMembers options(tried, members.Name("try"));
  for (const auto& item : tried.items()) {
    tuning.options.push_back(ParseOption(options, item.key()));
  }
  members.CheckAllTaken();
  return tuning;
}

const Method& FindMethod(const Experiment& experiment, const std::string& name) {
  std::vector<const Method*> found;
  std::string known;
  for (const Method& method : experiment.methods) {
    if (method.label == name) {
      return method;
    }
    if (method.filter == name) {
      found.push_back(&method);
    }
    known += (known.empty() ? "'" : ", '") + method.label + "'";
  }
  if (found.size() != 1) {
    throw Error("the experiment has " + std::string(found.empty() ? "no" : "several") +
                " methods '" + name + "'; it has " + known);
  }
  return *found[0];
}

// Every combination, the last option's values changing fastest.
std::vector<Choice> GridOf(const std::vector<TuneOption>& options) {
  std::vector<Choice> choices(1);
  for (const TuneOption& option : options) {
    if (choices.size() * option.values.size() > kMostChoices) {
      throw Error("more than " + std::to_string(kMostChoices) +
                  " combinations to try; a coordinate search takes one option after the other");
    }
    std::vector<Choice> longer;
    for (const Choice& choice : choices) {
      for (const std::string& value : option.values) {
        longer.push_back(choice);
        longer.back()[option.name] = value;
      }
    }
    choices = std::move(longer);
  }
  return choices;
}

class Tuner {
 public:
  Tuner(const Experiment& experiment, const Tuning& tuning, const RunOptions& options,
        const TuneProgress& progress)
      : experiment_(experiment),
        tuning_(tuning),
        options_(options),
        progress_(progress),
        method_(FindMethod(experiment, tuning.method)) {
    if (!method_.missing.empty()) {
      throw Error(method_.label + ": " + method_.missing);
    }
  }

  TuneReport Run() {
    Measure({Choice()}, 0);
    if (tuning_.search == Search::kGrid) {
      Measure(GridOf(tuning_.options), 0);
    } else {
      Descend();
    }
    std::stable_sort(report_.tried.begin(), report_.tried.end(),
                     [](const Trying& a, const Trying& b) { return a.score < b.score; });
    return std::move(report_);
  }

 private:
  void Descend() {
    Choice best;
    for (int round = 0; round < kMostRounds; ++round) {
      const Choice before = best;
      std::size_t later = 0;  // values of this round's further options
      for (const TuneOption& option : tuning_.options) {
        later += option.values.size();
      }
      for (const TuneOption& option : tuning_.options) {
        later -= option.values.size();
        std::vector<Choice> choices;
        for (const std::string& value : option.values) {
          choices.push_back(best);
          choices.back()[option.name] = value;
        }
        Measure(choices, later);
        best = std::min_element(report_.tried.begin(), report_.tried.end(),
                                [](const Trying& a, const Trying& b) { return a.score < b.score; })
                   ->choice;
      }
      if (best == before) {
        return;
      }
    }
  }

  // Adds those that have not been tried; as many as `later` are to come.
  void Measure(const std::vector<Choice>& choices, std::size_t later) {
    std::vector<Choice> left;
    for (const Choice& choice : choices) {
      if (seen_.insert(choice).second) {
        left.push_back(choice);
      }
    }
    if (left.empty()) {
      return;
    }
    Experiment measured = experiment_;
    measured.methods.clear();
    measured.reliability = false;
    for (const Choice& choice : left) {
      measured.methods.push_back(MethodOf(choice));
    }
    RunOptions options = options_;
    const int before = done_;
    options.progress = [&](int done, int total) {
      done_ = before + done;
      const auto each = static_cast<std::size_t>(total) / left.size();
      progress_(done_, before + total + static_cast<int>(later * each));
    };
    const Report report = RunExperiment(measured, options);
    if (!report.problems.empty()) {
      throw Error(report.problems.front());
    }
    for (std::size_t i = 0; i < left.size(); ++i) {
      Add(left[i], measured, measured.methods[i], report);
    }
  }

  Method MethodOf(const Choice& choice) const {
    Method method = method_;
    method.at_most.clear();
    std::string label = method_.label;
    for (const auto& [name, value] : choice) {
      method = WithOption(std::move(method), name, value);
      label.append(" ").append(name).append("=").append(value);
    }
    method.label = label;
    return method;
  }

  void Add(const Choice& choice, const Experiment& measured, const Method& method,
           const Report& report) {
    Trying trying{choice, method, {}, 1.0};
    std::vector<std::string> cells;
    for (const EvaluationSet& set : measured.sets) {
      for (const Case& item : measured.cases) {
        if (const Result* result = FindResult(report, method.label, set.label, item.label)) {
          trying.means.push_back(StatisticsOf(*result, 0).mean);
          cells.push_back(set.label + (item.label.empty() ? "" : " " + item.label));
        }
      }
    }
    if (cells.empty()) {
      throw Error(method.label + ": nothing could be measured");
    }
    trying.method.label = method_.label;
    if (report_.tried.empty()) {
      report_.cells = std::move(cells);
    } else {
      trying.score = Score(trying.means, report_.tried.front().means);
    }
    report_.tried.push_back(std::move(trying));
  }

  double Score(const std::vector<double>& means, const std::vector<double>& start) const {
    const bool larger = LargerIsBetter(experiment_.metrics[0]);
    double sum = 0.0;
    for (std::size_t i = 0; i < means.size(); ++i) {
      if (!(means[i] > 0.0 && start[i] > 0.0)) {
        throw Error("a figure of " + DigitsText(means[i]) + " after " + DigitsText(start[i]) +
                    " cannot be compared, expected positive ones");
      }
      sum += larger ? start[i] / means[i] : means[i] / start[i];
    }
    return sum / static_cast<double>(means.size());
  }

  const Experiment& experiment_;
  const Tuning& tuning_;
  const RunOptions& options_;
  const TuneProgress& progress_;
  const Method& method_;
  TuneReport report_;
  std::set<Choice> seen_;
  int done_ = 0;
};

}  // namespace

Search ParseSearch(const std::string& name) {
  return ParseNamed(kSearches, name, "search");
}

std::vector<Tuning> ParseTunings(const std::string& text) {
  const Json json = ParseJson(text);
  JsonMembers members(json, "the experiment");
  std::vector<Tuning> tunings;
  if (members.Find("tune") != nullptr) {
    for (const Json& tuning : members.Array("tune")) {
      tunings.push_back(ParseTuning(tuning, "tune[" + std::to_string(tunings.size()) + "]"));
    }
  }
  return tunings;
}

std::vector<Tuning> ReadTunings(const std::string& path) {
  return ReadJsonFile(path, ParseTunings);
}

TuneOption ParseTuneOption(const std::string& text) {
  const std::size_t equals = text.find('=');
  TuneOption option{text.substr(0, equals), {}};
  for (std::size_t at = equals; at != std::string::npos;) {
    const std::size_t end = text.find(',', at + 1);
    option.values.push_back(text.substr(at + 1, end == std::string::npos ? end : end - at - 1));
    at = end;
  }
  const bool empty = std::any_of(option.values.begin(), option.values.end(),
                                 [](const std::string& value) { return value.empty(); });
  if (option.name.empty() || option.values.empty() || empty) {
    throw Error("'" + text + "', expected NAME=VALUE,VALUE,...");
  }
  return option;
}

Method WithOption(Method method, const std::string& name, const std::string& value) {
  if (HasParameter(method.filter, name)) {
    method.settings[name] = ReadNumber<double>(name, value, "a number");
  } else if (name == "filter") {
    method.filter = value;
  } else if (name == "precision") {
    method.precision = ParsePrecision(value);
  } else if (name == "holes") {
    method.hole_use = ParseHoleUse(value);
  } else if (name == "fidelity") {
    method.fidelity = ReadCount(name, value, 0);
  } else if (name == "iterations") {
    method.iterations = ReadCount(name, value, 1);
  } else if (name == "orientations") {
    CheckOrientations(method.orientations = ReadCount(name, value, 1));
  } else {
    method.settings[name] = ReadNumber<double>(name, value, "a number");
  }
  return method;
}

TuneReport Tune(const Experiment& experiment, const Tuning& tuning, const RunOptions& options,
                const TuneProgress& progress) {
  CheckOptions(tuning);
  return Tuner(experiment, tuning, options, progress).Run();
}

std::string TuneTable(const Experiment& experiment, const Tuning& tuning,
                      const TuneReport& report) {
  const Metric& metric = experiment.metrics[0];
  TextRow head;
  for (const TuneOption& option : tuning.options) {
    head.push_back(option.name);
  }
  for (const std::string& cell : report.cells) {
    head.push_back(MetricName(metric) + ", " + cell);
  }
  head.emplace_back("score");
  std::vector<TextRow> rows(1, head);
  for (const Trying& trying : report.tried) {
    TextRow row;
    for (const TuneOption& option : tuning.options) {
      const auto found = trying.choice.find(option.name);
      row.push_back(found == trying.choice.end() ? "as it is" : found->second);
    }
    for (const double mean : trying.means) {
      row.push_back(FixedText(mean, 4));
    }
    row.push_back(FixedText(trying.score, 4));
    rows.push_back(std::move(row));
  }
  return AlignedTable(rows);
}

std::string BestChoiceJson(const Tuning& tuning, const TuneReport& report) {
  const Trying& best = report.tried.front();
  nlohmann::ordered_json json;
  json["method"] = best.method.label;
  json["filter"] = best.method.filter;
  json["set"] = nlohmann::ordered_json::object();
  for (const auto& [name, value] : best.method.settings) {
    json["set"][name] = value;
  }
  for (const auto& [name, value] : best.choice) {
    if (name != "filter" && best.method.settings.count(name) == 0) {
      if (name == "fidelity" || name == "iterations" || name == "orientations") {
        json[name] = ReadCount(name, value, 0);
      } else {
        json[name] = value;
      }
    }
  }
  json["score"] = best.score;
  json["tried"] = report.tried.size();
  json["search"] = NameOf(kSearches, tuning.search);
  return json.dump(2) + "\n";
}

}  // namespace dkn::eval
