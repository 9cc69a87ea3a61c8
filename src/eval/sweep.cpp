#include "src/eval/sweep.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>

#include "dkn/error.h"
#include "src/core/in_context.h"
#include "src/core/json_members.h"
#include "src/eval/result_store.h"

namespace dkn::eval {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostRuns = 10000;

// A row or a column as the file has it, or a value of an axis.
struct Variant {
  std::string label;
  Json set = Json::object();  // a merge patch (RFC 7396) on the base
  std::vector<std::string> only = {};
  std::vector<std::uint64_t> seeds = {};
  std::string missing = {};
  std::vector<std::optional<double>> paper = {};
};

std::vector<std::uint64_t> ParseSeeds(JsonMembers& members, std::vector<std::uint64_t> absent) {
  if (members.Find("seeds") == nullptr) {
    return absent;
  }
  std::vector<std::uint64_t> seeds;
  for (const Json& seed : members.Array("seeds")) {
    members.Check(seed.is_number_unsigned() && std::count(seeds.begin(), seeds.end(), seed) == 0,
                  "seeds", "a list of whole numbers, each once");
    seeds.push_back(seed.get<std::uint64_t>());
  }
  return seeds;
}

// A positive number where there is one column, else a list of one for each, or null.
std::vector<std::optional<double>> ParsePaper(JsonMembers& members, std::size_t columns) {
  std::vector<std::optional<double>> figures(columns);
  const Json* json = members.Find("paper");
  if (json == nullptr) {
    return figures;
  }
  const std::string expected =
      columns == 1 ? "a positive number"
                   : "a list of " + std::to_string(columns) + " positive numbers or nulls";
  const Json list = json->is_array() ? *json : Json::array({*json});
  members.Check(list.size() == columns && json->is_array() == (columns != 1), "paper", expected);
  for (std::size_t i = 0; i < columns; ++i) {
    members.Check(list[i].is_null() || (list[i].is_number() && list[i] > 0), "paper", expected);
    if (!list[i].is_null()) {
      figures[i] = list[i].get<double>();
    }
  }
  return figures;
}

Json ParsePatch(JsonMembers& members) {
  const Json* set = members.Find("set");
  if (set == nullptr) {
    return Json::object();
  }
  members.Check(set->is_object() && !set->contains("seed"), "set",
                "an object of fields of the run, without the seed");
  return *set;
}

// A label and what it sets: a column, or a value of an axis.
Variant ParseVariant(const Json& json, const std::string& path) {
  JsonMembers members(json, path);
  Variant variant{members.Text("label"), ParsePatch(members)};
  members.CheckAllTaken();
  return variant;
}

void CheckLabels(const std::vector<Variant>& variants, const std::string& name) {
  std::set<std::string> labels;
  for (const Variant& variant : variants) {
    if (!labels.insert(variant.label).second) {
      throw Error(name + ": two have the label '" + variant.label + "'");
    }
  }
}

std::vector<Variant> ParseColumns(JsonMembers& sweep) {
  if (sweep.Find("columns") == nullptr) {
    return {{""}};
  }
  std::vector<Variant> columns;
  for (const Json& json : sweep.Array("columns")) {
    columns.push_back(ParseVariant(json, "columns[" + std::to_string(columns.size()) + "]"));
  }
  CheckLabels(columns, "columns");
  return columns;
}

Variant ParseRow(const Json& json, const std::string& path, const std::vector<Variant>& columns) {
  JsonMembers members(json, path);
  Variant row{members.Text("label"), ParsePatch(members)};
  row.missing = members.Text("missing", "");
  row.seeds = ParseSeeds(members, {});
  row.paper = ParsePaper(members, columns.size());
  if (members.Find("only") != nullptr) {
    for (const Json& label : members.Array("only")) {
      members.Check(std::any_of(columns.begin(), columns.end(),
                                [&](const Variant& column) { return label == column.label; }),
                    "only", "a list of columns' labels: there is no " + label.dump());
      row.only.push_back(label.get<std::string>());
    }
  }
  members.CheckAllTaken();
  return row;
}

// The product of the axes, lists of variants each: the last one changes fastest.
std::vector<Variant> ParseAxes(const Json& axes, std::size_t columns) {
  std::vector<Variant> rows(1);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::string path = "axes[" + std::to_string(i) + "]";
    if (!axes[i].is_array() || axes[i].empty()) {
      throw Error(path + " is not a list that is not empty");
    }
    std::vector<Variant> longer;
    for (const Variant& row : rows) {
      for (std::size_t j = 0; j < axes[i].size(); ++j) {
        Variant more = ParseVariant(axes[i][j], path + "[" + std::to_string(j) + "]");
        Json set = row.set;
        set.merge_patch(more.set);
        longer.push_back({row.label + (row.label.empty() ? "" : ", ") + more.label, set});
      }
    }
    if (longer.size() > kMostRuns) {
      throw Error("axes: their product has more than " + std::to_string(kMostRuns) + " rows");
    }
    rows = std::move(longer);
  }
  for (Variant& row : rows) {
    row.paper.resize(columns);
  }
  return rows;
}

// "rows", or "axes", whose product they are.
std::vector<Variant> ParseRows(JsonMembers& sweep, const std::vector<Variant>& columns) {
  std::vector<Variant> rows;
  if (sweep.Find("axes") != nullptr) {
    sweep.Check(sweep.Find("rows") == nullptr, "axes", "beside rows");
    rows = ParseAxes(sweep.Array("axes"), columns.size());
  } else {
    for (const Json& json : sweep.Array("rows")) {
      rows.push_back(ParseRow(json, "rows[" + std::to_string(rows.size()) + "]", columns));
    }
  }
  CheckLabels(rows, "rows");
  return rows;
}

