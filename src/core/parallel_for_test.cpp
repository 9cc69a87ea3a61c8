#include "src/core/parallel_for.h"

#include <gtest/gtest.h>
#include <omp.h>

#include <atomic>
#include <new>
#include <string>
#include <vector>

#include "dkn/error.h"
#include "dkn/threads.h"

namespace dkn {
namespace {

// With one thread and with several.
class ParallelForTest : public testing::TestWithParam<int> {
 protected:
  void SetUp() override { SetThreads(GetParam()); }
  void TearDown() override { SetThreads(0); }
};

TEST_P(ParallelForTest, CallsEveryIndexOnce) {
  for (const int count : {1, 2, 100}) {
    std::vector<int> calls(static_cast<std::size_t>(count) + 20, 0);
    ParallelFor(10, 10 + count, [&](int i) { ++calls[static_cast<std::size_t>(i)]; });
    for (int i = 0; i < count + 20; ++i) {
      EXPECT_EQ(calls[static_cast<std::size_t>(i)], i >= 10 && i < 10 + count ? 1 : 0) << i;
    }
  }
}

TEST_P(ParallelForTest, TakesNegativeAndEmptyRanges) {
  std::atomic<int> sum = 0;
  ParallelFor(-3, 3, [&](int i) { sum += i; });
  EXPECT_EQ(sum, -3);
  ParallelFor(5, 5, [&](int) { sum = 100; });
  ParallelFor(5, 4, [&](int) { sum = 100; });
  EXPECT_EQ(sum, -3);
}

TEST_P(ParallelForTest, UsesTheThreadsThatAreSet) {
  std::atomic<int> threads = 0;
  ParallelFor(0, 100, [&](int) { threads = omp_get_num_threads(); });
  EXPECT_EQ(threads, GetParam());
}

TEST_P(ParallelForTest, GivesEachThreadTheSameIndicesEachTime) {
  const auto owners = [] {
    std::vector<int> owner(100);
    ParallelFor(0, 100, [&](int i) { owner[static_cast<std::size_t>(i)] = omp_get_thread_num(); });
    return owner;
  };
  const std::vector<int> first = owners();
  for (int run = 0; run < 20; ++run) {
    ASSERT_EQ(owners(), first);
  }
}

TEST_P(ParallelForTest, PassesAnExceptionOnOnceAllIndicesAreDone) {
  std::atomic<int> done = 0;
  std::string message;
  try {
    ParallelFor(0, 100, [&](int i) {
      if (i == 37) {
        throw Error("index 37");
      }
      ++done;
    });
  } catch (const Error& error) {
    message = error.what();
  }
  EXPECT_EQ(message, "index 37");
  EXPECT_EQ(done, 99);
}

TEST_P(ParallelForTest, PassesOneOfSeveralExceptionsOn) {
  std::string message;
  try {
    ParallelFor(0, 100, [](int i) {
      if (i % 10 == 5) {
        throw Error(std::to_string(i));
      }
    });
  } catch (const Error& error) {
    message = error.what();
  }
  ASSERT_FALSE(message.empty());
  EXPECT_EQ(std::stoi(message) % 10, 5);
}

TEST_P(ParallelForTest, KeepsAnExceptionsType) {
  EXPECT_THROW(ParallelFor(0, 9, [](int) { throw std::bad_alloc(); }), std::bad_alloc);
}

// At most 3: libomp keeps memory that LeakSanitizer reports when it has more threads than that.
INSTANTIATE_TEST_SUITE_P(Threads, ParallelForTest, testing::Values(1, 2, 3));

}  // namespace
}  // namespace dkn
