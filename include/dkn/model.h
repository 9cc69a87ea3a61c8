#ifndef DKN_MODEL_H_
#define DKN_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "dkn/architecture.h"
#include "dkn/export.h"
#include "dkn/joint_filter.h"
#include "dkn/precision.h"

namespace dkn {

// The name of the metadata that says by how many percent the RMSE grows with a precision.
DKN_EXPORT std::string RmseChangeName(Precision precision);

// How a network is made and runs; other methods have no such options and refuse all but the
// defaults.
struct NetworkOptions {
  // Instead of the one that the file tells: for weights of other origin.
  std::optional<Architecture> architecture = std::nullopt;
  // SupportedPrecision of it is used. kInt8 needs a file with the ranges of its layers, as `dkn
  // calibrate` writes it. None: the fastest that the processor supports of those whose loss of
  // accuracy, recorded in the file, is at most max_rmse_change_percent; fp32 where none is.
  std::optional<Precision> precision = Precision::kFp32;
  double max_rmse_change_percent = 0.5;  // of the RMSE on validation images, against fp32
  // The most memory, in 10^6 bytes, that one Apply takes for its images (guide, target and result)
  // and its work, weights (about 10) and maps of confidence (16 bytes a pixel) left out, but
  // FrameSize::beside included (an Upsampler counts all that it holds for a frame); where it
  // does not suffice for the whole image, tiles are filtered, with the same result but for
  // rounding. 0: no bound.
  int max_memory_mb = 0;
};

// The kernels of an image (paper: Section 3.1, Eq. (3) to (7)): for each pixel k * k weights, and
// where they sample. A pixel's result is, with the residual, its target value plus the sum of the
// weights times the samples (Eq. (3)), those of coarser levels less its target value; else the sum
// of all (Eq. (7)).
struct Kernels {
  int size = 0;  // k
  // k * k channels, and one for each tap of a coarser level (Architecture::levels), level by level.
  // With the residual and mean subtraction the first k * k sum to 0, and the others draw the pixel
  // towards what they read; without residual all sum to 1.
  Image weights;
  // Two channels for each: 2 * tap is x, 2 * tap + 1 y, to the right and down, in pixels from the
  // pixel: the kernel's grid plus the learned offset, limited by the window (for
  // WindowRule::kZero to a pixel outside it, where 0 is read). The image's border limits nothing:
  // BorderRule tells what is read beyond it. Samples are bilinear.
  Image positions;
};

// A trained network (paper: Section 3), read from a safetensors file (docs/model_format.md).
class DKN_EXPORT Model : public JointFilter {
 public:
  // Throws MethodError naming the file and what is wrong with it.
  static std::unique_ptr<Model> Load(const std::string& path, const NetworkOptions& options = {});
  ~Model() override;

  // Guide and target of any size from 1 x 1, padded to a multiple of 4 inside by repeating the last
  // row and column. A guide of one channel is repeated three times (Section 4.1). Each channel of
  // the target is filtered by itself (Section 4). Values far outside [0, 1] are not refused, but
  // the networks have not seen such. A network that sees what is measured (TargetInput) takes it
  // from the input's mask and samples; without them all is, at the guide's own resolution. Nothing
  // is kept for the next image; a session does that. Throws Error where max_memory_mb does not
  // suffice for the smallest tiles.
  void Apply(const FilterInput& input, FilterOutput& output) const override;

  // Gives the same bits as Apply. While the guide stays, its part of the network, about half of the
  // work, is not repeated, unless max_memory_mb asks for tiles. Throws Error as Apply does for the
  // bound of memory.
  std::unique_ptr<FilterSession> StartSession(const FrameSize& size) const override;

  // The kernels that Apply filters this input's target, of one channel, by: in the model's
  // precision, with the same padding (a border of zeros begins after it). Slower than Apply; 12 * k
  // * k bytes for each pixel come on top of max_memory_mb. Throws Error as Apply does, and for more
  // channels.
  Kernels ComputeKernels(const FilterInput& input) const;

  // What one Apply to images of this size takes without a bound, in bytes, as max_memory_mb counts
  // them: with less the model works in tiles.
  std::size_t ApplyBytes(const FrameSize& size) const override;
  std::size_t LeastBytes(const FrameSize& size) const override;

  Precision precision() const override;
  const Architecture& architecture() const;
  // Everything that the file says of itself: architecture, task, scale, training data, accuracy.
  const std::map<std::string, std::string>& metadata() const;
  // Number of trained values, running statistics of batch normalisation left out.
  std::int64_t parameter_count() const;

 private:
  struct DKN_HIDDEN Impl;
  explicit Model(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dkn

#endif  // DKN_MODEL_H_
