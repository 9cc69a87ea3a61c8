#ifndef DKN_SRC_DKN_EXECUTION_H_
#define DKN_SRC_DKN_EXECUTION_H_

#include <cstddef>
#include <functional>
#include <memory>

#include "dkn/image.h"
#include "dkn/precision.h"
#include "src/dkn/architecture.h"
#include "src/dkn/kernel_report.h"
#include "src/dkn/plain_kernel.h"
#include "src/net/safetensors.h"

namespace dkn {

// Takes the kernels of a lattice's pixels.
using TakeKernels = std::function<void(const WeightsAndOffsets& combined, const Lattice& lattice)>;

// A network at work on tiles of one size, whose sides are multiples of kResampling. It is for as
// many threads as there were when it was prepared, and of one caller at a time.
class TileFilter {
 public:
  virtual ~TileFilter() = default;
  // The guide as the first layer takes it: channels in the architecture's order, or their luma.
  // The view must remain valid until the last Filter. Networks without guide are not given one.
  virtual void SetGuide(ConstView guide) = 0;
  // `seen` is what the target's stream takes, TargetChannels of them. `target`, of one channel, is
  // filtered by the kernels that it and the guide give; and their report told where it is wanted,
  // which changes no bit of `out`. Target and mask are within the fast kernel's reach.
  virtual void Filter(ConstView seen, const SampledTarget& target, View out,
                      const KernelReport& report = {}) = 0;
  // The kernels that Filter uses, in parts that cover every pixel. Those of one row of blocks come
  // one after the other, others perhaps at once, from several threads.
  virtual void ComputeKernels(ConstView seen, const TakeKernels& take) = 0;
};

// How a network with its weights runs. It is immutable, and of any number of threads.
class Execution {
 public:
  virtual ~Execution() = default;
  virtual std::unique_ptr<TileFilter> Prepare(int width, int height) const = 0;
  // Bytes that a TileFilter takes.
  virtual std::size_t FilterBytes(int width, int height) const = 0;
};

// The fastest execution of the architecture: of FDKN one pass over images split into 16 phases
// (Fig. 4), of DKN shift-and-stitch (Appendix A), which shares between the shifts what Table 1's
// layers have in common. The convolutions compute in `precision`, which the processor must support.
// Throws Error where a tensor is missing or of another shape than the architecture's.
std::unique_ptr<Execution> MakeExecution(const TensorFile& file, const Architecture& a,
                                         Precision precision = Precision::kFp32);

// For every DKN, to the appendix's letter: the whole network runs for each shift. It is the
// reference for what MakeExecution shares, and MakeExecution's way for networks without DownConv.
std::unique_ptr<Execution> MakeShiftAndStitch(const TensorFile& file, const Architecture& a,
                                              Precision precision = Precision::kFp32);

}  // namespace dkn

#endif  // DKN_SRC_DKN_EXECUTION_H_
