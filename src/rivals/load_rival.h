#ifndef DKN_SRC_RIVALS_LOAD_RIVAL_H_
#define DKN_SRC_RIVALS_LOAD_RIVAL_H_

#include <memory>
#include <string>

#include "dkn/filter_parameter.h"
#include "dkn/joint_filter.h"

namespace dkn {

// The RivalFilter of a model file; none where it holds a network of our own. Throws MethodError
// naming the file and what is wrong with it.
std::unique_ptr<JointFilter> LoadRival(const std::string& path, const FilterSettings& settings,
                                       int max_memory_mb);

// Whether LoadRival gives a filter. Throws MethodError where the file is no model file.
bool HoldsRival(const std::string& path);

}  // namespace dkn

#endif  // DKN_SRC_RIVALS_LOAD_RIVAL_H_
