#include "src/filters/filter_kind.h"

#include "src/core/filter_settings.h"

namespace dkn {

std::unique_ptr<JointFilter> MakeFilter(const FilterKind& kind, const FilterSettings& settings) {
  return kind.make(CompleteSettings(kind.parameters, settings));
}

}  // namespace dkn
