#ifndef DKN_SRC_FILTERS_FILTER_KIND_H_
#define DKN_SRC_FILTERS_FILTER_KIND_H_

#include <memory>
#include <vector>

#include "dkn/filter_parameter.h"
#include "dkn/joint_filter.h"

namespace dkn {

// What a classical filter's file defines: a function without arguments that gives one of these, its
// line in src/pipeline/filters.inc names it.
struct FilterKind {
  std::vector<FilterParameter> parameters;
  // Gets a value in its range for each of the parameters.
  std::unique_ptr<JointFilter> (*make)(const FilterSettings& values);
};

// The filter with these settings. Throws MethodError for a name that is no parameter's, with those
// there are, and for a value that the parameter cannot have.
std::unique_ptr<JointFilter> MakeFilter(const FilterKind& kind,
                                        const FilterSettings& settings = {});

}  // namespace dkn

#endif  // DKN_SRC_FILTERS_FILTER_KIND_H_
