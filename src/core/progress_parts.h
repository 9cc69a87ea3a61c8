#ifndef DKN_SRC_CORE_PROGRESS_PARTS_H_
#define DKN_SRC_CORE_PROGRESS_PARTS_H_

#include <omp.h>

#include <algorithm>

#include "dkn/error.h"
#include "dkn/progress.h"
#include "src/core/parallel_for.h"

namespace dkn {

// Tells what is done; throws CancelledError where the work is to end.
inline void Tell(const Progress& progress, double done) {
  if (progress && !progress(done)) {
    throw CancelledError("cancelled");
  }
}

// The progress of part `index` of work that has so many equal parts. `whole` must outlive it.
inline Progress PartOf(const Progress& whole, int index, int parts) {
  if (!whole) {
    return {};
  }
  return [&whole, index, parts](double done) { return whole((index + done) / parts); };
}

// ParallelFor(0, height, body), some rows at a time.
template <typename Body>
void ParallelForRows(int height, const Progress& progress, const Body& body) {
  constexpr int kRowsPerThread = 8;
  const int rows = progress ? kRowsPerThread * omp_get_max_threads() : height;
  for (int top = 0; top < height; top += rows) {
    Tell(progress, static_cast<double>(top) / height);
    ParallelFor(top, std::min(top + rows, height), body);
  }
}

}  // namespace dkn

#endif  // DKN_SRC_CORE_PROGRESS_PARTS_H_
