#include "dkn/threads.h"

#include <omp.h>

#include <string>

#include "dkn/error.h"

namespace dkn {
namespace {

// OpenMP ends the program where it cannot start as many as it was told to, and overflows the stack
// by tens of thousands.
constexpr int kMostThreads = 1024;

}  // namespace

void SetThreads(int count) {
  if (count < 0 || count > kMostThreads) {
    throw ArgumentError("the number of threads is " + std::to_string(count) + ", expected 0 to " +
                        std::to_string(kMostThreads));
  }
  omp_set_num_threads(count == 0 ? omp_get_num_procs() : count);
}

}  // namespace dkn
