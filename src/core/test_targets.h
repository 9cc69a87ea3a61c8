#ifndef DKN_SRC_CORE_TEST_TARGETS_H_
#define DKN_SRC_CORE_TEST_TARGETS_H_

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cstdint>

namespace dkn {

// Calls body() with each instruction set that this processor has; the best again in the end,
// however it ends.
template <typename Body>
void OnEachTarget(const Body& body) {
  struct Restore {
    ~Restore() { Choose(0); }
    static void Choose(std::int64_t targets) {
      hwy::SetSupportedTargetsForTest(targets);
      hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    }
  } restore;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    restore.Choose(target);
    body();
  }
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_TEST_TARGETS_H_
