#include "dkn/threads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <thread>

#include "dkn/error.h"

namespace dkn {
namespace {

class SetThreadsTest : public testing::Test {
 protected:
  void TearDown() override { SetThreads(0); }
};

TEST_F(SetThreadsTest, SetsTheNumber) {
  for (const int count : {1, 3, 2}) {
    SetThreads(count);
    EXPECT_EQ(omp_get_max_threads(), count);
  }
}

TEST_F(SetThreadsTest, ZeroIsOneForEachProcessor) {
  SetThreads(1);
  SetThreads(0);
  EXPECT_EQ(omp_get_max_threads(), omp_get_num_procs());
}

TEST_F(SetThreadsTest, RefusesNegativeAndHugeNumbersAndKeepsTheOldOne) {
  SetThreads(3);
  EXPECT_THAT([] { SetThreads(-1); }, testing::ThrowsMessage<Error>(testing::HasSubstr("-1")));
  EXPECT_THAT([] { SetThreads(100000); },
              testing::ThrowsMessage<ArgumentError>(testing::HasSubstr("expected 0 to 1024")));
  EXPECT_EQ(omp_get_max_threads(), 3);
}

TEST_F(SetThreadsTest, IsForTheCallingThreadAlone) {
  SetThreads(1);
  int inside = 0;
  std::thread other([&] {
    SetThreads(3);
    inside = omp_get_max_threads();
  });
  other.join();
  EXPECT_EQ(inside, 3);
  EXPECT_EQ(omp_get_max_threads(), 1);
}

}  // namespace
}  // namespace dkn
