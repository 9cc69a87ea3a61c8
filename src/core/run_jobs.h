#ifndef DKN_SRC_CORE_RUN_JOBS_H_
#define DKN_SRC_CORE_RUN_JOBS_H_

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "src/core/parallel_for.h"

namespace dkn {

// Calls body(i) for i of [0, count) on `jobs` threads, each of which starts work for itself alone;
// one job is the calling thread with all of its own. After a body has thrown no other is begun, and
// the exception reaches the caller once all have ended.
template <typename Body>
void RunJobs(int jobs, std::size_t count, const Body& body) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        body(i);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(mutex);
        failure = std::current_exception();
        next = count;
      }
    }
  };
  if (jobs == 1) {
    work();
  } else {
    std::vector<std::thread> threads;
    for (int job = 0; job < jobs; ++job) {
      threads.emplace_back([&] {
        const ThreadCount single(1);
        work();
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_RUN_JOBS_H_
