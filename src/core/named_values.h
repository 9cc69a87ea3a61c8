#ifndef DKN_SRC_CORE_NAMED_VALUES_H_
#define DKN_SRC_CORE_NAMED_VALUES_H_

#include <cstddef>
#include <string>

#include "dkn/error.h"

namespace dkn {

// A value and its name in options and files: one table of these tells both ways.
template <typename T>
struct NamedValue {
  const char* name;
  T value;
};

// The value of this name. Throws Error, which repeats the name and lists those there are; `what`
// says what they name, for instance "resampler".
template <typename T, std::size_t n>
T ParseNamed(const NamedValue<T> (&table)[n], const std::string& name, const std::string& what) {
  std::string known;
  for (std::size_t i = 0; i < n; ++i) {
    if (name == table[i].name) {
      return table[i].value;
    }
    known += std::string(i == 0 ? "" : i + 1 == n ? " or " : ", ") + table[i].name;
  }
  throw Error("unknown " + what + " '" + name + "', expected " + known);
}

// The name of a value that the table has.
template <typename T, std::size_t n>
const char* NameOf(const NamedValue<T> (&table)[n], T value) {
  for (const NamedValue<T>& named : table) {
    if (named.value == value) {
      return named.name;
    }
  }
  throw Error("a value that has no name");
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_NAMED_VALUES_H_
