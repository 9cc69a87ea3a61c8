// The page has no networks of others: its models are ours.
#include "src/rivals/load_rival.h"

namespace dkn {

std::unique_ptr<JointFilter> LoadRival(const std::string&, const FilterSettings&, int) {
  return nullptr;
}

}  // namespace dkn
