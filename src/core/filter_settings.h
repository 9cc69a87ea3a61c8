#ifndef DKN_SRC_CORE_FILTER_SETTINGS_H_
#define DKN_SRC_CORE_FILTER_SETTINGS_H_

#include <vector>

#include "dkn/filter_parameter.h"

namespace dkn {

// A value for each of the parameters: that of `settings`, else its own. Throws MethodError for a
// name that is no parameter's, with those there are, and for a value that the parameter cannot
// have.
FilterSettings CompleteSettings(const std::vector<FilterParameter>& parameters,
                                const FilterSettings& settings);

}  // namespace dkn

#endif  // DKN_SRC_CORE_FILTER_SETTINGS_H_
