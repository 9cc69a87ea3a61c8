#include "dkn/threads.h"

#include <omp.h>

#include <string>

#include "dkn/error.h"

namespace dkn {

void SetThreads(int count) {
  if (count < 0 || count > kMostThreads) {
    throw ArgumentError("the number of threads is " + std::to_string(count) + ", expected 0 to " +
                        std::to_string(kMostThreads));
  }
  omp_set_num_threads(count == 0 ? omp_get_num_procs() : count);
}

}  // namespace dkn
