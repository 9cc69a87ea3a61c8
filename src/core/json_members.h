#ifndef DKN_SRC_CORE_JSON_MEMBERS_H_
#define DKN_SRC_CORE_JSON_MEMBERS_H_

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "dkn/error.h"
#include "src/core/file.h"
#include "src/core/in_context.h"

namespace dkn {

using Json = nlohmann::json;

// The value of JSON text. Throws Error unless it is JSON of at most kMaxJsonBytes, as values take
// many times the memory of their text, whose objects and arrays nest at most kMaxJsonDepth levels:
// Json::dump and others recurse, and deeper ones would exhaust the stack.
inline constexpr int kMaxJsonDepth = 32;
inline constexpr std::size_t kMaxJsonBytes = 16 << 20;
Json ParseJson(const std::string& text);

// parse(text) of a file of at most `max_size` bytes; its Error begins with the file's name.
template <typename Parse>
auto ReadJsonFile(const std::string& path, const Parse& parse,
                  std::uint64_t max_size = kMaxJsonBytes) {
  const std::vector<std::uint8_t> bytes = ReadFileBytes(path, max_size);
  return InContext(path, [&] { return parse(std::string(bytes.begin(), bytes.end())); });
}

// Strict reading of one JSON object, which `path` names in errors. Nothing is converted: a number
// is no string, 1.5 no integer. For a member that is not there the getters return `absent`,
// unchecked, when it is given. All functions throw Error, which names the member and what was
// expected of it. A member that is an object in turn is read by JsonMembers(*Find(key), Name(key)).
class JsonMembers {
 public:
  // Keeps a reference to `object`.
  JsonMembers(const Json& object, std::string path);

  const Json* Find(const std::string& key);  // nullptr when it is not there
  const Json& Get(const std::string& key);

  // A string that is not empty.
  std::string Text(const std::string& key, const std::optional<std::string>& absent = {});
  bool Boolean(const std::string& key, std::optional<bool> absent = {});
  // low <= value <= high.
  double Number(const std::string& key, double low, double high, std::optional<double> absent = {});
  // value > 0.
  double Positive(const std::string& key, std::optional<double> absent = {});
  // low <= value <= high. T is written out where it is not int: Integer<std::int64_t>(...).
  template <typename T = int>
  T Integer(const std::string& key, std::type_identity_t<T> low, std::type_identity_t<T> high,
            std::optional<std::type_identity_t<T>> absent = {});
  // The result of parse(Text(key)), whose Error gets the member's name.
  template <typename Parse, typename T = std::invoke_result_t<Parse, std::string>>
  T Choice(const std::string& key, const Parse& parse,
           const std::optional<std::type_identity_t<T>>& absent = {});
  // An array that is not empty.
  const Json& Array(const std::string& key);

  // How errors name a member.
  std::string Name(const std::string& key) const { return path_ + ": '" + key + "'"; }
  // Throws Error, "... is not `expected`", unless the condition holds.
  void Check(bool condition, const std::string& key, const std::string& expected) const;
  // Refuses members that no call above asked for.
  void CheckAllTaken() const;

 private:
  // The member when `is_valid` holds for it.
  template <typename T, typename IsValid>
  T Value(const std::string& key, const std::optional<T>& absent, const std::string& expected,
          const IsValid& is_valid) {
    if (Find(key) == nullptr && absent) {
      return *absent;
    }
    const Json& value = Get(key);
    Check(is_valid(value), key, expected);
    return value.template get<T>();
  }

  const Json& object_;
  std::string path_;
  std::set<std::string> taken_;
};

template <typename T>
T JsonMembers::Integer(const std::string& key, std::type_identity_t<T> low,
                       std::type_identity_t<T> high,
                       std::optional<std::type_identity_t<T>> absent) {
  const auto in_range = [&](auto value) {
    return std::cmp_less_equal(low, value) && std::cmp_less_equal(value, high);
  };
  return Value(key, absent,
               "an integer from " + std::to_string(low) + " to " + std::to_string(high),
               [&](const Json& value) {
                 return value.is_number_unsigned()
                            ? in_range(value.get<std::uint64_t>())
                            : value.is_number_integer() && in_range(value.get<std::int64_t>());
               });
}

template <typename Parse, typename T>
T JsonMembers::Choice(const std::string& key, const Parse& parse,
                      const std::optional<std::type_identity_t<T>>& absent) {
  if (Find(key) == nullptr && absent) {
    return *absent;
  }
  const std::string text = Text(key);
  return InContext(Name(key), [&] { return parse(text); });
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_JSON_MEMBERS_H_