// Of a run's name, what any system takes as a folder's.
std::string FolderOf(const std::string& name) {
  std::string folder;
  for (const char letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) != 0) {
      folder += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    } else if (!folder.empty() && folder.back() != '_') {
      folder += '_';
    }
  }
  return folder;
}

SweepRun MakeRun(const Json& base, const Variant& row, const Variant& column, std::uint64_t seed) {
  SweepRun run{row.label, column.label, seed};
  run.name = row.label + (column.label.empty() ? "" : ", " + column.label) + ", seed " +
             std::to_string(seed);
  run.folder = FolderOf(run.name);
  Json configuration = base;
  configuration.merge_patch(row.set);
  configuration.merge_patch(column.set);
  configuration["seed"] = seed;
  run.configuration = configuration.dump(2) + "\n";
  const auto steps = configuration.find("steps");
  run.steps =
      steps != configuration.end() && steps->is_number_integer() ? steps->get<std::int64_t>() : 0;
  return run;
}

std::vector<SweepRun> MakeRuns(const Json& base, const std::vector<Variant>& rows,
                               const std::vector<Variant>& columns,
                               const std::vector<std::uint64_t>& seeds) {
  std::size_t most = 0;
  const auto seeds_of = [&](const Variant& row) { return row.seeds.empty() ? seeds : row.seeds; };
  for (const Variant& row : rows) {
    most = std::max(most, seeds_of(row).size());
  }
  std::vector<SweepRun> runs;
  std::map<std::string, std::string> folders;
  for (std::size_t i = 0; i < most; ++i) {
    for (const Variant& column : columns) {
      for (const Variant& row : rows) {
        const bool wanted = row.only.empty() || std::find(row.only.begin(), row.only.end(),
                                                          column.label) != row.only.end();
        if (!row.missing.empty() || !wanted || i >= seeds_of(row).size()) {
          continue;
        }
        runs.push_back(MakeRun(base, row, column, seeds_of(row)[i]));
        const auto [other, is_new] = folders.emplace(runs.back().folder, runs.back().name);
        if (!is_new) {
          throw Error("rows: '" + runs.back().name + "' and '" + other->second +
                      "' have the same folder, " + other->first);
        }
      }
    }
  }
  if (runs.empty() || runs.size() > kMostRuns) {
    throw Error("the sweep has " + std::to_string(runs.size()) + " runs, expected 1 to " +
                std::to_string(kMostRuns));
  }
  return runs;
}

// The fields that all runs start from.
Json ParseBase(JsonMembers& sweep, const std::string& folder, std::int64_t steps) {
  const Json* base = &sweep.Get("base");
  sweep.Check(base->is_object() || base->is_string(), "base",
              "a training run, or the name of a file that holds one");
  Json fields = *base;
  if (base->is_string()) {
    fields = ReadJsonFile((fs::path(folder) / sweep.Text("base")).string(), ParseJson);
    sweep.Check(fields.is_object(), "base", "the name of a file that holds an object");
  }
  fields.merge_patch(ParsePatch(sweep));
  if (sweep.Find("steps") != nullptr) {
    fields["steps"] = sweep.Integer<std::int64_t>("steps", 1, 1000000000);
  }
  if (steps > 0) {
    fields["steps"] = steps;
  }
  return fields;
}

}  // namespace

Sweep ParseSweep(const std::string& text, const std::string& folder, std::int64_t steps) {
  const Json json = ParseJson(text);
  JsonMembers members(json, "the sweep");
  Sweep sweep;
  sweep.title = members.Text("title");
  sweep.note = members.Text("note", "");
  sweep.train = members.Text("train");
  const Json base = ParseBase(members, folder, steps);
  const std::vector<Variant> columns = ParseColumns(members);
  const std::vector<Variant> rows = ParseRows(members, columns);
  for (const Variant& column : columns) {
    sweep.columns.push_back(column.label);
  }
  for (const Variant& row : rows) {
    sweep.rows.push_back({row.label, row.missing, row.paper});
  }
  sweep.runs = MakeRuns(base, rows, columns, ParseSeeds(members, {1}));
  const Json& evaluation = members.Get("evaluation");
  members.Check(evaluation.is_object(), "evaluation", "an object");
  Json experiment = evaluation;
  sweep.images = JsonMembers(evaluation, "evaluation").Integer("images", 1, 1000000, 0);
  experiment.erase("images");
  sweep.evaluation = experiment.dump();
  members.CheckAllTaken();
  InContext(members.Name("evaluation"), [&] { EvaluationOf(sweep, "a run", "bicubic"); });
  return sweep;
}

Sweep ReadSweep(const std::string& path, std::int64_t steps) {
  const std::string folder = fs::path(path).parent_path().string();
  Sweep sweep =
      ReadJsonFile(path, [&](const std::string& text) { return ParseSweep(text, folder, steps); });
  sweep.command = "dkn-train sweep " + path;
  return sweep;
}

bool IsSweep(const std::string& path) {
  const Json json = ReadJsonFile(path, ParseJson);
  return json.is_object() && json.contains("base");
}

Experiment EvaluationOf(const Sweep& sweep, const std::string& name, const std::string& model) {
  Json experiment = ParseJson(sweep.evaluation);
  experiment["title"] = sweep.title;
  experiment["methods"] = Json::array({{{"label", name}, {"filter", model}}});
  return ParseExperiment(experiment.dump());
}

std::string ConfigurationKey(const SweepRun& run) {
  return ScoreKey({run.configuration});
}

std::string EvaluationKey(const Sweep& sweep) {
  return ScoreKey({sweep.evaluation, std::to_string(sweep.images)});
}

}  // namespace dkn::eval
