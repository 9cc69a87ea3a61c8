#include "src/eval/result_store.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/hash.h"
#include "src/core/in_context.h"
#include "src/core/json_members.h"

namespace dkn::eval {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxStoreBytes = std::uint64_t{1} << 30;
constexpr std::int64_t kMostPixels = std::int64_t{1} << 40;  // of an image

// A list of [bin, pixels, squares], the bins from `first` to `last`.
std::map<int, ErrorSums> ParseBins(JsonMembers& members, const std::string& key, int first,
                                   int last) {
  std::map<int, ErrorSums> bins;
  const Json& list = members.Get(key);
  const std::string expected = "a list of [bin, pixels, squares], each bin once";
  members.Check(list.is_array(), key, expected);
  for (const Json& item : list) {
    members.Check(item.is_array() && item.size() == 3 && item[0].is_number_integer() &&
                      item[0] >= first && item[0] <= last && item[1].is_number_integer() &&
                      item[1] >= 1 && item[1] <= kMostPixels && item[2].is_number() && item[2] >= 0,
                  key, expected);
    const ErrorSums sums{item[1].get<std::int64_t>(), item[2].get<double>()};
    members.Check(bins.emplace(item[0].get<int>(), sums).second, key, expected);
  }
  return bins;
}

Json BinsJson(const std::map<int, ErrorSums>& bins) {
  Json list = Json::array();
  for (const auto& [bin, sums] : bins) {
    list.push_back({bin, sums.pixels, sums.squares});
  }
  return list;
}

ConfidenceHistogram ParseHistogram(const Json& json, const std::string& path) {
  JsonMembers members(json, path);
  return {ParseBins(members, "by_confidence", 0, kConfidenceBins - 1),
          ParseBins(members, "by_error", -kLastErrorBin, kLastErrorBin)};
}

// [[label, both, result, truth], ...], each label once.
IouCounts ParseCounts(const std::string& metric, const Json& list) {
  std::map<int, IouCounts::Count> by_label;
  const auto is_count = [](const Json& item) {
    return item.is_number_integer() && item >= 0 && item <= kMostPixels;
  };
  for (const Json& item : list) {
    if (!item.is_array() || item.size() != 4 || !std::all_of(item.begin(), item.end(), is_count) ||
        item[0] > IouCounts::kMaxLabel ||
        !by_label
             .emplace(item[0].get<int>(),
                      IouCounts::Count{item[1].get<std::int64_t>(), item[2].get<std::int64_t>(),
                                       item[3].get<std::int64_t>()})
             .second) {
      throw Error("the counts of '" + metric +
                  "' are no list of [label, both, result, truth], each label once");
    }
  }
  std::vector<IouCounts::Count> counts;
  for (const auto& [label, count] : by_label) {
    counts.resize(static_cast<std::size_t>(label));
    counts.push_back(count);
  }
  return IouCounts::Of(std::move(counts));
}

Json CountsJson(const IouCounts& iou) {
  Json list = Json::array();
  for (std::size_t label = 0; label < iou.counts().size(); ++label) {
    const IouCounts::Count& count = iou.counts()[label];
    if (count != IouCounts::Count()) {
      list.push_back({label, count.both, count.result, count.truth});
    }
  }
  return list;
}

StoredScore ParseScore(const std::string& line) {
  const Json json = ParseJson(line);
  JsonMembers members(json, "the score");
  StoredScore score;
  score.key = members.Text("key");
  for (const auto& [name, value] : members.Get("values").items()) {
    members.Check(value.is_number() || value.is_null(), "values", "an object of numbers and nulls");
    score.values[name] =
        value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
  }
  if (const Json* reliability = members.Find("reliability")) {
    score.reliability = ParseHistogram(*reliability, members.Name("reliability"));
  }
  if (const Json* counts = members.Find("counts")) {
    members.Check(counts->is_object(), "counts", "an object of lists");
    for (const auto& [metric, list] : counts->items()) {
      members.Check(list.is_array(), "counts", "an object of lists");
      score.counts[metric] = ParseCounts(metric, list);
    }
  }
  return score;
}

template <typename Value>
std::optional<Value> FindIn(const std::map<std::string, Value>& values, const std::string& key) {
  const auto found = values.find(key);
  return found == values.end() ? std::nullopt : std::make_optional(found->second);
}

std::uint64_t HashBytes(const void* data, std::size_t size, std::uint64_t seed) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::uint64_t hash = Hash(seed ^ size);
  for (std::size_t i = 0; i < size; ++i) {
    hash = Hash(hash ^ bytes[i]);
  }
  return hash;
}

