#ifndef DKN_SRC_CORE_PARALLEL_FOR_H_
#define DKN_SRC_CORE_PARALLEL_FOR_H_

#include <omp.h>

#include <exception>

namespace dkn {

// Calls body(i) for every i of [begin, end) on OpenMP's threads (those of oneDNN too, so there is
// one pool). Which thread takes which i is fixed by the number of threads alone. An exception of
// the body reaches the caller after all threads have finished: the one of some i, where several
// throw.
template <typename Body>
void ParallelFor(int begin, int end, const Body& body) {
  std::exception_ptr failure;
#pragma omp parallel for schedule(static)
  for (int i = begin; i < end; ++i) {
    try {
      body(i);
    } catch (...) {
#pragma omp critical(dkn_parallel_for)
      failure = std::current_exception();
    }
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

// While it lives, what the calling thread prepares or starts is for so many threads.
class ThreadCount {
 public:
  explicit ThreadCount(int count) : before_(omp_get_max_threads()) { omp_set_num_threads(count); }
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;
  ~ThreadCount() { omp_set_num_threads(before_); }

 private:
  int before_;
};

}  // namespace dkn

#endif  // DKN_SRC_CORE_PARALLEL_FOR_H_
