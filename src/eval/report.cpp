#include "src/eval/report.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "src/core/text_table.h"

namespace dkn {
namespace {

std::string Fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", digits, value);
  return text;
}

// Several methods fail on one damaged file: it is named once.
void AddProblem(const std::string& problem, Report& report) {
  if (std::find(report.problems.begin(), report.problems.end(), problem) == report.problems.end()) {
    report.problems.push_back(problem);
  }
}

// The pairs of each set; none, and a problem, where a set cannot be listed.
std::vector<std::vector<ImagePair>> ListSets(const Experiment& experiment, const std::string& data,
                                             int limit, Report& report) {
  std::vector<std::vector<ImagePair>> sets;
  for (const EvaluationSet& set : experiment.sets) {
    sets.emplace_back();
    try {
      sets.back() = ListPairs((std::filesystem::path(data) / set.folder).string());
    } catch (const Error& error) {
      AddProblem(error.what(), report);
    }
    if (limit > 0 && sets.back().size() > static_cast<std::size_t>(limit)) {
      sets.back().resize(static_cast<std::size_t>(limit));
    }
  }
  return sets;
}

void AddResult(const Method& method, const EvaluationSet& set, Evaluation evaluation, bool limited,
               Report& report) {
  for (const std::string& failure : evaluation.failures) {
    AddProblem(failure, report);
  }
  if (evaluation.scores.empty()) {
    return;
  }
  std::vector<double> values;
  for (const ImageScore& score : evaluation.scores) {
    values.push_back(score.rmse);
  }
  const Statistics rmse = Summarize(values);
  const auto limit = method.at_most.find(set.label);
  if (limit != method.at_most.end() && !limited && rmse.mean > limit->second) {
    AddProblem(method.label + " on " + set.label + ": RMSE " + Fixed(rmse.mean, 3) + " " +
                   set.unit + ", expected at most " + Fixed(limit->second, 3),
               report);
  }
  report.results.push_back({method.label, set.label, rmse, std::move(evaluation.scores)});
}

const Result* FindResult(const Report& report, const std::string& method, const std::string& set) {
  for (const Result& result : report.results) {
    if (result.method == method && result.set == set) {
      return &result;
    }
  }
  return nullptr;
}

std::string Cell(const Method& method, const EvaluationSet& set, const Report& report) {
  std::string text = "-";
  if (const Result* result = FindResult(report, method.label, set.label)) {
    text = Fixed(result->rmse.mean, 3) + " +- " + Fixed(result->rmse.spread, 3) + " (" +
           std::to_string(result->scores.size()) + ")";
  }
  const auto paper = method.paper.find(set.label);
  if (paper != method.paper.end()) {
    text += ", paper " + Fixed(paper->second, 2);
  }
  const auto limit = method.at_most.find(set.label);
  if (limit != method.at_most.end()) {
    text += ", at most " + Fixed(limit->second, 2);
  }
  return text;
}

}  // namespace

Report RunExperiment(const Experiment& experiment, const std::string& data, int limit,
                     const Progress& progress) {
  Report report;
  const std::vector<std::vector<ImagePair>> sets = ListSets(experiment, data, limit, report);
  std::size_t images = 0;
  for (const std::vector<ImagePair>& pairs : sets) {
    images += pairs.size();
  }
  const int total = static_cast<int>(images * experiment.methods.size());
  int done = 0;
  for (const Method& method : experiment.methods) {
    std::unique_ptr<JointFilter> filter;
    try {
      filter = CreateFilter(method.filter, {method.architecture, method.precision});
    } catch (const Error& error) {
      AddProblem(method.label + ": " + error.what(), report);
      done += static_cast<int>(images);
      continue;
    }
    for (std::size_t i = 0; i < sets.size(); ++i) {
      Evaluation evaluation = Evaluate(*filter, sets[i], experiment.sets[i].unit_per_step,
                                       experiment.protocol, [&] { progress(++done, total); });
      AddResult(method, experiment.sets[i], std::move(evaluation), limit > 0, report);
    }
  }
  return report;
}

std::string MarkdownTable(const Experiment& experiment, const Report& report) {
  std::vector<TextRow> rows(1, TextRow{"RMSE, mean +- deviation (images)"});
  for (const EvaluationSet& set : experiment.sets) {
    rows[0].push_back(set.label + ", " + set.unit);
  }
  for (const Method& method : experiment.methods) {
    rows.push_back({method.label});
    for (const EvaluationSet& set : experiment.sets) {
      rows.back().push_back(Cell(method, set, report));
    }
  }
  std::string text =
      experiment.title + "\n" + Describe(experiment.protocol) + "\n\n" + AlignedTable(rows);
  if (!experiment.note.empty()) {
    text += "\n" + experiment.note + "\n";
  }
  return text;
}

std::string ResultsJson(const Experiment& experiment, const Report& report) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Method& method : experiment.methods) {
    for (const EvaluationSet& set : experiment.sets) {
      const Result* result = FindResult(report, method.label, set.label);
      if (result == nullptr) {
        continue;
      }
      const auto paper = method.paper.find(set.label);
      list.push_back({{"method", method.label},
                      {"dataset", set.label},
                      {"scale", experiment.protocol.scale},
                      {"metric", "RMSE"},
                      {"unit", set.unit},
                      {"value", result->rmse.mean},
                      {"spread", result->rmse.spread},
                      {"images", result->scores.size()},
                      {"paper", nullptr}});
      if (paper != method.paper.end()) {
        list.back()["paper"] = paper->second;
      }
    }
  }
  return list.dump(2) + "\n";
}

}  // namespace dkn
