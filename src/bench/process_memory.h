#ifndef DKN_SRC_BENCH_PROCESS_MEMORY_H_
#define DKN_SRC_BENCH_PROCESS_MEMORY_H_

namespace dkn {

// Forgets the most memory that the process has held so far, and returns freed memory to the system.
void ResetPeakMemory();

// The most memory, in 10^6 bytes, that the process has held since; 0 where /proc does not tell.
double PeakMemoryMb();

}  // namespace dkn

#endif  // DKN_SRC_BENCH_PROCESS_MEMORY_H_
