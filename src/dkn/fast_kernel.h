#ifndef DKN_SRC_DKN_FAST_KERNEL_H_
#define DKN_SRC_DKN_FAST_KERNEL_H_

#include <cstddef>

#include "dkn/architecture.h"
#include "dkn/image.h"
#include "src/dkn/heads.h"
#include "src/dkn/kernel_report.h"
#include "src/dkn/plain_kernel.h"

namespace dkn {

// Blocks of 4 x 4 pixels in a row of them.
struct BlockStrip {
  int row = 0;    // of blocks
  int first = 0;  // the block that the heads' values begin with
  int begin = 0;  // of the blocks, counted from the first, those of [begin, end) are filtered
  int end = 0;
};

// What src/dkn/plain_kernel.h says plainly, from the heads of the streams to the filtered image, in
// one pass: the kernels of 16 pixels are combined, their samples read and averaged without being
// stored. By Highway, for the best instruction set that the processor has.
class FastKernel {
 public:
  // Takes its memory, for as many threads as there are now.
  explicit FastKernel(const Architecture& architecture);
  // Bytes of that memory: for each thread the weights of one group of pixels, and their heads.
  static std::size_t MemoryBytes(const Architecture& architecture);

  // FDKN, for the pixels of a strip: heads laid out as kBlocks, of the strip's blocks alone.
  // `target` is what is sampled, sizes multiples of 4; `out` is of its size. A report,
  // where it is wanted, changes no bit of `out`. OpenMP's threads may each filter a strip at once.
  // Throws Error where an image is not WithinReach.
  void FilterBlocks(const Heads& heads, const SampledTarget& target, const BlockStrip& strip,
                    View out, const KernelReport& report = {});

  // DKN, heads laid out as kPixels, for the pixels of `lattice` alone: fills those of `out`, which
  // is of the target's size. Of one thread at a time, which has the others help. Throws as above.
  void FilterLattice(const Heads& heads, const SampledTarget& target, const Lattice& lattice,
                     View out, const KernelReport& report = {});

  // Vectors count from a pixel in 32 bits, which suffice for images whose rows begin at most this
  // many values apart. Sampled are the target and the report's mask.
  static constexpr std::ptrdiff_t kMaxRowStride = 1 << 23;
  static bool WithinReach(ConstView image);

  // What one thread is given to do.
  struct Job {
    const Architecture& architecture;
    const Heads& heads;
    SampledTarget target;
    View out;
    KernelReport report;
    float* weights;      // the thread's own memory for the weights of a group of pixels
    float* group_heads;  // and for what the heads give for it
  };

 private:
  Job MakeJob(const Heads& heads, const SampledTarget& target, View out,
              const KernelReport& report);

  const Architecture architecture_;
  Image memory_;  // a row for each thread
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_FAST_KERNEL_H_
