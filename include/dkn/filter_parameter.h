#ifndef DKN_FILTER_PARAMETER_H_
#define DKN_FILTER_PARAMETER_H_

#include <map>
#include <string>

namespace dkn {

// A number that a method works by: `dkn info METHOD` lists those of a method.
struct FilterParameter {
  std::string name;
  double value = 0.0;  // unless it is set
  double least = 0.0;  // what it may be set to, both ends included
  double most = 0.0;
  std::string unit;  // "pixels"; empty: it has none
  std::string meaning;
  bool whole = false;  // whether it must be an integer
};

// Values of a method's parameters, by name; the others keep theirs.
using FilterSettings = std::map<std::string, double>;

}  // namespace dkn

#endif  // DKN_FILTER_PARAMETER_H_
