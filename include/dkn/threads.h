#ifndef DKN_THREADS_H_
#define DKN_THREADS_H_

#include "dkn/export.h"

namespace dkn {

// More than this many overflow the stack or end the program in some OpenMP libraries.
inline constexpr int kMostThreads = 1024;

// How many threads the library uses for work that the calling thread starts from now on; 0: one for
// each processor, as at the start. Results do not depend on it. Throws ArgumentError when
// `count` is negative or above kMostThreads.
DKN_EXPORT void SetThreads(int count);

}  // namespace dkn

#endif  // DKN_THREADS_H_
