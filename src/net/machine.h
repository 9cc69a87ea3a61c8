#ifndef DKN_SRC_NET_MACHINE_H_
#define DKN_SRC_NET_MACHINE_H_

#include <string>

#include "dkn/precision.h"

namespace dkn {

// The instruction set that oneDNN uses, as ONEDNN_MAX_CPU_ISA names it: "AVX512_CORE_BF16".
std::string InstructionSet();

// What this machine reaches, measured now on the threads that SetThreads allows: the best of a few
// runs, half a second in all.

// Multiplications and additions in a second, in 10^9 (of integers for kInt8), of a large product of
// matrices by oneDNN. The processor must support the precision.
double PeakGflops(Precision precision);

// Bytes read and written in a second, in 10^9, by copying memory far larger than the caches.
double PeakMemoryGbps();

}  // namespace dkn

#endif  // DKN_SRC_NET_MACHINE_H_
