// The files of results of src/eval/sweep.h.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "src/core/file.h"
#include "src/core/in_context.h"
#include "src/core/json_members.h"
#include "src/eval/sweep.h"

namespace dkn::eval {
namespace {

constexpr double kMost = 1e30;
constexpr std::uint64_t kMostRecordBytes = std::uint64_t{1} << 26;

SweepFigure ParseFigure(const Json& json, const std::string& path) {
  JsonMembers members(json, path);
  SweepFigure figure;
  figure.set = members.Text("set");
  figure.in_case = members.Text("case", "");
  figure.metric = members.Text("metric");
  figure.mean = members.Number("mean", -kMost, kMost);
  figure.spread = members.Number("spread", 0.0, kMost);
  figure.images = members.Integer("images", 1, 1000000);
  members.CheckAllTaken();
  return figure;
}

}  // namespace

std::string RecordLine(const SweepRecord& record) {
  nlohmann::ordered_json json = {{"run", record.run}};
  if (!record.error.empty()) {
    json["error"] = record.error;
  }
  json["configuration"] = record.configuration;
  json["evaluation"] = record.evaluation;
  json["steps"] = record.steps;
  json["seconds"] = record.seconds;
  json["parameters"] = record.parameters;
  json["loss"] = record.loss;
  json["version"] = record.version;
  json["figures"] = nlohmann::ordered_json::array();
  for (const SweepFigure& figure : record.figures) {
    nlohmann::ordered_json item = {{"set", figure.set}};
    if (!figure.in_case.empty()) {
      item["case"] = figure.in_case;
    }
    item["metric"] = figure.metric;
    item["mean"] = figure.mean;
    item["spread"] = figure.spread;
    item["images"] = figure.images;
    json["figures"].push_back(item);
  }
  return json.dump() + "\n";
}

SweepRecord ParseRecord(const std::string& line) {
  const Json json = ParseJson(line);
  JsonMembers members(json, "the run");
  SweepRecord record;
  record.run = members.Text("run");
  record.error = members.Text("error", "");
  record.configuration = members.Text("configuration");
  record.evaluation = members.Text("evaluation");
  record.steps = members.Integer<std::int64_t>("steps", 0, 1000000000);
  record.seconds = members.Number("seconds", 0.0, kMost);
  record.parameters = members.Integer<std::int64_t>("parameters", 0, 1000000000000);
  record.loss = members.Number("loss", -kMost, kMost);
  record.version = members.Text("version");
  const Json& figures = members.Get("figures");
  members.Check(figures.is_array(), "figures", "a list");
  for (const Json& figure : figures) {
    record.figures.push_back(ParseFigure(figure, members.Name("figures")));
  }
  members.CheckAllTaken();
  return record;
}

std::vector<SweepRecord> ReadRecords(const std::string& path) {
  std::vector<SweepRecord> records;
  if (!std::filesystem::exists(path)) {
    return records;
  }
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path, kMostRecordBytes);
  std::istringstream stream(std::string(bytes.begin(), bytes.end()));
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    records.push_back(
        InContext(path + ", line " + std::to_string(number) + ": no result of a sweep",
                  [&] { return ParseRecord(line); }));
  }
  return records;
}

std::string ResultsBeside(const std::string& sweep_path) {
  return std::filesystem::path(sweep_path).replace_extension(kResultsEnd).string();
}

const SweepRecord* FindRecord(const std::vector<SweepRecord>& records, const std::string& run) {
  const auto found = std::find_if(records.begin(), records.end(),
                                  [&](const SweepRecord& record) { return record.run == run; });
  return found == records.end() ? nullptr : &*found;
}

}  // namespace dkn::eval
