#ifndef DKN_JOINT_FILTER_H_
#define DKN_JOINT_FILTER_H_

#include <memory>
#include <string>

#include "dkn/image.h"

namespace dkn {

struct FilterInput {
  ConstView guide;   // 1 or 3 (R,G,B) channels, values in [0, 1]
  ConstView target;  // any number of channels, values in [0, 1], at the guide's size
  // How much of each pixel rests on measurements, in [0, 1]: 1 channel at the guide's size, the
  // same for all channels of the target. The target has values where it is 0 too. Empty: all are
  // measured. Methods that cannot use it ignore it.
  ConstView mask = {};
  bool confidence = false;  // asks for FilterOutput::support and confidence
  // The next Apply with this output will have this guide, the view and its values unchanged: what
  // the method works out for it may be kept until then.
  bool guide_stays = false;
};

// What a method keeps from one Apply to the next; nobody else's business.
struct KeptWork {
  virtual ~KeptWork() = default;
};

struct FilterOutput {
  Image image;  // as large as the target, with as many channels; its memory is reused
  // Where they are asked for and the method has kernels to tell them by, 1 channel at the target's
  // size, values in [0, 1], of several channels the least; else empty.
  Image support;     // the share of the kernel's weights that lies on measured pixels (mask)
  Image confidence;  // support / (1 + spread of the kernel's samples / 0.01)
  std::unique_ptr<KeptWork> kept;  // FilterInput::guide_stays; networks keep their workspace
};

// A joint filter: the target's values, the guide's structure. Every method is one: the networks and
// the classical filters. Several threads may call Apply of one object at once, each with an output
// of its own.
class JointFilter {
 public:
  JointFilter() = default;
  JointFilter(const JointFilter&) = delete;
  JointFilter& operator=(const JointFilter&) = delete;
  virtual ~JointFilter() = default;

  // Throws Error when `input` does not meet CheckFilterInput, and leaves `output` unspecified then.
  virtual void Apply(const FilterInput& input, FilterOutput& output) const = 0;
};

// Throws Error unless guide and target are equal in size and not empty, the guide has 1 or 3
// channels, every value is finite, and the mask, where there is one, has the target's size, 1
// channel and values in [0, 1].
void CheckFilterInput(const FilterInput& input);

// Throws Error telling where the first value is that is NaN or Inf; `name` stands for the image.
void CheckFinite(ConstView image, const std::string& name);

}  // namespace dkn

#endif  // DKN_JOINT_FILTER_H_
