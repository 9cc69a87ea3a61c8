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

// Takes the kernels of a lattice's pixels, as many as the field has.
using TakeKernels = std::function<void(const WeightsAndOffsets& kernels, const Lattice& lattice)>;

// How a network with its weights runs on images of sizes that are multiples of 4. Immutable, of any
// number of threads.
class Execution {
 public:
  virtual ~Execution() = default;

  // What one thread needs to filter images of one size.
  class Workspace {
   public:
    virtual ~Workspace() = default;
    // The guide as the first layer takes it: channels in the architecture's order, or their luma.
    // The view must remain valid until the last Filter. Not called for networks without guide.
    virtual void SetGuide(ConstView guide) = 0;
    // One channel, with the kernels that it and the guide give; and their report where it is
    // wanted, which changes no bit of `out`.
    virtual void Filter(ConstView target, View out, const KernelReport& report = {}) = 0;
    // The kernels that Filter uses, in parts that cover every pixel. Those of one row of blocks
    // come one after the other, others perhaps at once, from several threads.
    virtual void ComputeKernels(ConstView target, const TakeKernels& take) = 0;
  };
  virtual std::unique_ptr<Workspace> Prepare(int width, int height) const = 0;
  // Bytes that a workspace takes.
  virtual std::size_t WorkspaceBytes(int width, int height) const = 0;
};

// Each throws Error where a tensor is missing or of another shape than the architecture's. The
// convolutions compute in `precision`, which the processor must support.

// Fig. 4: images split into 16 phases, one pass.
std::unique_ptr<Execution> MakeFdknExecution(const TensorFile& file, const Architecture& a,
                                             Precision precision = Precision::kFp32);

// Appendix A, for every DKN: the whole network for each shift. The reference.
std::unique_ptr<Execution> MakeShiftAndStitch(const TensorFile& file, const Architecture& a,
                                              Precision precision = Precision::kFp32);

// The same result for DKN with DownConv, sharing between the shifts what they have in common.
std::unique_ptr<Execution> MakeSharedShiftAndStitch(const TensorFile& file, const Architecture& a,
                                                    Precision precision = Precision::kFp32);

// The fastest for the architecture.
std::unique_ptr<Execution> MakeExecution(const TensorFile& file, const Architecture& a,
                                         Precision precision = Precision::kFp32);

}  // namespace dkn

#endif  // DKN_SRC_DKN_EXECUTION_H_
