#include "src/pipeline/guide_frame.h"

#include <algorithm>
#include <string>

#include "dkn/error.h"
#include "dkn/joint_filter.h"

namespace dkn {

void ReadGuideFrame(const ConstFrame& frame, Image& guide) {
  CheckFrame(frame, "guide");
  if (frame.channels > 4) {
    throw Error("the guide has " + std::to_string(frame.channels) +
                " channels, expected 1 or 3, or 2 or 4 with alpha");
  }
  ToImage(frame, guide);
  if (IsInteger(frame.type)) {
    std::for_each(guide.data(), guide.data() + guide.size(),
                  [full = FullScale(frame.type)](float& value) { value /= full; });
  } else {
    CheckFinite(ColourOf(guide), "guide");
  }
}

}  // namespace dkn
