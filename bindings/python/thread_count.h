#ifndef DKN_BINDINGS_PYTHON_THREAD_COUNT_H_
#define DKN_BINDINGS_PYTHON_THREAD_COUNT_H_

#include <omp.h>

#include <string>

#include "dkn/error.h"
#include "dkn/threads.h"
#include "src/core/parallel_for.h"

namespace dkn::python {

// So many threads for what the calling thread does while it lives; 0: as many as it has.
inline ThreadCount Threads(int count) {
  if (count < 0 || count > kMostThreads) {
    throw ArgumentError("the number of threads is " + std::to_string(count) + ", expected 0 to " +
                        std::to_string(kMostThreads));
  }
  return ThreadCount(count > 0 ? count : omp_get_max_threads());
}

}  // namespace dkn::python

#endif  // DKN_BINDINGS_PYTHON_THREAD_COUNT_H_
