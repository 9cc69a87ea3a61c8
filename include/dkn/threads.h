#ifndef DKN_THREADS_H_
#define DKN_THREADS_H_

#include "dkn/export.h"

namespace dkn {

// How many threads the library uses for work that the calling thread starts from now on; 0: one for
// each processor, as at the start. Results do not depend on it. Throws ArgumentError when
// `count` is negative or above 1024.
DKN_EXPORT void SetThreads(int count);

}  // namespace dkn

#endif  // DKN_THREADS_H_
