#ifndef DKN_SRC_TRAIN_LOSS_KIND_H_
#define DKN_SRC_TRAIN_LOSS_KIND_H_

#include <string>

#include "src/core/json_members.h"

namespace dkn::train {

// What training minimises, as a mean over pixels: the absolute difference (Eq. 8), its square, or
// the first plus the mean squared difference of VGG-16's features (Section 5, "Training loss").
enum class LossKind { kL1, kL2, kL1Perceptual };

// As a configuration has it: "l1", "l2", "l1_perceptual".
std::string LossName(LossKind loss);

// The member "loss". Throws Error where it is none of these.
LossKind ParseLoss(JsonMembers& members, LossKind absent);

}  // namespace dkn::train

#endif  // DKN_SRC_TRAIN_LOSS_KIND_H_
