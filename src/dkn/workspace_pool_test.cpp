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

TEST(WorkspacePoolTest, ClearFreesWhatWaitsAndNothingElse) {
  WorkspacePool<int, std::shared_ptr<int>> pool(2);
  const auto owner = std::make_shared<int>();
  const auto make = [&] { return std::make_unique<std::shared_ptr<int>>(owner); };
  auto used = pool.Take(1, make);
  auto waiting = pool.Take(1, make);
  pool.GiveBack(1, std::move(waiting));
  EXPECT_EQ(owner.use_count(), 3);
  pool.Clear();
  EXPECT_EQ(owner.use_count(), 2);
  pool.GiveBack(1, std::move(used));
  EXPECT_EQ(*pool.Take(1, [] { return nullptr; }), owner);
}

}  // namespace
}  // namespace dkn
