#include "src/dkn/workspace_pool.h"

#include <gtest/gtest.h>

namespace dkn {
namespace {

TEST(WorkspacePoolTest, HandsBackByKeyAndForgetsTheOldest) {
  WorkspacePool<int, int> pool(2);
  int made = 0;
  const auto make = [&] { return std::make_unique<int>(++made); };
  auto first = pool.Take(1, make);
  auto second = pool.Take(1, make);  // the first is in use
  auto other = pool.Take(2, make);
  EXPECT_EQ(made, 3);
  pool.GiveBack(1, std::move(first));
  pool.GiveBack(1, std::move(second));
  pool.GiveBack(2, std::move(other));  // one too many: the first goes
  EXPECT_EQ(*pool.Take(2, make), 3);
  EXPECT_EQ(*pool.Take(1, make), 2);
  EXPECT_EQ(*pool.Take(1, make), 4);
}

}  // namespace
}  // namespace dkn
