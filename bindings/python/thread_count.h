#ifndef DKN_BINDINGS_PYTHON_THREAD_COUNT_H_
#define DKN_BINDINGS_PYTHON_THREAD_COUNT_H_

#include <omp.h>
#include <unistd.h>

#include <string>

#include "dkn/error.h"
#include "dkn/threads.h"
#include "src/core/parallel_for.h"

namespace dkn::python {

// The process that loaded the module. OpenMP's threads do not come along where another one is
// forked off it, and who counts on them there waits for ever.
inline const pid_t kLoadedBy = getpid();

// So many threads for what the calling thread does while it lives; 0: as many as it has. In a
// process that was forked: one.
inline ThreadCount Threads(int count) {
  if (count < 0 || count > kMostThreads) {
    throw ArgumentError("the number of threads is " + std::to_string(count) + ", expected 0 to " +
                        std::to_string(kMostThreads));
  }
  const bool forked = getpid() != kLoadedBy;
  return ThreadCount(forked ? 1 : count > 0 ? count : omp_get_max_threads());
}

}  // namespace dkn::python

#endif  // DKN_BINDINGS_PYTHON_THREAD_COUNT_H_
