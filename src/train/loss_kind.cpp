#include "src/train/loss_kind.h"

#include "src/core/named_values.h"

namespace dkn::train {
namespace {

constexpr NamedValue<LossKind> kLosses[] = {
    {"l1", LossKind::kL1}, {"l2", LossKind::kL2}, {"l1_perceptual", LossKind::kL1Perceptual}};

}  // namespace

std::string LossName(LossKind loss) {
  return NameOf(kLosses, loss);
}

LossKind ParseLoss(JsonMembers& members, LossKind absent) {
  return members.Choice(
      "loss", [](const std::string& name) { return ParseNamed(kLosses, name, "loss"); }, absent);
}

}  // namespace dkn::train
