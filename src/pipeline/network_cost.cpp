#include "dkn/model.h"
#include "dkn/registry.h"
#include "src/dkn/operations.h"
#include "src/rivals/dgf.h"
#include "src/rivals/rival_filter.h"

namespace dkn {

std::optional<NetworkCost> CostOf(const std::string& name_or_file, int width, int height,
                                  const NetworkOptions& options, const FilterSettings& settings) {
  const auto filter = CreateFilter(name_or_file, options, settings);
  if (const auto* model = dynamic_cast<const Model*>(filter.get())) {
    return NetworkCost{model->parameter_count(), Operations(model->architecture(), width, height)};
  }
  if (const auto* rival = dynamic_cast<const RivalFilter*>(filter.get())) {
    return NetworkCost{rival->parameter_count(), rival->FrameOperations({width, height})};
  }
  if (const auto* dgf = dynamic_cast<const DgfFilter*>(filter.get())) {
    const Graph& guide = dgf->guide();
    return NetworkCost{ParameterCount(guide), Operations(guide, {{width, height}})};
  }
  return std::nullopt;
}

}  // namespace dkn
