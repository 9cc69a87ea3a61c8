#include <memory>

#include "dkn/joint_filter.h"
#include "src/filters/filter_kind.h"

namespace dkn {
namespace {

// The joint filter that leaves the target as it is. Upsampling brings targets to the guide's size
// by bicubic interpolation before any filter sees them, so this is the literature's "Bicubic" row.
class Bicubic : public JointFilter {
 public:
  void Apply(const FilterInput& input, FilterOutput& output) const override {
    CheckFilterInput(input);
    output.image.Reset(input.target.width, input.target.height, input.target.channels);
    Copy(input.target, output.image);
  }
};

}  // namespace

FilterKind BicubicKind() {
  return {{}, [](const FilterSettings&) -> std::unique_ptr<JointFilter> {
            return std::make_unique<Bicubic>();
          }};
}

}  // namespace dkn