std::string Hexadecimal(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(value));
  return text;
}

}  // namespace

std::string ScoreLine(const StoredScore& score) {
  nlohmann::ordered_json json = {{"key", score.key},     {"method", score.method},
                                 {"dataset", score.set}, {"case", score.in_case},
                                 {"image", score.image}, {"values", score.values}};
  if (score.reliability) {
    json["reliability"] = {{"by_confidence", BinsJson(score.reliability->by_confidence)},
                           {"by_error", BinsJson(score.reliability->by_error)}};
  }
  for (const auto& [metric, counts] : score.counts) {
    json["counts"][metric] = CountsJson(counts);
  }
  return json.dump() + "\n";
}

ResultStore::ResultStore(const std::string& path) : path_(path) {
  if (!path_.empty()) {
    Read();
    if (!std::ofstream(path_, std::ios::app)) {
      throw Error(path_ + ": cannot be written to");
    }
  }
}

void ResultStore::Read() {
  std::error_code code;
  if (!fs::exists(path_, code) || fs::file_size(path_, code) == 0) {
    return;
  }
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path_, kMaxStoreBytes);
  std::size_t begin = 0;
  for (int number = 1; begin < bytes.size(); ++number) {
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto end = std::find(first, bytes.end(), '\n');
    if (end == bytes.end()) {
      fs::resize_file(path_, begin, code);
      if (code) {
        throw Error(path_ + ": " + code.message());
      }
      return;
    }
    InContext(path_ + ", line " + std::to_string(number) + ": no result of an evaluation",
              [&] { Keep(ParseScore(std::string(first, end))); });
    begin += static_cast<std::size_t>(end - first) + 1;
  }
}

void ResultStore::Keep(const StoredScore& score) {
  values_[score.key] = score.values;
  reliability_.erase(score.key);
  if (score.reliability) {
    reliability_[score.key] = *score.reliability;
  }
  counts_.erase(score.key);
  if (!score.counts.empty()) {
    counts_[score.key] = score.counts;
  }
}

std::optional<MetricValues> ResultStore::Find(const std::string& key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return FindIn(values_, key);
}

std::optional<ConfidenceHistogram> ResultStore::FindReliability(const std::string& key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return FindIn(reliability_, key);
}

MetricCounts ResultStore::FindCounts(const std::string& key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return FindIn(counts_, key).value_or(MetricCounts());
}

void ResultStore::Add(const StoredScore& score) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Keep(score);
  if (!path_.empty()) {
    std::ofstream file(path_, std::ios::app | std::ios::binary);
    file << ScoreLine(score) << std::flush;
    if (!file) {
      throw Error(path_ + ": cannot be written to");
    }
  }
}

std::string ScoreKey(const std::vector<std::string>& parts) {
  std::uint64_t hash = 0;
  for (const std::string& part : parts) {
    hash = HashBytes(part.data(), part.size(), hash);
  }
  return Hexadecimal(hash);
}

std::string FileStamp(const std::string& path) {
  std::error_code code;
  const auto size = fs::file_size(path, code);
  const auto time = code ? fs::file_time_type() : fs::last_write_time(path, code);
  if (code) {
    return path;
  }
  const std::string whole = fs::weakly_canonical(path, code).string();
  return (code ? path : whole) + " " + std::to_string(size) + " " +
         std::to_string(time.time_since_epoch().count());
}

std::string FileContentKey(const std::string& path) {
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path);
  return Hexadecimal(HashBytes(bytes.data(), bytes.size(), 0));
}

}  // namespace dkn::eval
