#include "src/core/json_members.h"

namespace dkn {

Json ParseJson(const std::string& text) {
  const auto check_depth = [](int depth, Json::parse_event_t event, const Json&) {
    using Event = Json::parse_event_t;
    if ((event == Event::object_start || event == Event::array_start) && depth >= kMaxJsonDepth) {
      throw Error("the JSON nests deeper than " + std::to_string(kMaxJsonDepth) + " levels");
    }
    return true;
  };
  if (text.size() > kMaxJsonBytes) {
    throw Error("the JSON has " + std::to_string(text.size()) + " bytes, expected at most " +
                std::to_string(kMaxJsonBytes));
  }
  try {
    return Json::parse(text, check_depth);
  } catch (const Json::exception& error) {
    throw Error(std::string("not JSON: ") + error.what());
  }
}

JsonMembers::JsonMembers(const Json& object, std::string path)
    : object_(object), path_(std::move(path)) {
  if (!object.is_object()) {
    throw Error(path_ + " is not a JSON object");
  }
}

const Json* JsonMembers::Find(const std::string& key) {
  taken_.insert(key);
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

const Json& JsonMembers::Get(const std::string& key) {
  const Json* value = Find(key);
  if (value == nullptr) {
    throw Error(path_ + " lacks '" + key + "'");
  }
  return *value;
}

std::string JsonMembers::Text(const std::string& key, const std::optional<std::string>& absent) {
  return Value(key, absent, "a string that is not empty",
               [](const Json& value) { return value.is_string() && value != ""; });
}

bool JsonMembers::Boolean(const std::string& key, std::optional<bool> absent) {
  return Value(key, absent, "true or false", [](const Json& value) { return value.is_boolean(); });
}

double JsonMembers::Number(const std::string& key, double low, double high,
                           std::optional<double> absent) {
  return Value(key, absent, "a number from " + Json(low).dump() + " to " + Json(high).dump(),
               [&](const Json& value) {
                 return value.is_number() && low <= value.get<double>() &&
                        value.get<double>() <= high;
               });
}

double JsonMembers::Positive(const std::string& key, std::optional<double> absent) {
  return Value(key, absent, "a positive number",
               [](const Json& value) { return value.is_number() && value.get<double>() > 0; });
}

const Json& JsonMembers::Array(const std::string& key) {
  const Json& value = Get(key);
  Check(value.is_array() && !value.empty(), key, "an array that is not empty");
  return value;
}

void JsonMembers::Check(bool condition, const std::string& key, const std::string& expected) const {
  if (!condition) {
    throw Error(Name(key) + " is not " + expected);
  }
}

void JsonMembers::CheckAllTaken() const {
  for (const auto& item : object_.items()) {
    if (taken_.count(item.key()) == 0) {
      throw Error(path_ + " has an unknown field '" + item.key() + "'");
    }
  }
}

}  // namespace dkn
