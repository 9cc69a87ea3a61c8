#include "src/eval/result_store.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "dkn/error.h"
#include "dkn/registry.h"
#include "src/core/file.h"
#include "src/core/hash.h"
#include "src/core/json_members.h"

namespace dkn {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxStoreBytes = std::uint64_t{1} << 30;

StoredScore ParseScore(const std::string& line) {
  const Json json = ParseJson(line);
  JsonMembers members(json, "the score");
  StoredScore score;
  score.key = members.Text("key");
  for (const auto& [name, value] : members.Get("values").items()) {
    members.Check(value.is_number(), "values", "an object of numbers");
    score.values[name] = value.get<double>();
  }
  return score;
}

std::string ScoreLine(const StoredScore& score) {
  const nlohmann::ordered_json json = {{"key", score.key},     {"method", score.method},
                                       {"dataset", score.set}, {"case", score.in_case},
                                       {"image", score.image}, {"values", score.values}};
  return json.dump() + "\n";
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
    try {
      StoredScore score = ParseScore(std::string(first, end));
      values_[score.key] = std::move(score.values);
    } catch (const Error& error) {
      throw Error(path_ + ", line " + std::to_string(number) +
                  ": no result of an evaluation: " + error.what());
    }
    begin += static_cast<std::size_t>(end - first) + 1;
  }
}

std::optional<MetricValues> ResultStore::Find(const std::string& key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = values_.find(key);
  return found == values_.end() ? std::nullopt : std::make_optional(found->second);
}

void ResultStore::Add(const StoredScore& score) {
  const std::lock_guard<std::mutex> lock(mutex_);
  values_[score.key] = score.values;
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
  return path + " " + std::to_string(size) + " " + std::to_string(time.time_since_epoch().count());
}

std::string FileContentKey(const std::string& path) {
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path);
  return Hexadecimal(HashBytes(bytes.data(), bytes.size(), 0));
}

std::string ProgramFingerprint() {
  std::error_code code;
  const fs::path program = fs::read_symlink("/proc/self/exe", code);
  std::string fingerprint = code ? "" : FileStamp(program.string());
  Dl_info library{};  // of libdkn, where it is one of its own
  if (dladdr(reinterpret_cast<const void*>(&CreateFilter), &library) != 0 &&
      fs::exists(library.dli_fname, code)) {
    fingerprint.append(" ").append(FileStamp(library.dli_fname));
  }
  return fingerprint;
}

}  // namespace dkn
