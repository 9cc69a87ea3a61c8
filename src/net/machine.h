#ifndef DKN_SRC_NET_MACHINE_H_
#define DKN_SRC_NET_MACHINE_H_

#include <memory>
#include <string>

#include "dkn/precision.h"

namespace dkn {

// The instruction set that oneDNN uses, as ONEDNN_MAX_CPU_ISA names it: "AVX512_CORE_BF16"; on ARM
// "NEON".
std::string InstructionSet();

// Keeps Highway's kernels to the instruction set that oneDNN is told to use, so that a lesser
// processor is tried as a whole. Before the first of them runs.
void KeepToInstructionSet();

// The arithmetic that this machine reaches: a large product of matrices by oneDNN, to be run beside
// what is held against it, since machines change their speed from minute to minute.
class PeakProduct {
 public:
  // The processor must support the precision.
  explicit PeakProduct(Precision precision);
  ~PeakProduct();
  // Runs it once, on the threads that SetThreads allows: multiplications and additions in a second,
  // in 10^9 (of integers for kInt8).
  double Gflops() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Bytes read and written in a second, in 10^9, by copying memory far larger than the caches, on the
// threads that SetThreads allows: the best of a few runs, half a second in all.
double PeakMemoryGbps();

}  // namespace dkn

#endif  // DKN_SRC_NET_MACHINE_H_
