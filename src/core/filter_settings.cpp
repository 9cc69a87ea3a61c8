#include "src/core/filter_settings.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "dkn/error.h"
#include "src/core/number_text.h"

namespace dkn {
namespace {

const FilterParameter& FindParameter(const std::vector<FilterParameter>& parameters,
                                     const std::string& name) {
  const auto found =
      std::find_if(parameters.begin(), parameters.end(),
                   [&](const FilterParameter& parameter) { return parameter.name == name; });
  if (found != parameters.end()) {
    return *found;
  }
  std::string known;
  for (const FilterParameter& parameter : parameters) {
    known += (known.empty() ? "" : ", ") + parameter.name;
  }
  throw MethodError("no parameter is named '" + name + "'; there " +
                    (known.empty() ? "are none" : "are: " + known));
}

void CheckValue(const FilterParameter& parameter, double value) {
  const bool in_range = value >= parameter.least && value <= parameter.most;  // NaN is not
  if (!in_range || (parameter.whole && value != std::floor(value))) {
    throw MethodError("the parameter " + parameter.name + " is " + DigitsText(value) +
                      ", expected " + (parameter.whole ? "an integer" : "a number") + " from " +
                      DigitsText(parameter.least) + " to " + DigitsText(parameter.most));
  }
}

}  // namespace

FilterSettings CompleteSettings(const std::vector<FilterParameter>& parameters,
                                const FilterSettings& settings) {
  FilterSettings values;
  for (const FilterParameter& parameter : parameters) {
    values[parameter.name] = parameter.value;
  }
  for (const auto& [name, value] : settings) {
    CheckValue(FindParameter(parameters, name), value);
    values[name] = value;
  }
  return values;
}

}  // namespace dkn
